"""The SQLite export as Datasette shows it, and the JSON Schemas of the lines of jsonl."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from datasette.app import Datasette
from jsonschema import Draft202012Validator

from kb.research import KINDS, Desk, frame, make_query
from kb.research.exports import ALL, FORMATS, json_schema, source
from kb.research.words import _words, described_columns, kind_words


def export(desk: Desk, path: Path, kind: str = ALL) -> Path:
    """Write the file, as the command does, and what belongs beside it."""
    one = source(desk.archive, kind, make_query(), full_text=True)
    with path.open("wb") as out:
        FORMATS["sqlite"].write(one, out)
    assert FORMATS["sqlite"].beside is not None
    assert FORMATS["sqlite"].beside(one, path) == [path.with_name("metadata.yaml")]
    return path


@pytest.fixture(scope="module")
def file(url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import kb

    with kb.open(url) as desk:
        return export(desk, tmp_path_factory.mktemp("datasette") / "press.db")


def asked(file: Path, path: str) -> Any:  # noqa: ANN401
    """Return what Datasette answers, JSON."""

    async def get() -> Any:  # noqa: ANN401
        metadata = yaml.safe_load(file.with_name("metadata.yaml").read_text("utf-8"))
        server = Datasette([], immutables=[str(file)], metadata=metadata)
        try:
            answer = await server.client.get(path)
            assert answer.status_code == 200, answer.text
            return answer.json() if path.partition("?")[0].endswith(".json") else answer.text
        finally:
            for database in server.databases.values():
                database.close()
            server.executor.shutdown()

    return asyncio.run(get())


def test_datasette_has_a_table_for_each_kind_with_all_rows(desk: Desk, file: Path) -> None:
    tables = {one["name"]: one for one in asked(file, "/press.json")["tables"]}
    shown = {name for name, one in tables.items() if not one["hidden"]}
    assert shown == {*KINDS, "about"}
    for kind in KINDS:
        assert tables[kind]["count"] == len(frame(kind, desk.archive, make_query())), kind
    assert tables["mentions"]["foreign_keys"]["outgoing"] == [
        {"other_table": "articles", "column": "article_id", "other_column": "article_id"}
    ]
    assert tables["articles"]["primary_keys"] == ["article_id"]


def test_datasette_counts_by_facets_and_sorts(file: Path) -> None:
    found = asked(file, "/press/articles.json?_shape=objects")
    counts = {one["value"]: one["count"] for one in found["facet_results"]["outlet"]["results"]}
    assert counts == {"bao-thu": 2, "bao-khac": 2}
    days = [row["published_at"] for row in found["rows"] if row["published_at"]]
    assert days == sorted(days, reverse=True)
    assert json.loads(found["rows"][0]["authors"]) == ["Đặng Hường", "Lê Ý"]


@pytest.mark.parametrize("words", ["gian hàng", "gian hang"])
def test_datasette_searches_with_and_without_marks(file: Path, words: str) -> None:
    found = asked(file, f"/press/articles.json?_shape=objects&_search={words.replace(' ', '+')}")
    assert len(found["rows"]) == 2


def test_datasette_explains_tables_and_columns_in_both_languages(file: Path) -> None:
    page = asked(file, "/press/commitments")
    assert "Ai sẽ làm gì" in page and "Who will do what by when" in page
    assert "Ngày cuối của thời hạn · Last day when it is due" in page


def test_nobody_writes_into_the_file(file: Path) -> None:
    assert not file.stat().st_mode & 0o222
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        told = dict(connection.execute("SELECT name, value FROM about"))
    assert told["kind"] == "all"
    assert told["rows articles"] == "5"


def test_metadata_of_other_files_stays(desk: Desk, tmp_path: Path) -> None:
    other = {"license": "CC-BY", "databases": {"khac": {"description": "của người khác"}}}
    (tmp_path / "metadata.yaml").write_text(yaml.safe_dump(other, allow_unicode=True), "utf-8")
    export(desk, tmp_path / "bai.db", "articles")
    found = yaml.safe_load((tmp_path / "metadata.yaml").read_text("utf-8"))
    assert found["license"] == "CC-BY"
    assert found["databases"]["khac"] == other["databases"]["khac"]  # type: ignore[index]
    assert set(found["databases"]["bai"]["tables"]) == {"articles"}
    assert "body" in found["databases"]["bai"]["tables"]["articles"]["columns"]


def lines(desk: Desk, kind: str, *, full_text: bool = False) -> Iterator[dict[str, Any]]:
    out = BytesIO()
    FORMATS["jsonl"].write(source(desk.archive, kind, make_query(), full_text=full_text), out)
    yield from map(json.loads, out.getvalue().decode().splitlines())


@pytest.mark.parametrize(("kind", "full_text"), [*((k, False) for k in KINDS), ("articles", True)])
def test_every_line_obeys_its_schema(desk: Desk, kind: str, full_text: bool) -> None:
    schema = json_schema(kind, full_text=full_text)
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    rows = list(lines(desk, kind, full_text=full_text))
    assert rows
    for row in rows:
        checker.validate(row)
    broken = [{**rows[0], "article_id": "1"}, {**rows[0], "khác": 1}]
    broken += [{k: v for k, v in rows[0].items() if k != name} for name in rows[0]]
    assert not any(checker.is_valid(row) for row in broken if row.keys() != rows[0].keys())


def test_schemas_know_what_is_never_empty_and_which_words_there_are() -> None:
    mentions = json_schema("mentions")["properties"]
    assert mentions["start"]["type"] == "integer"
    assert mentions["entity_id"]["type"] == ["string", "null"]
    assert mentions["field"]["enum"] == ["title", "lead", "body"]
    assert "initiative" in mentions["kind"]["enum"]
    assert None in json_schema("ledger")["properties"]["proposed"]["enum"]
    assert json_schema("commitments")["properties"]["due_to"]["format"] == "date"


def test_columns_are_described_and_no_description_is_idle() -> None:
    declared = _words()
    assert set(declared["kinds"]) == set(KINDS)
    used = set()
    for name, kind in KINDS.items():
        said = kind_words(name)
        columns = {*kind.columns, *({"body"} if name == "articles" else ())}
        listed = {*said["always"], *said.get("facets", ()), *said.get("search", ())}
        listed |= {*said.get("columns", {}), *filter(None, [said.get("newest")])}
        assert listed <= columns, name
        for column, words in described_columns(name, columns).items():
            assert words["vi"] and words["en"], (name, column)
        used |= columns - set(said.get("columns", {}))
    assert set(declared["columns"]) == used
