"""Pictures in a customer's mail: those of the mail itself stay, those of other servers
would tell the sender who reads it and when. Plain values, no ORM."""

import re
from urllib.parse import urlsplit

from lxml import etree, html

TINY = 3
"""Pixels: a picture up to this size only counts who reads"""
DROPPED = (
    *("style", "link", "meta", "base", "script", "svg", "math", "iframe", "frame"),
    *("frameset", "object", "embed", "applet", "video", "audio", "source", "track"),
    *("bgsound", "portal", "template"),
)
LOADING = {
    *("src", "srcset", "imagesrcset", "background", "poster", "lowsrc", "dynsrc"),
    *("data", "classid", "codebase", "archive", "ping", "profile", "manifest"),
    *("xlink:href", "data-src", "data-srcset"),
}
"""Attributes that make a browser load something, on whatever element"""
LOADING_CSS = re.compile(
    r"(?:url|image|image-set|cross-fade|element|src|expression|paint)\s*\(|@import|"
    r"-moz-binding|behavior\s*:"
)
CSS_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
EMBEDDED = re.compile(r"^data:image/(?:png|jpe?g|gif|webp|bmp);", re.IGNORECASE)
HIDDEN = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:\.0+)?(?:;|$)|"
    r"(?:^|;)(?:max-)?(?:width|height):0*[0-3](?:\.\d+)?(?:px|pt)?(?:!important)?(?:;|$)"
)
LONGEST_LINK = 2_000
LONGEST_ALT = 80
DOCUMENT = re.compile(r"<\s*/?(?:html|head|body|frameset|[!?])", re.IGNORECASE)
"""Parts of a document that a fragment does not have, and that are left out"""
PIXELS = re.compile(r"\s*(\d+)(?:\.\d+)?\s*(?:px|pt)?\s*$", re.IGNORECASE)
MARK = re.compile("\ue000([0-9]+)\ue001")


def without_remote(body):
    """The body of a mail, with a link in place of each picture of another server.
    Pictures that only count readers vanish.

    :param body: HTML
    :return: HTML; the same object if nothing had to be changed

    >>> without_remote('<p><img src="https://shop.example/a.png" alt="Jar"></p>')
    ... # doctest: +ELLIPSIS
    '<p><a href="https://shop.example/a.png" ...>[▣ Jar · shop.example]</a></p>'
    >>> without_remote('<p>Hi<img src="http://t.example/o.gif" width="1"></p>')
    '<p>Hi</p>'
    >>> without_remote('<p><img src="cid:jar"></p>')
    '<p><img src="cid:jar"></p>'
    """
    root = _parsed(body)
    if root is None:
        return body
    changed = bool(DOCUMENT.search(body))
    for node in list(root.iter()):
        if node is not root:
            changed |= _clean(node)
    return _written(root) if changed else body


def _parsed(body):
    text = (body or "").replace("\0", "")
    if "<" not in text:
        return None
    try:
        return html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, ValueError, AssertionError):
        parser = html.HTMLParser(encoding="utf-8")
        try:
            found = html.document_fromstring(text.encode("utf-8", "replace"), parser)
        except (etree.ParserError, ValueError):
            return None
        root = html.Element("div")
        root.append(found)
        return root


def _written(root):
    inner = "".join(
        html.tostring(child, encoding="unicode", with_tail=True) for child in root
    )
    first = html.Element("div")
    first.text = root.text
    opening = html.tostring(first, encoding="unicode")[5:-6] if root.text else ""
    return opening + inner


def _clean(node):
    """:return: has it changed?"""
    if node.getparent() is None:
        return False
    if not isinstance(node.tag, str) or _local(node.tag) in DROPPED:
        node.drop_tree()
        return True
    changed = False
    if _local(node.tag) in ("img", "image"):
        source = "".join((node.get("src") or "").split())
        if not _is_own(source):
            _replace(node, source)
            return True
        kept = node.attrib.pop("src")
        changed = _drop_loading(node)
        node.set("src", kept)
    else:
        changed = _drop_loading(node)
    return _clean_style(node) or changed


def _local(tag):
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _is_own(source):
    return source.lower().startswith("cid:") or bool(EMBEDDED.match(source))


def _drop_loading(node):
    names = [name for name in node.attrib if name.lower() in LOADING]
    for name in names:
        del node.attrib[name]
    return bool(names)


def _clean_style(node):
    style = node.get("style")
    if not style or not _loads(style):
        return False
    kept = ";".join(part for part in style.split(";") if not _loads(part))
    if kept.strip() and not _loads(kept):
        node.set("style", kept)
    else:
        del node.attrib["style"]
    return True


