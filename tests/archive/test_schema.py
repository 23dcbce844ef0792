"""Opening: creation, migrations, and what is said when it cannot be done."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from kb.archive import Archive, LoadCount, Query, index, schema
from kb.archive.engine import explained, make_engine, parse_url, writing
from kb.archive.tables import mention, metadata
from kb.errors import ArchiveError, ConfigError, NotAnArchive
from tests.archive.facts import fair, kiln
from tests.archive.stories import pair, stories
from tests.archive.test_load import contents


def differences(engine: Engine) -> list[object]:
    """What Alembic would change; the full-text index, and mentions on SQLite, are not as in the
    models."""
    sqlite = engine.dialect.name == "sqlite"
    own = ("search", "mention") if sqlite else ("search",)

    def ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
        return not (kind == "table" and str(name).startswith(own))

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        changes: list[object] = list(compare_metadata(context, metadata))
        if sqlite:
            view = connection.execute(text("SELECT * FROM mention")).keys()
            changes += [("view", *pair) for pair in zip(view, mention.c.keys(), strict=True)
                        if pair[0] != pair[1]]  # fmt: skip
        return changes


def test_migrations_make_what_the_models_say_and_take_it_away(url: str) -> None:
    with Archive.open(url) as archive:
        assert differences(archive.engine) == []
        schema.downgrade(archive.engine)
        assert inspect(archive.engine).get_table_names() == ["alembic_version"]
        assert schema.current(archive.engine) == (None, None)
        schema.upgrade(archive.engine)
        assert differences(archive.engine) == []
    with Archive.open(url) as archive:
        archive.load(stories(), None)
        assert archive.search(Query("không gian")).total == 4


def test_facts_go_with_a_downgrade_and_come_back_with_a_reading(archive: Archive) -> None:
    engine = archive.engine
    archive.load([kiln(), fair()], None)
    before = contents(archive)
    schema.downgrade(engine, "0001")
    assert schema.current(engine)[0] == "0001"
    gone = {"quote", "commitment", "assignment", "holding"}
    assert not gone & set(inspect(engine).get_table_names())
    schema.upgrade(engine)
    assert differences(engine) == []
    archive.reindex()  # as opening does
    after = contents(archive)
    assert {name for name in before if after[name] != before[name]} == {*gone, "reading", "meta"}
    assert not any(after[name] for name in gone)
    assert archive.load([kiln(), fair()], None) == LoadCount(reread=2)
    again = contents(archive)
    assert {name for name in before if again[name] != before[name]} <= {"reading", "meta"}
    assert [row.reader for row in again["reading"]] == ["1", "1"]


FIRST = """
INSERT INTO article (id, key, url, outlet, revision_id, revisions, title, lead, authors,
  published_at, ordered_at, words, first_seen, last_seen)
VALUES (1, 'bao-a.example/lo-gom.html', 'https://bao-a.example/lo-gom.html', 'bao-a', 1, 1,
  :title, '', '[]', '2025-03-10 00:00:00.000000', '2025-03-10 00:00:00.000000', 40,
  '2025-03-10 00:00:00.000000', '2025-03-10 00:00:00.000000');
INSERT INTO revision (id, article_id, number, content_hash, title, lead, body, boilerplate, authors,
  published_at, parser, seen_at)
VALUES (1, 1, 1, :hash, :title, '', :body, '', '[]', '2025-03-10 00:00:00.000000', '',
  '2025-03-10 00:00:00.000000');
INSERT INTO reading (revision_id, reader, sentences, words, at)
VALUES (1, '1', 1, 40, '2025-03-10 00:00:00.000000');
INSERT INTO mention (revision_id, number, article_id, kind, entity_id, name, surface, field,
  start, "end", sentence_start, sentence_end, method, score)
