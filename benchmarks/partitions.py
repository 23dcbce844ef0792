"""Mentions by month on PostgreSQL: what it costs and what it gives, at ten million of them.

    python -m benchmarks.partitions [--mentions 10000000] [--server URL]

Makes a scratch database, fills it by SQL (texts do not matter here), asks the same questions
before and after `kb archive partition`, and drops it.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import time
from collections.abc import Callable

import psycopg
from sqlalchemy import Connection, Engine, make_url

from kb.archive import Archive
from kb.archive.partition import partition

EACH, MONTHS, ACTORS = 40, 24, 20_000
FILL = (
    """INSERT INTO article (id, key, revision_id, revisions, title, lead, authors,
        ordered_at, words, first_seen, last_seen, place)
    SELECT n, 'x.example/' || n, n, 1, 'Tin', '', '[]', at, 500, at, at, n
    FROM (SELECT n,
            timestamptz '2023-01-01' + n * (interval '1 month' * {months}) / {articles} AS at
        FROM generate_series(1, {articles}) n) made""",
    """INSERT INTO revision (id, article_id, number, content_hash, title, lead, body, boilerplate,
        authors, parser, seen_at)
    SELECT id, id, 1, md5(id::text), 'Tin', '', 'Bài', '', '[]', 'text/1', first_seen
    FROM article""",
    """INSERT INTO mention (revision_id, number, article_id, kind, entity_id, name, surface, field,
        start, "end", sentence_start, sentence_end, method, score)
    SELECT r, n, r, 3, CASE WHEN mod(actor, 5) = 0 THEN 'actor-' || actor END, 'Tên ' || actor,
        'Tên ' || actor, 2, n, n + 9, 0, 900, 'registry:exact', 1
    FROM (SELECT r, n, floor({actors} ^ random())::int AS actor
        FROM generate_series(1, {articles}) r, generate_series(0, {each} - 1) n) made""",
)
QUERIES = {
    "one text": "SELECT * FROM mention WHERE revision_id = {any}",
    "a rare actor": "SELECT count(*) FROM mention WHERE entity_id = 'actor-{rare}'",
    "a frequent actor by month": "SELECT to_char(seen_at, 'YYYYMM'), count(*) FROM mention"
    " JOIN revision ON revision.id = revision_id WHERE entity_id = 'actor-5' GROUP BY 1",
    "one month, all actors": "SELECT entity_id, count(*) FROM mention"
    " WHERE revision_id BETWEEN {first} AND {last} GROUP BY 1",
}


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentions", type=int, default=10_000_000)
    server = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    parser.add_argument("--server", default=server)
    given = parser.parse_args()
    address = make_url(given.server)
    name = f"kb_partitions_{secrets.token_hex(4)}"
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            url = address.set(database=name).render_as_string(hide_password=False)
            with Archive.open(url) as archive:
                _measure(archive.engine, given.mentions // EACH)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _measure(engine: Engine, articles: int) -> None:
    values = {"articles": articles, "each": EACH, "months": MONTHS, "actors": ACTORS}
    with engine.begin() as connection:
        filling = _timed(lambda: [_run(connection, text.format(**values)) for text in FILL])
    print(
        f"{articles * EACH:,} mentions of {articles:,} articles in {MONTHS} months: {filling:.0f} s"
    )
    _vacuum(engine, "mention")
    before = _answers(engine, articles)
    size = _size(engine)
    seconds = _timed(lambda: partition(engine))
    after = _answers(engine, articles)
    print(f"partitioned in {seconds:.0f} s; {size:,} MB before, {_size(engine):,} MB after")
    print(f"{'':28}{'one table':>12}{'by month':>12}  ms, median of 15")
    for what in QUERIES:
        print(f"{what:28}{before[what]:12.1f}{after[what]:12.1f}")
    with engine.connect() as connection:
        query = "SELECT relname FROM pg_class WHERE relname ~ '^mention_[0-9]+$' ORDER BY 1 DESC"
        newest = connection.exec_driver_sql(query).scalars().first()
    print(f"vacuum of the newest month: {_vacuum(engine, str(newest)):.1f} s")


def _answers(engine: Engine, articles: int) -> dict[str, float]:
    month = articles // MONTHS
    values = {
        "any": articles // 2,
        "rare": ACTORS - 5,
        "first": month * 12,
        "last": month * 13,
    }
    found = {}
    with engine.connect() as connection:
        for what, text in QUERIES.items():
            query = text.format(**values)
            times = [_timed(lambda q=query: _run(connection, q)) for _ in range(15)]  # type: ignore[misc]
            found[what] = statistics.median(times) * 1000
    return found


def _run(connection: Connection, text: str) -> None:
    result = connection.exec_driver_sql(text)
    if result.returns_rows:
        result.all()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _vacuum(engine: Engine, table: str) -> float:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return _timed(lambda: _run(connection, f"VACUUM ANALYZE {table}"))


def _size(engine: Engine) -> int:
    query = (
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
        " WHERE relkind = 'r' AND relname ~ '^mention(_[0-9]+)?$'"
    )
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one()) // 1_000_000


if __name__ == "__main__":
    main()