def _loads(style):
    """Does a style load something? Escapes and comments hide nothing.

    >>> _loads("background:\\\\75 rl(//x.example)"), _loads("color:red")
    (True, False)
    """
    text = CSS_ESCAPE.sub(_unescaped, style)
    return any(
        LOADING_CSS.search(found.lower())
        for found in (style, text, CSS_COMMENT.sub("", text))
    )


def _unescaped(match):
    if not match[1]:
        return match[2]
    number = int(match[1], 16)
    return chr(number) if 0 < number < 0x110000 else ""


def _replace(node, source):
    """Put a link in place of a picture, or nothing."""
    text = _link_text(node, source)
    if not text:
        node.drop_tree()
        return
    inside = any(_local(str(above.tag)) == "a" for above in node.iterancestors())
    link = html.Element("span" if inside else "a")
    if not inside:
        link.set("href", _address(source))
        link.set("target", "_blank")
        link.set("rel", "noopener noreferrer nofollow")
    link.text = text
    link.tail = node.tail
    node.getparent().replace(node, link)


def _link_text(node, source):
    address = _address(source)
    if not address or _is_tiny(node):
        return ""
    alt = " ".join((node.get("alt") or "").split())[:LONGEST_ALT]
    return f"[▣ {' · '.join(filter(None, (alt, urlsplit(address).hostname)))}]"


def _address(source):
    """The address of a picture on the web, else ''"""
    address = f"https:{source}" if source.startswith("//") else source
    try:
        parts = urlsplit(address)
        known = parts.scheme.lower() in ("http", "https") and parts.hostname
    except ValueError:
        return ""
    return address if known and len(address) <= LONGEST_LINK else ""


def _is_tiny(node):
    sizes = [PIXELS.match(node.get(name) or "") for name in ("width", "height")]
    if any(size and int(size[1]) <= TINY for size in sizes):
        return True
    if "hidden" in node.attrib:
        return True
    style = CSS_COMMENT.sub("", CSS_ESCAPE.sub(_unescaped, node.get("style") or ""))
    return bool(HIDDEN.search("".join(style.lower().split())))


# ------------------------------------------------------------
# Pictures of the mail itself
# ------------------------------------------------------------


def marked_pictures(body):
    """The body with a mark in place of each picture of the mail itself, which reading
    its text keeps, and the pictures.

    >>> marked_pictures('<p>See <img src="cid:a" data-filename="a.png"></p>')
    ('<p>See \\ue0000\\ue001</p>', ['<img src="cid:a" data-filename="a.png">'])
    """
    root = _parsed(body)
    if root is None:
        return body, []
    pictures = []
    for node in list(root.iter("img")):
        if not _is_own(node.get("src") or ""):
            continue
        tail, node.tail = node.tail, None
        mark = html.Element("span")
        mark.text, mark.tail = f"\ue000{len(pictures)}\ue001", tail
        kept = html.Element("img")
        for name in ("src", "data-filename", "alt", "width"):
            if node.get(name):
                kept.set(name, node.get(name))
        pictures.append(html.tostring(kept, encoding="unicode"))
        node.getparent().replace(node, mark)
        mark.drop_tag()
    return (_written(root), pictures) if pictures else (body, [])


def put_back(text, pictures):
    """
    >>> put_back("<p>See \\ue0000\\ue001</p>", ['<img src="cid:a">'])
    '<p>See <img src="cid:a"></p>'
    """
    return MARK.sub(
        lambda mark: pictures[int(mark[1])] if int(mark[1]) < len(pictures) else "",
        str(text or ""),
    )


def with_addresses(body, found):
    """The body with the addresses of pictures that it names by content id.

    :param body: HTML
    :param found: {content id, or name of a file: address}

    >>> with_addresses('<p><img src="cid:a"></p>', {"a": "/web/image/1"})
    '<p><img src="/web/image/1"></p>'
    """
    root = _parsed(body)
    if root is None:
        return body
    changed = False
    for node in root.iter("img"):
        source = node.get("src") or ""
        if source.lower().startswith("cid:"):
            address = found.get(source[4:]) or found.get(node.get("data-filename"))
            if address:
                node.set("src", address)
                changed = True
    return _written(root) if changed else body


def readable(body):
    """Plain text, which comes as ``<pre>``, as its text, else None.

    >>> readable("\\n<pre>Two jars\\nleak.</pre>\\n")
    'Two jars\\nleak.'
    >>> readable("<p>Two <b>jars</b></p>") is None
    True
    """
    root = _parsed(body)
    if root is None or (root.text or "").strip() or len(root) != 1:
        return None
    [node] = root
    if node.tag != "pre" or len(node) or (node.tail or "").strip():
        return None
    return node.text or ""
