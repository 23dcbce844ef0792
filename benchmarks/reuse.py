"""Reuse at 100,000 articles: how fast it is looked up, what it takes on disk, what it finds.

Usage: python -m benchmarks.reuse [--articles N] [--by sentence|fragment] [SHARED]

Articles are resampled from the corpus, out of whole sentences or out of fragments of ten words.
Out of sentences, every sentence stands in some fifty articles at the end: the worst case, since
all of it is reuse until a sentence is a formula. Out of fragments, only phrases recur, as they
do in a language. A tenth of the articles holds a paragraph of an earlier one, and one in a
hundred a whole earlier one, each with a tenth of the words changed. `recall` is how many of
these paragraphs were found; rates are articles a second of CPU for fingerprints, lookup,
comparison and writing (`all`) and for fingerprints and lookup alone (`lookup`), in the last
2,000 articles.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.press import CORPUS
from kb.archive import Archive, bulk, tables
from kb.archive.engine import writing
from kb.archive.reuse import store
from kb.archive.reuse.prints import Wording, fingerprints
from kb.archive.reuse_tables import reuse, sketch
from kb.text import clean

BATCH, WORDS, LAST = 250, 690, 2_000
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_STOP = re.compile(r"(?<=[.!?…])\s+")


@dataclass(slots=True)
class Press:
    """A source of articles without end, the same every time."""

    pieces: list[str]
    draw: random.Random
    made: list[list[str]]
    most: int
    """Pieces of a paragraph."""
    planted: dict[int, int]
    """The article that each article has a paragraph of."""

    def article(self, number: int) -> str:
        paragraphs: list[str] = []
        count = 0
        while count < WORDS:
            paragraph = " ".join(self.draw.choice(self.pieces) for _ in range(self.most))
            paragraphs.append(paragraph)
            count += len(paragraph.split())
        if number % 10 == 9:
            earlier = self.draw.randrange(len(self.made))
            self.planted[number] = earlier
            if number % 100 == 99:
                paragraphs = [self.changed(one) for one in self.made[earlier]]
            else:
                place = self.draw.randrange(len(self.made[earlier]))
                paragraphs.insert(2, self.changed(self.made[earlier][place]))
        if len(self.made) < 20_000:
            self.made.append(paragraphs)
        return "\n".join(paragraphs)

    def changed(self, paragraph: str) -> str:
        words = paragraph.split()
        for place in range(len(words)):
            if self.draw.random() < 0.1:
                words[place] = self.draw.choice(self.draw.choice(self.pieces).split())
        return " ".join(words)


def press(shared: Path, by: str) -> Press:
    """Return the source of articles from the corpus."""
    pieces = []
    with gzip.open(shared / CORPUS, "rt", encoding="utf-8") as lines:
        for line in lines:
            for paragraph in clean(json.loads(line)["body"]).split("\n"):
                pieces += _STOP.split(paragraph)
    if by == "fragment":
        words = " ".join(pieces).split()
        pieces = [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)]
    most = 7 if by == "fragment" else 3
    return Press([one for one in pieces if len(one.split()) >= 5], random.Random(1), [], most, {})


def rows(number: int, body: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the rows of an article and of its revision."""
    moment = _FIRST_DAY + timedelta(minutes=number)
    shared: dict[str, Any] = {"id": number + 1, "title": "", "lead": "", "authors": []}
    article = shared | {
        "key": f"bao.example/{number}", "outlet": f"bao{number % 50}", "revision_id": number + 1,
        "revisions": 1, "published_at": moment, "ordered_at": moment, "words": WORDS,
        "first_seen": moment, "last_seen": moment, "place": number + 1,
    }  # fmt: skip
    revision = shared | {
        "article_id": number + 1, "number": 1, "content_hash": str(number), "body": body,
        "boilerplate": "", "parser": "", "published_at": moment, "seen_at": moment,
        "keywords": [], "captions": [],
    }  # fmt: skip
    return article, revision


def main() -> None:
    """Print rates, sizes and recall."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--by", choices=("sentence", "fragment"), default="fragment")
    parser.add_argument("shared", nargs="?", type=Path, default=Path("../shared"))
    options = parser.parse_args()
    source = press(options.shared, options.by)
    marks = [time.process_time()] * 2
    adding: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive.open(f"sqlite:///{folder}/kb.sqlite")
        for first in range(0, options.articles, BATCH):
            made = [rows(n, source.article(n)) for n in range(first, first + BATCH)]
            with writing(archive.engine) as connection:
                bulk.insert(connection, tables.article, [article for article, _ in made])
                bulk.insert(connection, tables.revision, [revision for _, revision in made])
                marks[0] = time.process_time()
                store.add(connection, [revision for _, revision in made])
                adding.append(time.process_time() - marks[0])
            if (first + BATCH) % 10_000 == 0:
                rate = 40 * BATCH / sum(adding[-40:])
                print(f"{first + BATCH:8} articles: {rate:6.0f}/s", file=sys.stderr, flush=True)
        report(archive, source, adding, options.articles)


def report(archive: Archive, source: Press, adding: list[float], count: int) -> None:
    last, planted = LAST // BATCH, dict(source.planted)
    with archive.engine.connect() as connection:
        memory = store.memory_of(connection)
        bodies = [source.article(-1 - 2 * n) for n in range(LAST)]
        begin = time.process_time()
        for first in range(0, LAST, BATCH):
            part = bodies[first : first + BATCH]
            prints = [fingerprints(Wording.of("", body)) for body in part]
            memory.index.candidates([-1] * len(part), prints, [memory.index.last] * len(part))
        looking = time.process_time() - begin
        size = connection.execute(select(func.sum(func.length(sketch.c.prints)))).scalar_one()
        passages = connection.execute(select(func.count()).select_from(reuse)).scalar_one()
        pairs = set(connection.execute(select(reuse.c.article_id, reuse.c.earlier_article_id)))
        disk = _disk(connection)
    found = sum((later + 1, earlier + 1) in pairs for later, earlier in planted.items())
    print(f"all      {LAST / sum(adding[-last:]):8.0f} articles/s of CPU at {count} articles")
    print(f"lookup   {LAST / looking:8.0f} articles/s of CPU")
    print(
        f"prints   {size / count:8.0f} bytes an article; on disk with passages {disk / count:.0f}"
    )
    print(f"passages {passages:8}   recall {found / max(1, len(planted)):.3f}")


def _disk(connection: Any) -> float:  # noqa: ANN401
    """Return the bytes of the tables of reuse: what the file shrinks by without them."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    before = connection.exec_driver_sql("PRAGMA freelist_count").scalar()
    for table in ("reuse", "origin", "sketch"):
        connection.exec_driver_sql(f"DELETE FROM {table}")
    after = connection.exec_driver_sql("PRAGMA freelist_count").scalar()
    size = connection.exec_driver_sql("PRAGMA page_size").scalar()
    connection.rollback()
    assert pages
    return float((after - before) * size)


if __name__ == "__main__":
    main()