VALUES (1, 0, 1, 2, NULL, 'Inh', 'Inh', 2, 0, 3, 0, 3, 'ner', 0.5);
INSERT INTO meta (name, value) VALUES ('analyzer', :analyzer)
"""
"""One article as the first schema kept it, written out: the tables of today are no help here."""


def test_an_archive_of_the_first_schema_is_upgraded_when_it_is_opened(url: str) -> None:
    engine = make_engine(parse_url(url))
    schema.downgrade(engine)
    schema.upgrade(engine, "0001")
    article, read = kiln()
    values = {"title": article.title, "body": article.body, "hash": article.content_hash}
    values["analyzer"] = index.ANALYZER
    with writing(engine) as connection:
        for statement in FIRST.split(";\n"):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)
    assert schema.current(engine) == ("0001", index.ANALYZER)
    engine.dispose()
    with Archive.open(url, create=False) as archive:
        assert schema.current(archive.engine) == (schema.HEAD, index.ANALYZER)
        assert differences(archive.engine) == []
        assert [hit.title for hit in archive.search(Query('"lò gốm"')).hits] == [article.title]
        assert [row["surface"] for row in archive.mentions_rows(Query())] == ["Inh"]
        assert list(archive.quotes_rows(Query())) == []
        # Its readings say nothing of quotes: even the same reader has to read it again.
        assert [one.content_hash for one in archive.outdated("1")] == [article.content_hash]
        assert archive.load([(article, read)], None) == LoadCount(reread=1)
        assert len(list(archive.quotes_rows(Query()))) == len(read.quotes) == 2
    with Archive.open(url) as archive:
        assert list(archive.outdated("1")) == []


def test_the_newest_migration_is_the_one_that_opening_compares_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_opening_a_current_archive_needs_no_alembic(url: str) -> None:
    Archive.open(url).close()
    program = (
        "import sys; from kb.archive import Archive; Archive.open(sys.argv[1]).close();"
        "print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, url], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_new_analyzer_indexes_everything_anew(
    archive: Archive, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.load(stories(), None)
    archive.load([pair("Bản đầu", url="http://x.example/1")], None)
    archive.load([pair("Bản sau", url="http://x.example/1")], None)
    before = archive.search(Query("bàn OR sau"))
    monkeypatch.setattr(index, "LONGEST_TOKEN", 2)
    monkeypatch.setattr(schema, "ANALYZER", "next")
    with Archive.open(url) as again:
        assert again.search(Query("bàn OR sau")).total == 0
        assert again.search(Query("bà")).total >= 3
        assert schema.current(again.engine) == (schema.HEAD, "next")
    monkeypatch.undo()
    with Archive.open(url) as again:
        assert again.search(Query("bàn OR sau")) == before


def test_the_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new %41 folder" / "deeper" / "kb.sqlite"
    with Archive.open(f"sqlite:///{quote(str(path))}") as archive:
        assert archive.search(Query()).total == 0
    assert path.is_file()


def test_without_create_nothing_is_made(tmp_path: Path) -> None:
    path = tmp_path / "no" / "kb.sqlite"
    with pytest.raises(NotAnArchive, match="run `kb nightly` or `kb ingest` first"):
        Archive.open(f"sqlite:///{path}", create=False)
    assert not path.parent.exists()


def test_without_create_a_database_without_archive_is_refused(scratch_database: str) -> None:
    with pytest.raises(NotAnArchive, match="holds no archive"):
        Archive.open(scratch_database, create=False)


OTHERS = (
    ("CREATE TABLE hoa_don (so INTEGER, tien INTEGER)", "INSERT INTO hoa_don VALUES (1, 90000)"),
    ("CREATE TABLE meta (khoa TEXT)", "CREATE TABLE alembic_version (version_num TEXT)"),
    (
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('a1b2c3d4e5f6')",
    ),
)


@pytest.mark.parametrize("statements", OTHERS)
@pytest.mark.parametrize("create", [True, False])
def test_a_database_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, statements: tuple[str, ...], create: bool
) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    assert_refused(url, statements, create)


@pytest.mark.parametrize("statements", OTHERS[1:])
def test_on_a_server_what_is_in_the_way_is_refused(
    scratch_database: str, statements: tuple[str, ...]
) -> None:
    assert_refused(scratch_database, statements, create=True)
    _emptied(scratch_database)


def test_on_a_server_other_tables_may_stand_beside(scratch_database: str) -> None:
    engine = make_engine(parse_url(scratch_database))
    with engine.begin() as connection:
        for statement in OTHERS[0]:
            connection.exec_driver_sql(statement)
    Archive.open(scratch_database).close()
    assert {"hoa_don", "article"} <= set(inspect(engine).get_table_names())
    engine.dispose()
    _emptied(scratch_database)


def _emptied(url: str) -> None:
    """Leave the database to other tests as they know it."""
    engine = make_engine(parse_url(url))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


def assert_refused(url: str, statements: tuple[str, ...], create: bool) -> None:
    engine = make_engine(parse_url(url))
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    before = inspect(engine).get_table_names()
    with pytest.raises(NotAnArchive, match=r"database of another program.* set KB_DATABASE_URL"):
        Archive.open(url, create=create)
    assert inspect(engine).get_table_names() == before
    engine.dispose()


def test_an_archive_that_another_process_makes_meanwhile_is_no_other_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    found = schema.current

    def late(engine: Engine) -> tuple[str | None, str | None]:
        monkeypatch.setattr(schema, "current", found)
        before = found(engine)
        Archive.open(url).close()
        return before

    monkeypatch.setattr(schema, "current", late)
    with Archive.open(url) as archive:
        assert archive.search(Query()).total == 0


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "kb.sqlite"
    path.touch()
    with Archive.open(f"sqlite:///{path}") as archive:
        assert archive.search(Query()).total == 0


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive, match="is a folder"):
        Archive.open(f"sqlite:///{tmp_path}")


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(ArchiveError, match="cannot create the folder"):
        Archive.open(f"sqlite:///{tmp_path / 'data' / 'kb.sqlite'}")


def test_another_file_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("Đây là ghi chép, không phải cơ sở dữ liệu. " * 50)
    with pytest.raises(ArchiveError, match="this file is no archive"):
        Archive.open(f"sqlite:///{path}")
    assert path.read_text().startswith("Đây là")


def test_an_archive_of_a_newer_program(archive: Archive, url: str) -> None:
    with archive.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(ArchiveError, match=r"schema 9999.*install the newer version"):
        Archive.open(url)
    with archive.engine.begin() as connection:  # the scratch database serves other tests
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{schema.HEAD}'")


def test_a_locked_archive(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.archive.engine.LOCK_SECONDS", 1)
    with Archive.open(url) as holder, Archive.open(url) as other:
        with writing(holder.engine):
            with pytest.raises(ArchiveError, match=r"lock.*another program is writing"):
                other.start_run("nightly", {})
            assert other.search(Query()).total == 0  # readers are not kept waiting
        assert other.start_run("nightly", {}) == 1


def test_a_server_that_is_not_there_and_its_password_stays_secret() -> None:
    with pytest.raises(ArchiveError, match="is PostgreSQL running") as caught:
        Archive.open("postgresql://someone:hidden@127.0.0.1:1/none")
    assert "hidden" not in str(caught.value)


def test_a_database_that_does_not_exist(scratch_database: str) -> None:
    with pytest.raises(ArchiveError, match="create the database with `createdb`"):
        Archive.open(scratch_database + "_none")


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ('FATAL:  role "khong-co" does not exist', "make it with `createuser`"),
        ('FATAL:  database "kho" does not exist', "create the database with `createdb`"),
        ('FATAL:  password authentication failed for user "kb"', "the user or the password"),
    ],
)
def test_what_a_server_refuses_is_told_with_its_own_remedy(reason: str, advice: str) -> None:
    engine = make_engine(parse_url("postgresql://kb@127.0.0.1:1/kho"))
    with pytest.raises(ArchiveError, match=advice), explained(engine):
        raise psycopg.OperationalError(f"connection failed: {reason}")


def test_a_folder_that_may_not_be_written_to_is_not_called_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'kb.sqlite'}"
    Archive.open(url).close()
    (tmp_path / "kb.sqlite-wal").mkdir()  # whoever runs this may be allowed to write anywhere
    with pytest.raises(ArchiveError, match="the folder is missing or closed"):
        Archive.open(url, create=False)
    monkeypatch.setattr("os.access", lambda path, mode: mode == os.R_OK)
    told = f"even for reading: let this user write to the folder {re.escape(str(tmp_path))},"
    with pytest.raises(ArchiveError, match=told) as caught:
        Archive.open(url, create=False)
    assert "missing" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["data/kb.sqlite", "mysql://localhost/x", "oracle://x/y", "sqlite://", "sqlite:///:memory:"],
)
def test_urls_of_no_known_engine(url: str) -> None:
    with pytest.raises(ConfigError, match=r"KB_DATABASE_URL.*use sqlite:///"):
        Archive.open(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("kb:geheim@10.0.0.5/kb", "not a database URL"),
        ("postgresql//kb:geheim@10.0.0.5/kb", "not a database URL"),
        ("postgresql://kb:geheim@10.0.0.5:cong/kb", "port is no number"),
        ("postgresql://kb:mat@geheim@10.0.0.5/kb", "write @ in user or password as %40"),
    ],
)
def test_a_url_that_is_none_is_told_without_its_password(url: str, told: str) -> None:
    with pytest.raises(ConfigError, match=f"KB_DATABASE_URL: .*{told}") as caught:
        Archive.open(url)
    assert "geheim" not in str(caught.value)
