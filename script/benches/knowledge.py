"""How often the words of another person find a solved complaint, and how fast.

The pairs of tests/data, 100 in English and 100 in Chinese, are asked among the 300
texts of tests/data, by the app's search and by plain trigrams. The speed is measured
among many complaints and knowledge records, whose texts are made of two sentences of
the pairs and rare words.

With --pairs only the hit rates of pairs that are kept elsewhere are measured: files
heldout_en.tsv and heldout_zh.tsv with the columns kind (near or far), complaint,
question and, if there is one, solution. They take the place of the pairs of tests/data.
"""

import json
import os
import random
import re
import statistics
import time
from collections import Counter, defaultdict
from pathlib import Path

from common import copy_rows, environment, setup
from measure import arguments, limit, machine, note, report
from shop import SEED, take_up

from odoo.tools import SQL

DATA = Path(__file__).parents[2] / "tests/data"
LANGUAGES = ("en", "zh")
POOL = 20_000
"""Different texts; each complaint adds a word of its own."""
RARE_WORDS = 50_000
FIRST = 5
ASKED = 20
"""Questions of each language whose time is taken"""
MAX_MS = 100


def main():
    parser = arguments("knowledge", __doc__)
    parser.add_argument("--complaints", type=int, default=500_000)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--pairs", type=Path, help="folder of pairs kept elsewhere")
    args = parser.parse_args()
    setup()
    if args.pairs:
        measure_rates(args)
    else:
        measure_all(args)


def measure_rates(args):
    """Of pairs that nobody who worked on the search has seen"""
    db = args.db or "care_bench_knowledge_words"
    take_up(db, {}, lambda env: None)
    kept = {language: kept_pairs(args.pairs, language) for language in LANGUAGES}
    with environment(db) as env:
        rates = hit_rates(env, kept)
        facts = machine(env)
    report(
        {
            "bench": "knowledge",
            "pairs": {language: len(rows) for language, rows in kept.items()},
            "found in the first five": rates,
            "machine": facts,
        }
    )


def measure_all(args):
    db = args.db or "care_bench_knowledge"
    size = {"complaints": args.complaints, "records": args.records}
    take_up(db, size, lambda env: fill(env, **size))
    with environment(db) as env:
        rates = hit_rates(env, {language: told(language) for language in LANGUAGES})
        speed = speeds(env)
        facts = machine(env)
        env.cr.rollback()
    limits = {
        f"{user}, {language}, median ms": limit(
            statistics.median(times),
            MAX_MS,
            slowest=round(max(times), 1),
            cpu=round(cpu / len(times), 1),
        )
        for (user, language), (times, cpu) in speed.items()
    }
    report(
        {
            "bench": "knowledge",
            "sizes": size,
            "found in the first five": rates,
            "limits": limits,
            "machine": facts,
        }
    )


