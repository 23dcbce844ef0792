"""What DuckDB and tantivy need for the same questions; runs in an environment of its own.

Usage: archive_rivals.py ARCHIVE FOLDER WORDS   (WORDS: a JSON list)
"""

from __future__ import annotations

import json
import sqlite3
import statistics
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import duckdb  # type: ignore[import-not-found, unused-ignore]
import tantivy  # type: ignore[import-not-found, unused-ignore]


def report(name: str, questions: list[Callable[[], object]]) -> None:
    """Print p50 and p95 in ms."""
    samples = []
    for _ in range(3):
        for question in questions:
            begin = time.perf_counter()
            question()
            samples.append((time.perf_counter() - begin) * 1000)
    samples.sort()
    p95 = samples[min(len(samples) - 1, round(len(samples) * 0.95))]
    print(f"{name:26} p50 {statistics.median(samples):7.1f} p95 {p95:7.1f} ms")


def main() -> None:
    """Fill both from the archive and ask them."""
    archive, folder, words = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
    source = sqlite3.connect(archive, timeout=30)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", stored=False)
    builder.add_integer_field("place", stored=True, indexed=True, fast=True)
    at = folder / "tantivy"
    at.mkdir()
    index = tantivy.Index(builder.build(), path=str(at))
    writer = index.writer(heap_size=100_000_000)
    count, begin = 0, time.perf_counter()
    for place, title, lead, body in source.execute(
        "SELECT a.place, r.title, r.lead, r.body FROM article a"
        " JOIN revision r ON r.id = a.revision_id"
    ):
        text = zlib.decompress(body).decode() if isinstance(body, bytes) else body
        writer.add_document(tantivy.Document(text=f"{title}\n{lead}\n{text}", place=place))
        count += 1
    writer.commit()
    writer.wait_merging_threads()
    seconds = time.perf_counter() - begin
    size = sum(path.stat().st_size for path in at.rglob("*") if path.is_file())
    print(
        f"tantivy, index alone: {count / seconds:7.0f} articles/s, {size / count:6.0f} bytes each"
    )
    index.reload()
    searcher = index.searcher()
    asked = [
        index.parse_query(word if '"' in word else " AND ".join(word.split()), ["text"])
        for word in words
    ]
    hits = [searcher.search(query, 1).count for query in asked]
    print(f"tantivy: {len(asked)} questions, {sum(hits):,} hits, {hits.count(0)} without any")
    report("tantivy ranked", [lambda q=q: searcher.search(q, 20) for q in asked])
    report("tantivy newest", [
        lambda q=q: searcher.search(q, 20, order_by_field="place") for q in asked
    ])  # fmt: skip
    duck = duckdb.connect()
    duck.execute("SET threads = 2")
    rows = source.execute(
        "SELECT name_id, place FROM appearance"
        " UNION ALL SELECT name_id, place FROM appearance_recent"
    ).fetchall()
    import numpy as np

    table = np.array(rows, dtype=np.int64)
    names, places = table[:, 0].copy(), table[:, 1].copy()
    del rows, table
    duck.register("rows", {"name_id": names, "place": places})
    duck.execute("CREATE TABLE appearance AS SELECT * FROM rows")
    most = "SELECT name_id FROM appearance GROUP BY 1 ORDER BY count(*) DESC LIMIT 20"
    top = [row[0] for row in duck.execute(most).fetchall()]
    by_month = "SELECT place >> 17, count(*) FROM appearance WHERE name_id = ? GROUP BY 1"
    company = (
        "SELECT b.name_id, count(*) FROM appearance a JOIN appearance b ON a.place = b.place"
        " WHERE a.name_id = ? GROUP BY 1 ORDER BY 2 DESC LIMIT 20"
    )
    report("DuckDB actor by day", [lambda n=n: duck.execute(by_month, [n]).fetchall() for n in top])
    report("DuckDB co-mentions", [lambda n=n: duck.execute(company, [n]).fetchall() for n in top])


if __name__ == "__main__":
    main()
