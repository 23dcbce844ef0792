"""Judgements, evidence and earlier texts: what they cost at a size, in one run.

Usage: python -m benchmarks.judging ../shared [ARTICLES] [DATABASE_URL]   (20,000; SQLite)

Texts are resampled from the corpus sentence by sentence. Every fifth article is on one of six
initiatives and has a promise, every twentieth is edited once. Times are p50 / p95 in ms of this
process's CPU, which on SQLite is all of it and does not change with what else runs.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from kb.archive import Archive, Query
from kb.archive.evidence import today
from kb.article import Article
from kb.reading import Commitment, Mention, Reading

BATCH, SENTENCES, NAMES = 250, 24, 20
START = datetime(2020, 1, 1, tzinfo=UTC)
INITIATIVES = (
    "design-festival", "sea-forum", "young-designers", "design-centre", "creative-spaces",
    "talent-tv",
)  # fmt: skip


def sentences(shared: Path) -> list[str]:
    """Return sentences of the corpus, of 40 to 300 characters."""
    found: list[str] = []
    with gzip.open(next((shared / "corpus").glob("*.jsonl.gz")), "rt", encoding="utf-8") as file:
        for line in file:
            text = json.loads(line).get("body") or ""
            found += [one for one in text.replace("\n", ". ").split(". ") if 40 < len(one) < 300]
    return found


def stories(pool: list[str], count: int) -> Iterator[tuple[Article, Reading]]:
    draw = random.Random(1)
    for number in range(count):
        chosen = [draw.choice(pool) for _ in range(SENTENCES)]
        yield story(number, chosen, number % count, draw)


def story(number: int, chosen: list[str], day: int, draw: random.Random) -> tuple[Article, Reading]:
    body = ". ".join(chosen)
    moment = START + timedelta(minutes=day * 20)
    article = Article(
        chosen[0][:80], "", body, url=f"https://bao{number % 9}.example/{number}",
        outlet=f"bao{number % 9}", published_at=moment, seen_at=moment,
    )  # fmt: skip
    step = len(body) // (NAMES + 1)
    mentions = [
        Mention("org", f"e{draw.randrange(2000)}", body[p : p + 12], body[p : p + 12], "body", p,
                p + 12, max(0, p - 60), min(len(body), p + 60), "registry:exact", 0.99)
        for p in range(step, step * (NAMES + 1), step)
    ]  # fmt: skip
    commitments = []
    if number % 5 == 0:
        initiative = INITIATIVES[number % 6]
        mentions.append(replace(mentions[0], kind="initiative", entity_id=initiative, score=0.6))
        end = len(chosen[0])
        due = (moment + timedelta(days=30)).date().isoformat()
        commitments.append(
            Commitment(initiative, None, None, body[:end], None, due, None, None, "body", 0, end)
        )
    return article, Reading(tuple(mentions), "1", SENTENCES, 600, commitments=tuple(commitments))


def timed(name: str, step: Callable[[int], object], times: int) -> None:
    """Print p50 and p95 of a step, whose argument counts up."""
    took = []
    for number in range(times):
        start = time.process_time()
        step(number)
        took.append((time.process_time() - start) * 1000)
    cuts = quantiles(took, n=20)
    print(f"{name:<44}{cuts[9]:9.1f} /{cuts[18]:8.1f}")


def load(archive: Archive, pairs: list[tuple[Article, Reading]]) -> float:
    """Return articles loaded a second."""
    start = time.process_time()
    for at in range(0, len(pairs), BATCH):
        archive.load(pairs[at : at + BATCH], None)
    return len(pairs) / (time.process_time() - start)


def main(shared: Path, count: int, url: str) -> None:
    pool = sentences(shared)
    pairs = list(stories(pool, count))
    with Archive.open(url) as archive:
        print(f"{count} articles, {len(pool)} sentences, {archive.engine.dialect.name}")
        print(f"loaded: {load(archive, pairs):.0f} articles/s")
        edits = []
        for number in range(0, count, 20):
            article, read = pairs[number]
            later = (article.seen_at or START) + timedelta(days=400)
            edits.append((replace(article, body=article.body + " Sửa.", seen_at=later), read))
        load(archive, edits)
        ids = [row["article_id"] for row in archive.commitments_rows(Query())]
        keys = [
            next(key for (part, _), key in archive.keys(id_).items() if part == "commitment")
            for id_ in ids[:: max(1, len(ids) // 60)][:60]
        ]
        timed("evidence of one commitment", lambda n: archive.evidence(keys[n]), len(keys))
        timed(
            "review queue, links and assignments, 50",
            lambda n: archive.review(why=["link", "assignment"], limit=50), 10,
        )  # fmt: skip
        timed(
            "review queue, due with evidence, 20",
            lambda n: archive.review(why=["due"], limit=20, today=today()), 5,
        )  # fmt: skip
        timed(
            "judgement (status)", lambda n: archive.judge(keys[n], "status", {"status": "done"}), 60
        )
        links = archive.review(why=["link"], limit=60)
        timed("judgement (reject a mention)", lambda n: archive.judge(links[n].key, "reject"), 60)
        then = date(2020, 6, 1)
        words = [one.split()[2] for one in pool[:40]]
        timed("search of today, one word", lambda n: archive.search(Query(words[n])), 40)
        timed("the same as of a day", lambda n: archive.search(Query(words[n], as_of=then)), 10)
        about = [Query(initiatives=(one,), as_of=then) for one in INITIATIVES]
        timed("an initiative as of a day", lambda n: archive.search(about[n]), len(about))
        start = time.process_time()
        archive.judge("entity:e7", "merge", {"entity_id": "e8", "name": "Một"})
        took = time.process_time() - start
        rows = sum(1 for row in archive.mentions_rows(Query(actors=("e8",))) if row["judged"])
        print(f"merged an entry of {rows} mentions in {took:.2f} s")


if __name__ == "__main__":
    folder = tempfile.TemporaryDirectory()
    address = sys.argv[3] if len(sys.argv) > 3 else f"sqlite:///{folder.name}/kb.sqlite"
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000, address)
