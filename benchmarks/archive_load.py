"""Loading speed: 2,000 articles with 40 mentions each, against plain sqlite3 executemany.

Usage: python -m benchmarks.archive_load [DATABASE_URL]   (default: SQLite in a scratch folder)

The plain runs write rows that are ready: texts and mentions without keys but the primary ones,
then also the two entries of the full-text index and the two secondary indexes on mentions. The
archive looks everything up, decides what is new, analyses the text and writes all its tables.
Articles come in batches of 250.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

from kb.archive import Archive, LoadCount
from kb.archive.index import columns
from kb.article import Article
from kb.reading import Mention, Reading

ARTICLES, MENTIONS, BATCH, SYLLABLES = 2_000, 40, 250, 850
SOUNDS = ("b", "c", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "ph", "qu", "s", "t", "th", "tr")
RHYMES = ("a", "à", "ai", "án", "ạnh", "ấp", "ên", "ề", "iệt", "oà", "ống", "ơ", "uyên", "ữ", "ý")

Pair = tuple[Article, Reading]


def synthetic(count: int) -> list[Pair]:
    """Return articles of about 3.8 KB with Zipf-like syllables and mentions, always the same."""
    draw = random.Random(1)
    words = [a + b for a in SOUNDS for b in RHYMES]
    draw.shuffle(words)
    weights = [1 / (place + 2) for place in range(len(words))]
    return [_pair(number, draw.choices(words, weights, k=SYLLABLES)) for number in range(count)]


def _pair(number: int, words: list[str]) -> Pair:
    lines = [" ".join(words[i : i + 40]) + "." for i in range(40, len(words), 40)]
    title, lead, body = " ".join(words[:12]), " ".join(words[12:40]), "\n".join(lines)
    article = Article(
        title, lead, body, url=f"https://bao{number % 7}.example/bai-{number}.html",
        outlet=f"bao{number % 7}",
    )  # fmt: skip
    step = len(body) // (MENTIONS + 1)
    mentions = []
    for place in range(step, step * (MENTIONS + 1), step):
        surface = body[place : place + 12]
        entity = f"e{place * number % 900}"
        mentions.append(
            Mention("org", entity, surface, surface, "body", place, place + 12,
                    max(0, place - 60), min(len(body), place + 60), "registry", 1.0)
        )  # fmt: skip
    return article, Reading(tuple(mentions), "1", 20, 600)


def plain(pairs: list[Pair], path: Path, *, search: bool) -> float:
    """Return the seconds that sqlite3's executemany takes, with or without indexes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        "CREATE TABLE article(id INTEGER PRIMARY KEY, url, outlet, title, lead, body);"
        "CREATE TABLE mention(id INTEGER PRIMARY KEY, article, kind, entity, name, surface,"
        " field, start, end, sentence_start, sentence_end, method, score);"
    )
    if search:
        connection.executescript(
            "CREATE INDEX one ON mention(entity, article); CREATE INDEX two ON mention(name);"
            "CREATE VIRTUAL TABLE search USING fts5(a, b, c, d, content='', tokenize=ascii)"
        )
    tokens = [columns(a.title, a.lead, a.body) for a, _ in pairs] if search else []
    texts = [(n, a.url, a.outlet, a.title, a.lead, a.body) for n, (a, _) in enumerate(pairs)]
    spans = [
        [(n, *(getattr(m, name) for name in m.__slots__)) for m in reading.mentions]
        for n, (_, reading) in enumerate(pairs)
    ]
    begin = time.perf_counter()
    for first in range(0, len(pairs), BATCH):
        part = slice(first, first + BATCH)
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO article VALUES (?,?,?,?,?,?)", texts[part])
        rows = [row for many in spans[part] for row in many]
        marks = ",".join("?" * 12)
        connection.executemany(f"INSERT INTO mention VALUES (NULL,{marks})", rows)
        if search:
            connection.executemany("INSERT INTO search VALUES (?,?,?,?)", tokens[part])
        connection.execute("COMMIT")
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


def load(archive: Archive, pairs: list[Pair]) -> tuple[float, LoadCount]:
    """Return the seconds that loading takes, and what it did."""
    begin, count = time.perf_counter(), LoadCount()
    for first in range(0, len(pairs), BATCH):
        count += archive.load(pairs[first : first + BATCH], None)
    return time.perf_counter() - begin, count


def main() -> None:
    """Print articles a second for the plain run, a first load and a second one."""
    pairs = synthetic(ARTICLES)
    with tempfile.TemporaryDirectory() as folder:
        base = plain(pairs, Path(folder) / "plain.sqlite", search=False)
        indexed = plain(pairs, Path(folder) / "indexed.sqlite", search=True)
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/kb.sqlite"
        with Archive.open(url) as archive:
            for name, seconds in (("plain sqlite3", base), ("with indexes", indexed)):
                print(
                    f"{name:16} {ARTICLES / seconds:8.0f} articles/s {seconds / base:6.2f} x plain"
                )
            for name in ("first load", "the same again"):
                seconds, count = load(archive, pairs)
                print(f"{name:16} {ARTICLES / seconds:8.0f} articles/s"
                      f" {seconds / base:6.2f} x plain  {count}")  # fmt: skip
        for path in Path(folder).glob("*.sqlite"):
            print(f"{path.name:16} {path.stat().st_size / ARTICLES / 1000:8.1f} KB/article")


if __name__ == "__main__":
    main()
