"""`kb export` and `kb pack` as they are typed: what goes where, and what is refused."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from kb.research.columns import KINDS
from kb.research.exports import FORMATS
from tests.cli.conftest import Call

EVERY = [
    (kind, name)
    for name, one in FORMATS.items()
    for kind in (one.kinds or ("articles", "mentions", "ledger"))
]

COUNTED = {"ftm": "entities", "w3c": "annotations"}


@pytest.mark.parametrize(("kind", "name"), EVERY, ids=[f"{kind}-{name}" for kind, name in EVERY])
def test_every_kind_is_written_in_every_format_that_holds_it(
    call: Call, tmp_path: Path, kind: str, name: str
) -> None:
    target = tmp_path / f"ra{FORMATS[name].suffix}"
    done = call("export", kind, "--format", name, "-o", str(target))
    assert (done.code, done.out) == (0, "")
    count, said, _, *rest = done.err.splitlines()[-1].split()
    assert said == COUNTED.get(name, "rows" if kind == "all" else kind)
    if name == "ftm":
        assert len(target.read_text("utf-8").splitlines()) == int(count)
    assert str(target) in " ".join(rest)
    assert bool(target.stat().st_size) or int(count) == 0
    beside = {path.name for path in tmp_path.iterdir()} - {target.name}
    assert beside == ({"metadata.yaml"} if name == "sqlite" else set())


def test_the_mark_for_excel_is_on_request(call: Call) -> None:
    assert call("export", "articles", "--bom").out.startswith("\ufeffarticle_id")
    assert call("export", "articles").out.startswith("article_id")
    refused = call("export", "articles", "--bom", "--format", "xlsx")
    assert (refused.code, refused.out) == (2, "")
    assert "--bom is for csv" in refused.err


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_is_printed_without_any_archive(call: Call, tmp_path: Path, kind: str) -> None:
    done = call("export", kind, "--schema", database_url=f"sqlite:///{tmp_path / 'none.sqlite'}")
    assert (done.code, done.err) == (0, "")
    assert list(json.loads(done.out)["properties"]) == list(KINDS[kind].columns)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export", "quotes", "--format", "ris"), "ris cannot hold quotes, only articles"),
        (("export", "all"), "export all as ftm, w3c, sqlite"),
        (("export", "all", "--schema"), "cannot export 'all'"),
        (("pack", "-o", "gói", "--initiative", "bay-len"), "no initiative bay-len"),
        (("pack", "-o", "gói", "--language", "fr"), "--language 'fr': write vi, en or vi,en"),
        (("pack", "-o", "gói", "--from", "2025-02-30"), "is not a day"),
        (("pack", "-o", "data"), "is there already"),
    ],
)
def test_what_does_not_go_together_is_told(call: Call, words: tuple[str, ...], told: str) -> None:
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_a_read_only_file_is_replaced_by_the_next_export(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "báo.db"
    for _ in range(2):
        done = call("export", "all", "--format", "sqlite", "-o", str(target))
        assert done.code == 0, done.err
    assert not target.stat().st_mode & 0o222


def test_a_pack_of_the_whole_programme(call: Call, tmp_path: Path) -> None:
    done = call("pack", "-o", str(tmp_path / "gói"), "--language", "vi")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("6 sáng kiến, 1 chương trình, 1 nguồn, ")
    one = ("--initiative", "design-centre", "-o", str(tmp_path / "one.zip"))
    said = call("pack", *one, language="en").err
    assert said.startswith("initiatives: 1, programmes: 0, ")
    page = (tmp_path / "gói" / "report.vi.html").read_text("utf-8")
    assert "Lễ hội Thiết kế sáng tạo Hà Nội" in page
    assert not (tmp_path / "gói" / "report.en.html").exists()


def test_a_file_can_be_told_of_beside_it(call: Call, tmp_path: Path) -> None:
    for format in ("csv", "parquet"):
        done = call("export", "articles", "--outlet", "tuoitre", "--format", format,
                    "-o", str(tmp_path / f"a.{format}"), "--about")  # fmt: skip
        assert done.code == 0
        beside = tmp_path / f"a.{format}.about.json"
        assert str(beside) in done.err
        told = json.loads(beside.read_text("utf-8"))
        assert (told["file"], told["kind"], told["rows"]) == (f"a.{format}", "articles", "1")
        assert told["query"] == "outlet=tuoitre"
        assert told["sha256"] == sha256((tmp_path / f"a.{format}").read_bytes()).hexdigest()
        assert {"made_at", "program", "archive_schema", "readers"} <= set(told)
    refused = call("export", "articles", "--about")
    assert (refused.code, "goes with -o" in refused.err) == (2, True)


@pytest.mark.parametrize(
    ("file", "begins"),
    [
        ("luot.xlsx", b"PK"), ("luot.PARQUET", b"PAR1"), ("kho.sqlite", b"SQLite format 3"),
        ("luot.json", b"["), ("luot.jsonl", b"{"), ("luot.csv", b"article_id"),
        ("luot", b"article_id"),
    ],
)  # fmt: skip
def test_the_name_of_the_file_says_the_format(
    call: Call, tmp_path: Path, file: str, begins: bytes
) -> None:
    assert call("export", "mentions", "-o", str(tmp_path / file)).code == 0
    assert (tmp_path / file).read_bytes().startswith(begins)


def test_a_name_of_another_format_is_refused(call: Call, tmp_path: Path) -> None:
    for given, file in (("csv", "luot.xlsx"), ("xlsx", "luot.csv"), ("jsonl", "kho.db")):
        done = call("export", "mentions", "--format", given, "-o", str(tmp_path / file))
        assert (done.code, list(tmp_path.iterdir())) == (2, [])
        assert file in done.err
        assert given in done.err
    for file in ("luot.xls", "luot.khac"):
        done = call("export", "mentions", "-o", str(tmp_path / file))
        assert (done.code, list(tmp_path.iterdir())) == (2, [])
        assert ".csv" in done.err and ".xlsx" in done.err and "--format" in done.err
    assert call("export", "mentions", "--format", "csv", "-o", str(tmp_path / "a.khac")).code == 0
    assert call("export", "mentions", "-o", "-").out.startswith("article_id")
    assert call("export", "mentions", "-o", str(tmp_path / "-")).out == ""
    assert (tmp_path / "-").read_bytes().startswith(b"article_id")


def test_a_digest_is_written_as_its_file_is_named(call: Call, tmp_path: Path) -> None:
    for file, begins in (("diem.html", "<"), ("diem.json", "{"), ("diem.txt", "ĐIỂM BÁO")):
        day = ("--since", "2024-11-09", "--until", "2024-11-10", "--language", "vi")
        assert call("digest", *day, "-o", str(tmp_path / file)).code == 0
        assert (tmp_path / file).read_text("utf-8").lstrip().startswith(begins)
