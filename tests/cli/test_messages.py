"""What commands say: numbers as the language writes them, files as they were named, read-only
archives as what they are, and words for programs the same in each language."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from flows.verdict import Finding
from kb.archive import Archive, Query
from kb.article import Article
from kb.reading import Quote, Reading
from tests.cli.conftest import Call
from tests.cli.program import Done


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    """A data folder of its own with the archive of STORIES."""
    home = tmp_path / "data"
    home.mkdir()
    with closing(sqlite3.connect(folder / "data" / "kb.sqlite")) as archive:
        archive.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(folder / "data" / "kb.sqlite", home / "kb.sqlite")
    return home


@pytest.fixture
def at(call: Call, data: Path) -> Call:
    """Run a command on that data folder."""

    def called(*words: str, **more: str) -> Done:
        return call(*words, **{"data_dir": str(data), "language": "vi", **more})

    return called


@pytest.fixture
def read_only() -> Iterator[None]:
    """Connections that SQLite lets read alone, as from a volume mounted so."""

    def lock(raw: sqlite3.Connection, _: object) -> None:
        raw.execute("PRAGMA query_only=ON")

    event.listen(Engine, "connect", lock)
    try:
        yield
    finally:
        event.remove(Engine, "connect", lock)


@pytest.mark.usefixtures("read_only")
def test_what_cannot_be_written_to_is_not_called_broken(at: Call) -> None:
    done = at("archive", "check", "--format", "json")
    rows = {row["check"]: row for row in json.loads(done.out)}
    assert done.code == 0, done.err
    assert {name for name, row in rows.items() if row["result"] != "ok"} == {"index"}
    index = rows["index"]
    assert (index["result"], index["wrong"]) == ("unchecked", 0)
    assert "read-only" in index["detail"]
    assert "quyền ghi" in index["mend"]
    assert "chưa kiểm tra hết vì kho chỉ đọc: index" in done.err
    assert "chưa kiểm tra hết" in at("archive", "check").out
    english = at("archive", "check", language="en")
    assert "not checked through, as the archive is read-only: index" in english.err


def test_what_is_broken_is_so_in_a_read_only_archive_too(
    at: Call, data: Path, request: pytest.FixtureRequest
) -> None:
    with Archive.open(f"sqlite:///{data / 'kb.sqlite'}") as archive, archive.engine.begin() as one:
        one.exec_driver_sql("INSERT INTO search_exact (search_exact) VALUES ('delete-all')")
    request.getfixturevalue("read_only")
    found = {}
    for language in ("vi", "en"):
        done = at("archive", "check", "--format", "json", language=language)
        assert done.code == 1
        found[language] = [(row["check"], row["result"]) for row in json.loads(done.out)]
    assert found["vi"] == found["en"]
    assert ("index", "WRONG") in found["vi"]
    assert "LỖI" in at("archive", "check", language="vi").out


@pytest.mark.parametrize(("language", "mark"), [("vi", ","), ("en", ".")])
def test_numbers_are_written_as_the_language_does(
    at: Call, data: Path, tmp_path: Path, language: str, mark: str
) -> None:
    said = [
        at("backup", str(tmp_path / "ban-sao.sqlite"), language=language).err,
        at("archive", "reindex", language=language).err,
        at("backfill", str(_nothing(tmp_path)), "--no-server", language=language).err,
    ]
    for text in (one.strip().splitlines()[-1] for one in said):  # bars stand before
        numbers = re.findall(r"(?<![\w/])\d+[.,]\d\b(?!\.)", text)
        assert numbers, text
        assert {re.sub(r"\d", "", one) for one in numbers} == {mark}, text
    late = Finding("late", "late", True, {"hours": 26.5, "most": "1.5"}).say(language)
    assert f"26{mark}5" in late and f"1{mark}5" in late


def _nothing(folder: Path) -> Path:
    (folder / "cu.jsonl").write_text('{"title": "Tin cũ", "body": "Xóm Chài dựng đình."}\n')
    return folder / "cu.jsonl"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", ("22 bài trong", " giây (", "22 mới, 0 sửa", "22 bài ghi ngày không thể có",
                "… và 2 bài nữa", "Xem tất cả: kb quarantine", "Đọc")),
        ("en", ("22 articles in", " s (", "22 new, 0 changed", "22 articles bear a date that",
                "… and 2 more", "All of them: kb quarantine", "Reading")),
    ],
)  # fmt: skip
def test_a_load_tells_in_the_language_what_was_not_kept(
    at: Call, tmp_path: Path, language: str, said: tuple[str, ...]
) -> None:
    rows = [
        {"title": f"Phiên chợ đèn số {n}", "body": "Sạp mở từ chiều.", "published_at": "2099-05-01"}
        for n in range(22)
    ]
    file = tmp_path / "sau.jsonl"
    file.write_text("\n".join([*map(json.dumps, rows), "{"]), "utf-8")
    done = at("ingest", str(file), language=language)
    assert done.code == 1
    assert [one for one in said if one not in done.err] == []
    assert f"{file}:1: 2099-05-01" in done.err
    assert done.err.count("2099-05-01") == 20


def test_a_night_that_never_was_is_asked_for_in_plain_words(at: Call) -> None:
    done = at("report")
    assert done.code == 2
    assert "no night has ended yet: run `kb nightly`" in done.err
    assert "holds no night" not in done.err
    assert "the archive holds no run 77" in at("report", "77").err


def test_a_damaged_backup_is_called_by_its_own_name(at: Call, tmp_path: Path) -> None:
    whole, cut = tmp_path / "du.sqlite", tmp_path / "cut.sqlite"
    assert at("backup", str(whole)).code == 0
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    done = at("restore", str(cut), "--force")
    assert done.code == 1
    assert f"{cut} is damaged" in done.err
    assert "restoring" not in done.err


def test_a_log_that_is_none_is_named(at: Call, tmp_path: Path) -> None:
    log = tmp_path / "quyet-dinh.jsonl"
    log.write_text("không phải nhật ký\n", encoding="utf-8")
    done = at("judgements", "import", str(log))
    assert done.code == 2
    assert f"{log}: line 1: " in done.err


def test_a_day_that_is_none_says_how_days_are_written(at: Call, data: Path) -> None:
    from kb.archive.judgements.values import COLUMNS

    for name in ("due_from", "due_to"):
        check = COLUMNS["commitment"][name]
        assert check("2026-02-28") == "2026-02-28"
        with pytest.raises(ValueError, match="is not a day; write YYYY-MM-DD"):
            check("cuối tháng")


def test_of_who_speaks_but_is_named_nowhere_an_export_is_silent(at: Call, data: Path) -> None:
    said = Quote(None, "Lò Văn Thả", None, True, "Đèn giấy", "nói", "body", 0, 8)
    with Archive.open(f"sqlite:///{data / 'kb.sqlite'}") as archive:
        article = Article("Đèn", "", "Đèn giấy trên sông.")
        archive.load([(article, Reading((), "thử", 1, 4, quotes=(said,)))], None)
    told = at("export", "quotes", "--actor", "Lò Văn Thả")
    assert (told.code, "Đèn giấy" in told.out, "chưa thấy" in told.err) == (0, True, False)
    assert "chưa thấy" in at("export", "articles", "--actor", "Lò Văn Thả").err


@pytest.mark.parametrize(
    ("language", "title"), [("vi", "Bài không có tít"), ("en", "Untitled article")]
)
def test_an_article_without_a_title_is_called_so(
    at: Call, data: Path, language: str, title: str
) -> None:
    body = "Làng Chài thả đèn giấy trên sông từ chập tối."
    with Archive.open(f"sqlite:///{data / 'kb.sqlite'}") as archive:
        archive.load([(Article("", "", body), Reading((), "thử", 1, 9))], None)
        number = archive.search(Query("đèn giấy")).hits[0].article_id
    assert at("search", "đèn giấy", language=language).out.startswith(f"{title}\n")
    assert at("show", str(number), language=language).out.startswith(f"{title}\n")
