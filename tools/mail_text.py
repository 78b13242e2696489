"""What a customer's mail says: the numbers in its subject, and whether it only says
thanks. Plain values, no ORM."""

import re
import unicodedata

from lxml import etree, html

from .mail_header import HEADER_LINE, LONGEST_LINE, QUOTE_MARK

DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣⁃─"), "-")
NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{1,8}[-/_]?\d+(?:[-/_.]\d+)*")
RUN = re.compile(r"[A-Z0-9][A-Z0-9/_.-]*[A-Z0-9]")
GAP = re.compile(r"(?<=\d)\s*-\s*(?=\d)")
MOST_NUMBERS = 20
LONGEST_THANKS = 400
BLOCKS = {
    *("address", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5"),
    *("h6", "hr", "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul", "section"),
}
INVISIBLE = {"head", "script", "style", "title", "template"}


def complaint_numbers(subject):
    """Words in a subject that may be numbers of complaints, in their order: in upper
    case, with ASCII digits and signs. Signs and Chinese characters around them do not
    matter.

    >>> complaint_numbers("回复：C2026-00169：瓶子漏了")
    ['C2026-00169']
    >>> complaint_numbers("AW: 【ｃ２０２６－００１６９】 (c2026-00170)")
    ['C2026-00169', 'C2026-00170']
    """
    text = unicodedata.normalize("NFKC", subject or "").translate(DASHES)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = GAP.sub("-", text).upper()
    found = NUMBER.findall(text) + RUN.findall(text)
    numbers = [word for word in found if any(map(str.isdigit, word))]
    return list(dict.fromkeys(numbers))[:MOST_NUMBERS]


# ------------------------------------------------------------
# Text of a mail
# ------------------------------------------------------------


def text_lines(body, quotes=True):
    """Lines of text of a mail's body in HTML.

    :param quotes: False: without the mail it answers, where that is marked

    >>> text_lines("<p>One<br>two</p><blockquote>Three</blockquote>")
    ['One', 'two', 'Three']
    >>> text_lines("<p>One<br>two</p><blockquote>Three</blockquote>", quotes=False)
    ['One', 'two']
    >>> text_lines("<pre>One\\n&gt; two\\n</pre>")
    ['One', '> two']
    """
    try:
        root = html.fromstring(f"<div>{body or ''}</div>")
    except (etree.ParserError, ValueError):
        return []
    parts = []
    _collect(root, parts, quotes)
    lines = "".join(parts).replace("\xa0", " ").split("\n")
    return [line.strip() for line in lines if line.strip()]


def _collect(root, parts, quotes):
    """Walk without recursion: mails nest thousands of elements."""
    stack = [(root, False, False)]
    while stack:
        node, raw, done = stack.pop()
        if done:
            if node.tag in BLOCKS:
                parts.append("\n")
            if node.tail and node is not root:
                parts.append(node.tail if raw else " ".join(_spaced(node.tail)))
            continue
        shown = isinstance(node.tag, str) and node.tag not in INVISIBLE
        shown = shown and (quotes or not _is_quote(node))
        stack.append((node, raw, True))
        if not shown:
            continue
        if node.tag in BLOCKS:
            parts.append("\n")
        inner = raw or node.tag == "pre"
        if node.text:
            parts.append(node.text if inner else " ".join(_spaced(node.text)))
        stack.extend((child, inner, False) for child in reversed(node))


def _spaced(text):
    """Words with '' at an end where there is white space"""
    return re.split(r"[ \t\r\n]+", text)


def _is_quote(node):
    return (
        node.tag == "blockquote"
        or node.get("data-o-mail-quote") == "1"
        or "quote" in (node.get("class") or "")
    )


# ------------------------------------------------------------
# Thanks
# ------------------------------------------------------------

KIND_WORDS = (
    "(?:for|to|the|your|all|you|this|that|very|so|quick|fast|prompt|great|kind|swift|"
    "excellent|friendly|good|help|reply|answer|response|support|service|solution|"
    "replacement|everything|information|update|message|letter|mail|email|team|"
    "everyone|and|of|it|it's|much|again|both|a|lot|million|bunch)"
)
NOUN = "(?:问题|事情|事|投诉|货|东西|产品|这边)"
FINE_WORDS = (
    "(?:fine|good|great|perfect|ok|okay|solved|resolved|fixed|settled|"
    "working|works|well|fine|perfectly|wonderful|excellent|received|arrived|sorted)"
)
THANKS = re.compile(
    rf"(?:great |ok |many |so many )?(?:thanks|thank you|thx|cheers)(?: {KIND_WORDS})*|"
    "(?:(?:vielen|herzlichen|besten|tausend) dank|danke(?: ?schön| sehr)?)"
    "(?: (?:für|die|ihre|eure|deine|schnelle|gute|hilfe|antwort|lieferung|nochmals?))*|"
    "merci(?: (?:beaucoup|bien|pour|votre|aide|réponse|tout))*|"
    "(?:muchas |mil )?gracias(?: por (?:todo|su ayuda|la ayuda))?|grazie(?: mille)?|"
    "ありがとうございま(?:す|した)|"
    "(?:非常|十分|万分|太|多|真的?|很|好的?|那就?|再次)*"
    "(?:感谢|谢谢|多谢|感激|謝謝|感謝|辛苦|谢)"
    "(?:[你您们]|大家|了|啦|呀|哈|的|客服|帮助|帮忙|处理|支持|回复|解决|"
    "快速|及时|这么快|耐心|服务|关照|妳|們|贵司|老师)*"
)
FINE = re.compile(
    "(?:(?:it|it's|everything|everything's|all|all's|that|that's|now|is|has|was|been|"
    f"the|my|our|problem|issue|matter|order) )*"
    f"{FINE_WORDS}(?: (?:now|here|{FINE_WORDS}))*|"
    "(?:(?:es|alles|das|ist|sind|nun|jetzt|hat|wieder) )*(?:bestens|gut|prima|super|"
    "in ordnung|perfekt|erledigt|geklappt|angekommen|funktioniert)(?: (?:jetzt|wieder|"
    "alles|angekommen|gut))*|"
    f"(?:嗯+|好+的?|好滴|好嘞|行|可以了?|ok|收到了?|已收到|{NOUN}?收到了|"
    f"{NOUN}?(?:已经?|都|全部|全)*(?:解决|处理好?|修好|搞定|办妥|弄好|补到)了?|"
    f"{NOUN}?没有?问题了?|一切(?:都)?(?:正常|顺利|好)|很好|太好了|太棒了|非常?满意|"
    "很满意|满意|知道了|明白了|好用了?|不客气)"
)
GREETING = re.compile(
    "(?:hi|hello|hey|dear|hallo|guten tag|liebe[rs]?|bonjour)"
    "(?: (?:all|team|there|together|everyone|everybody|care|customer|sir|or|madam|"
    "mr|mrs|ms|herr|frau))*(?: [^\\W\\d]+)?|(?:您|你|大家)好(?:呀|啊)?|"
    "亲爱的[^\\s]{0,6}"
)
SIGN_OFF = re.compile(
    r"-- ?$|[_—-]{5,}|(?:best|kind|warm|many)? ?(?:regards|wishes)\b|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|mit freundlichen|(?:viele|beste|liebe) grü|"
    r"cordialement|saludos|sent from my|gesendet von|von meinem|get outlook|"
    r"发自我?的?|祝好|祝商祺|此致|顺祝|发送自|来自我的",
    re.IGNORECASE,
)
TROUBLE = re.compile(
    r"[?？]|\b(?:but|however|still|not|no|again broken|broken|leak\w*|wrong|missing|"
    r"unfortunately|although|except|until|when|why|how|p\.?s|aber|noch|nicht|leider|"
    r"mais|pas|pero)\b|n't\b|不过|但是?|可是|还是|还没|没解决|仍|又|再(?!次(?:感|谢))|漏|坏|错|缺|少|"
    r"差|怎么|什么时候|为什么|何时|请问|能否|可否|麻烦|退|换|赔",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?:\b[a-zà-ÿ']+\b[ ,]+){4}[a-zà-ÿ']|[\u4e00-\u9fff]{12}")
"""In a signature: more than names, a company and an address"""
FRIENDLY = re.compile("[👍🙏😊🙂😀😃😄😁🌹❤💐👌🎉🤝💕💖🌸\ufe0f🏻🏼🏽🏾🏿]+")
CLAUSE = re.compile(r"[\n.!,;，。！；、…~～:：]+|(?<=[\u4e00-\u9fff]) +| [-–—] ")


def only_thanks(body, names=()):
    """Does a customer's answer say nothing but thanks? In doubt it does not: whatever
    is not known to be harmless is for a person to read.

    :param body: HTML
    :param names: of the sender, who may sign

    >>> only_thanks("<p>Thank you very much, all fine!</p>")
    True
    >>> only_thanks("<p>Thanks, but the second one arrived broken.</p>")
    False
    >>> only_thanks("<p>好的，问题解决了，辛苦了</p>"), only_thanks("<p>ok</p>")
    (True, False)
    """
    lines = _own_lines(text_lines(body, quotes=False))
    text = unicodedata.normalize("NFKC", "\n".join(lines)).replace("’", "'")
    if len(text) > LONGEST_THANKS or TROUBLE.search(text):
        return False
    said = text.split("\n")
    end = next((at for at, line in enumerate(said) if SIGN_OFF.match(line)), len(said))
    if any(SENTENCE.search(line) for line in said[end:]):
        return False
    text = FRIENDLY.sub("\n", "\n".join(said[:end])).lower()
    signers = {part for name in names for part in _name_parts(name)}
    thanks = False
    for clause in CLAUSE.split(text):
        words = " ".join(clause.split())
        if not words or words in signers:
            continue
        if THANKS.fullmatch(words):
            thanks = True
        elif not FINE.fullmatch(words) and not GREETING.fullmatch(words):
            return False
    return thanks


def _name_parts(name):
    name = " ".join((name or "").lower().split())
    return {name, *name.split()} - {""}


def _own_lines(lines):
    """The lines above the mail that is answered"""
    for at, line in enumerate(lines):
        start = line[:LONGEST_LINE]
        if (
            start.startswith(">")
            or QUOTE_MARK.search(start)
            or HEADER_LINE.match(start)
        ):
            return lines[:at]
    return lines
