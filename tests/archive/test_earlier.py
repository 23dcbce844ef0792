"""Archives of every earlier schema, with rows in all tables, open today and have lost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, inspect, select, text

from kb.archive import Archive, Query, places, schema, tables
from kb.archive.engine import make_engine, parse_url, writing
from kb.article import Article
from tests.archive.stories import FOLDER
from tests.archive.test_schema import differences

Rows = dict[str, list[dict[str, Any]]]
VERSIONS = [f"{number:04}" for number in range(1, int(schema.HEAD) + 1)]
_DATA = yaml.safe_load((FOLDER / "earlier.yaml").read_text(encoding="utf-8"))
_SPANNED = {"mention": "surface", "quote": "text", "commitment": "text", "assignment": "task",
            "holding": "post"}  # fmt: skip


def rows_of(version: str) -> Rows:
    """The rows that an archive of a schema holds, by table."""
    found: Rows = {}
    for name, part in _DATA.items():
        if part["since"] <= version <= part.get("until", version):
            later = {c for c, since in part.get("later", {}).items() if since > version}
            found[part.get("table", name)] = [
                {key: value for key, value in complete(name, row).items() if key not in later}
                for row in part["rows"]
            ]
    return found


def complete(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with what follows from its texts and dates."""
    row = {key: moment(value) for key, value in row.items()}
    if table == "article":
        day = places.day_of(row["published_at"])
        return row | {"place": places.start(day)}
    if table == "revision":
        made = Article(row["title"], row["lead"], row["body"],
                       authors=tuple(yaml.safe_load(row["authors"])),
                       published_at=row["published_at"])  # fmt: skip
        return row | {"content_hash": made.content_hash}
    if table in _SPANNED:
        (body,) = (one["body"] for one in _DATA["revision"]["rows"]
                   if one["id"] == row["revision_id"])  # fmt: skip
        start = body.index(row[_SPANNED[table]])
        row |= {"start": start, "end": start + len(row[_SPANNED[table]])}
        if table == "mention":
            row |= {"sentence_start": body.rfind("\n", 0, start) + 1, "sentence_end": len(body)}
    return row


def moment(value: object) -> object:
    if value == "0001-01-01 00:00:00":
        return tables.UNDATED
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def write(engine: Engine, version: str) -> Rows:
    """Make an archive of a schema with its rows, as the program of that time left them."""
    schema.downgrade(engine)
    schema.upgrade(engine, version)
    rows = rows_of(version)
    with writing(engine) as connection:
        for table, some in rows.items():
            for row in some:
                columns = ", ".join(f'"{name}"' for name in row)
                values = ", ".join(f":{name}" for name in row)
                connection.execute(
                    text(f'INSERT INTO "{table}" ({columns}) VALUES ({values})'),
                    {name: plain(engine, value) for name, value in row.items()},
                )
    return rows


def plain(engine: Engine, value: object) -> object:
    """A value as the engine's driver takes it: SQLite keeps moments as text of UTC."""
    if engine.dialect.name == "sqlite":
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M:%S.%f").rjust(26, "0")
        if isinstance(value, date):
            return value.isoformat()
    return value


def there(engine: Engine, table: str, names: list[str]) -> list[dict[str, Any]]:
    """All rows of a table as it is today, the values of some columns as they were written."""
    model = tables.metadata.tables[table]
    with engine.connect() as connection:
        rows = connection.execute(select(*(model.c[name] for name in names))).mappings()
        return [{name: stored(model.c[name].type, row[name]) for name in names} for row in rows]


def stored(type_: Any, value: Any) -> Any:  # noqa: ANN401
    words = getattr(type_, "words", None)
    if words is not None and value is not None:
        return words.index(value)
    return value


def expected(table: str, row: dict[str, Any], version: str) -> dict[str, Any]:
    """What a row is after all migrations from a schema on."""
    types = {name: tables.metadata.tables[table].c[name].type for name in row}
    made = {
        name: yaml.safe_load(value)
        if type(types[name]).__name__ == "JSON" and isinstance(value, str)
        else value
        for name, value in row.items()
    }
    if table == "reading" and version == "0001":
        made["reader"] += " (schema 0001)"  # which is no reader's: it took no quotes
    return made


@pytest.fixture(params=VERSIONS)
def earlier(request: pytest.FixtureRequest, url: str) -> Iterator[tuple[str, Rows, str]]:
    """The URL of an archive of an earlier schema, its rows, and the schema."""
    engine = make_engine(parse_url(url))
    try:
        rows = write(engine, request.param)
        assert schema.current(engine)[0] == request.param
    finally:
        engine.dispose()
    yield url, rows, request.param


def test_an_archive_of_an_earlier_schema_opens_with_all_its_rows(
    earlier: tuple[str, Rows, str],
) -> None:
    url, rows, version = earlier
    with Archive.open(url, create=False) as archive:
        engine = archive.engine
        assert schema.current(engine)[0] == schema.HEAD
        assert differences(engine) == []
        for table, wrote in rows.items():
            if table == "judgement" and version < "0006":
                continue
            names = list(wrote[0])
            found = there(engine, table, names)
            if table == "meta":  # where the archive notes what it was made by
                found = [row for row in found if row["name"] == "note"]
            wanted = [expected(table, row, version) for row in wrote]
            assert sorted(found, key=repr) == sorted(wanted, key=repr), table
        if version >= "0003":
            (judgement,) = archive.judgements()
            assert judgement.judgement.key == "name:org:hội thợ gốm"
            assert judgement.judgement.target == {"name": "Hội Thợ gốm"}
        assert [one.detail for one in archive.check() if one.wrong] == []
        # And it is used as any other.
        titles = [hit.title for hit in archive.search(Query('"lò gốm"')).hits]
        assert titles == ["Lò gốm cũ thành xưởng thiết kế"]
        assert archive.search(Query("dinh lang")).total == 1
        (month,) = archive.histogram(Query(initiatives=("design-centre",)))
        assert (month.start, month.articles) == (date(2025, 3, 1), 1)
        surfaces = {row["surface"] for row in rows["mention"] if row["revision_id"] == 2}
        assert {row["surface"] for row in archive.mentions_rows(Query())} == surfaces
        assert len(list(archive.quotes_rows(Query()))) == len(rows.get("quote", ()))
        outdated = {one.title for one in archive.outdated("1")}
        assert ("Lò gốm cũ thành xưởng thiết kế" in outdated) is (version == "0001")


def test_every_table_that_a_schema_brought_has_rows_here(url: str) -> None:
    engine = make_engine(parse_url(url))
    schema.downgrade(engine)
    derived = {table.name for table in tables.DERIVED} | {"sketch", "reuse", "origin"}
    for version in VERSIONS[:8]:
        schema.upgrade(engine, version)
        names = {
            name
            for name in inspect(engine).get_table_names()
            if not name.startswith(("search", "mention_", "alembic")) and name not in derived
        }
        assert names - {"audit"} <= {*rows_of(version), "mention"}, version
    schema.upgrade(engine)
    engine.dispose()