def pairs(language):
    lines = (DATA / f"paraphrases_{language}.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines]


def told(language):
    """[(kind, text of a complaint, question)]"""
    return [
        (kind, f"{subject}\n{text}", other)
        for kind, subject, text, other in pairs(language)
    ]


def kept_pairs(folder, language):
    lines = (folder / f"heldout_{language}.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.strip()]
    return [
        (kind, "\n".join([complaint, *solution]), question)
        for kind, complaint, question, *solution in rows
    ]


def distractors(language):
    lines = (DATA / f"distractors_{language}.txt").read_text("utf-8").splitlines()
    return [line.replace("|", "\n") for line in lines]


# ------------------------------------------------------------
# Hit rates
# ------------------------------------------------------------


def hit_rates(env, asked):
    """:param asked: {language: [(kind, text, question)]}"""
    from odoo.addons.customer_care.tools import search_text  # noqa: PLC0415

    concepts = env["care.search.concept"]._concepts()
    texts, rates = [], {}
    for language, rows in asked.items():
        texts += [text for _kind, text, _question in rows]
        texts += distractors(language)
    ways = {
        "search": concept_search(search_text, texts, concepts),
        "search without words of the same meaning": concept_search(
            search_text, texts, search_text.NO_CONCEPTS
        ),
        "plain trigrams": trigram_search(search_text, texts),
    }
    for way, find in ways.items():
        for language, rows in asked.items():
            hits = defaultdict(list)
            for kind, text, question in rows:
                hits[kind].append(text in [texts[place] for place in find(question)])
            rates[f"{way}, {language}"] = {
                "all": share([hit for found in hits.values() for hit in found]),
                "hardly a word in common": share(hits["far"]),
            }
    return rates


def share(hits):
    return round(sum(hits) / len(hits), 2) if hits else None


def concept_search(search_text, texts, concepts):
    known = {
        place: search_text.terms(text, concepts) for place, text in enumerate(texts)
    }
    often = Counter(term for words in known.values() for term in set(words))

    def find(asked):
        query = search_text.terms(asked, concepts)
        return [
            place
            for place, _score in search_text.rank(
                query, known, often, len(known), FIRST
            )
        ]

    return find


def trigram_search(search_text, texts):
    """As pg_trgm does it"""

    def trigrams(text):
        return {
            f"  {word} "[at : at + 3]
            for word in re.findall(r"\w+", text.lower())
            for at in range(len(word) + 1)
        }

    known = [trigrams(text) for text in texts]

    def find(asked):
        query = trigrams(asked)
        likeness = [search_text.similarity(query, words) for words in known]
        return sorted(range(len(known)), key=lambda place: -likeness[place])[:FIRST]

    return find


# ------------------------------------------------------------
# Speed
# ------------------------------------------------------------


def fill(env, complaints, records):
    from odoo.addons.customer_care.tools.search_text import terms  # noqa: PLC0415

    env["res.groups"]._switch_care_features(knowledge=True)
    users = [
        env["res.users"].create(
            {"name": login, "login": login, "group_ids": [(4, id_)]}
        )
        for login, id_ in (
            ("agent", env.ref("sales_team.group_sale_salesman_all_leads").id),
            ("rep", env.ref("sales_team.group_sale_salesman").id),
        )
    ]
    customer = env["res.partner"].create({"name": "Customer", "is_company": True})
    complaint = env["care.complaint"].create(
        {"subject": "Bench", "partner_id": customer.id, "solution": "Settled."}
    )
    complaint.action_close()
    knowledge = env["care.knowledge"].create({"name": "Bench", "answer": "Answer"})
    knowledge.action_review()
    env.flush_all()
    note("complaints")
    everything = SQL("(SELECT generate_series(2, %s) AS id) AS src", complaints)
    copy_rows(
        env.cr,
        "care_complaint",
        complaint.id,
        everything,
        {
            "subject": SQL("'Bench ' || src.id"),
            # One of a hundred is the rep's
            "user_id": SQL(
                "CASE WHEN src.id %% 100 = 0 THEN %s ELSE %s END",
                users[1].id,
                users[0].id,
            ),
            "access_token": SQL("NULL"),
        },
    )
    copy_rows(
        env.cr,
        "care_knowledge",
        knowledge.id,
        SQL("(SELECT generate_series(2, %s) AS id) AS src", records),
        {"name": SQL("'Bench ' || src.id")},
    )
    note("texts")
    concepts = env["care.search.concept"]._concepts()
    choose = random.Random(SEED)
    sentences = [
        [f"{subject} {told}" for _kind, subject, told, _ in pairs(language)]
        + distractors(language)
        for language in LANGUAGES
    ]
    env.cr.execute("CREATE TEMP TABLE pool (place int, terms text[]) ON COMMIT DROP")
    env.cr.execute_values(
        "INSERT INTO pool (place, terms) VALUES %s",
        [
            (
                place,
                terms(" ".join(choose.choices(sentences[place % 2], k=2)), concepts),
            )
            for place in range(POOL)
        ],
        template="(%s, %s::text[])",
    )
    env.cr.execute("CREATE INDEX ON pool (place); DELETE FROM care_search_text")
    for table, column in (
        ("care_complaint", "complaint_id"),
        ("care_knowledge", "knowledge_id"),
    ):
        env.cr.execute(
            SQL(
                """
                INSERT INTO care_search_text (%s, terms, indexed_at)
                     SELECT source.id,
                            pool.terms
                            || ('w' || (source.id::bigint * 7919 %% %s)::text),
                            now() AT TIME ZONE 'UTC'
                       FROM %s source
                       JOIN pool ON pool.place = source.id * 31 %% %s
                """,
                SQL.identifier(column),
                RARE_WORDS,
                SQL.identifier(table),
                POOL,
            )
        )
    note("counting")
    env["care.search.term"]._count_terms()


def speeds(env):
    """{(login, language): (milliseconds of each question, those of the processor in
    all)}, where the latter hold on a busy machine too"""
    times = {}
    env.cr.execute("SELECT pg_backend_pid()")
    backend = env.cr.fetchone()[0]
    for login in ("agent", "rep"):
        user = env["res.users"].search([("login", "=", login)])
        Complaint = env["care.complaint"].with_user(user)
        Complaint.care_hotline_hints("warming up")
        for language in LANGUAGES:
            own, cpu = [], processor(backend)
            for _kind, _subject, _told, other in pairs(language)[:ASKED]:
                env.invalidate_all()
                start = time.perf_counter()
                hints = Complaint.care_hotline_hints(other)
                own.append(1000 * (time.perf_counter() - start))
                if login == "agent" and not hints["complaints"]:
                    note(f"nothing found: {json.dumps(other)}")
            times[login, language] = own, processor(backend) - cpu
    return times


def processor(backend):
    """Milliseconds of the processor that this process and the one of PostgreSQL that
    serves it have used"""
    parts = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    ticks = int(parts[11]) + int(parts[12])
    return 1000 * (time.process_time() + ticks / os.sysconf("SC_CLK_TCK"))


if __name__ == "__main__":
    main()
