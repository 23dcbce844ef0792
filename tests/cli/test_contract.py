"""What programs and operators may rely on: exit codes, streams, formats, columns."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from typer.main import get_command

from kb.cli.main import app
from tests.cli.conftest import STORIES, Call
from tests.cli.program import KB, OUTSIDE, kb

ARTICLES = [
    "article_id", "url", "outlet", "title", "lead", "authors", "published_at",
    "published_from", "section", "words", "revisions", "source_file",
]  # fmt: skip
MENTIONS = [
    "article_id", "kind", "entity_id", "name", "surface", "field", "start", "end",
    "sentence", "method", "score", "judged",
]  # fmt: skip
FESTIVAL, WORKSHOPS = STORIES[0], STORIES[1]
FESTIVAL_ID = "design-festival"

# --- the command as a process -----------------------------------------------------------------


def test_a_folder_from_ingest_to_export(tmp_path: Path) -> None:
    """The whole way in processes of their own, with no setting but the folder."""
    line = json.dumps(FESTIVAL, ensure_ascii=False)
    (tmp_path / "one.jsonl").write_text(line, encoding="utf-8")
    loaded = kb(tmp_path, "ingest", "one.jsonl", data_dir="")
    assert (loaded.code, loaded.out) == (0, "")
    assert "1 mới" in loaded.err
    assert (tmp_path / "data" / "kb.sqlite").is_file()
    found = kb(tmp_path, "search", "lễ hội", "--format", "json", data_dir="")
    assert found.code == 0
    (row,) = json.loads(found.out)
    assert row["title"] == FESTIVAL["title"]
    assert found.err == ""


@pytest.mark.parametrize("words", ["export mentions", "search", "registry list"])
def test_a_closed_pipe_is_no_failure(folder: Path, words: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f'"$KB" {words} | :; echo "${{PIPESTATUS[0]}}"'],
        env=OUTSIDE | {"KB": str(KB), "KB_DATA_DIR": str(folder / "data")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=900,
        check=True,
    )
    assert done.stdout == "0\n"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


# --- help -------------------------------------------------------------------------------------


def commands() -> list[tuple[str, ...]]:
    top = get_command(app).commands  # type: ignore[attr-defined]
    return [
        (name, *rest)
        for name, command in top.items()
        for rest in ([()] + [(sub,) for sub in getattr(command, "commands", {})])
    ]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_says_what_it_does_in_both_languages(
    call: Call, words: tuple[str, ...]
) -> None:
    done = call(*words, "--help")
    assert done.code == 0
    english, _, vietnamese = " ".join(done.out.split()).partition(" / ")
    assert len(english.split("Usage:")[1].split()) > 4
    assert re.match(r"[A-ZĐÀ-Ỹ]", vietnamese)


@pytest.mark.parametrize("words", [("search",), ("export",), ("nightly",), ("ingest",)])
def test_every_option_is_explained(words: tuple[str, ...]) -> None:
    command = get_command(app).commands[words[0]]  # type: ignore[attr-defined]
    assert len(command.params) >= 3
    assert [param.name for param in command.params if not param.help] == []


# --- listings ---------------------------------------------------------------------------------


def test_search_as_json_is_one_list_with_the_columns_of_the_contract(call: Call) -> None:
    done = call("search", "--format", "json")
    assert done.code == 0
    rows = json.loads(done.out)
    assert [row["title"] for row in rows] == [
        WORKSHOPS["title"],
        FESTIVAL["title"],
        STORIES[2]["title"],
    ]
    for row in rows:
        assert list(row)[: len(ARTICLES) + 1] == [*ARTICLES, "snippet"]
    dated = rows[0]
    assert datetime.fromisoformat(dated["published_at"]).utcoffset() is not None
    assert dated["published_at"] == "2025-03-01T08:15:00+07:00"
    assert dated["outlet"] == "tuoitre"
    assert (rows[2]["url"], rows[2]["published_at"]) == (None, None)


def test_search_without_a_hit_is_an_empty_list(call: Call) -> None:
    done = call("search", "thủy điện", "--format", "json")
    assert (done.code, json.loads(done.out)) == (0, [])
    done = call("search", "thủy điện", "--format", "csv")
    assert done.out.strip().split(",") == [*ARTICLES, "snippet"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--from", "2025-01-01"), 1),
        (("--to", "2024-11-09"), 1),
        (("--from", "2024-11-09", "--to", "2024-11-09"), 1),
        (("--from", "2024-11-10", "--to", "2025-02-28"), 0),
        (("--outlet", "vnexpress"), 1),
        (("--outlet", "vnexpress", "--outlet", "tuoitre"), 2),
        (("--initiative", "design-festival"), 1),
        (("--initiative", "sea-forum"), 0),
        (("--limit", "2"), 2),
        (("thiết kế AND khai mạc",), 1),
        (('"khai mạc Lễ hội"',), 1),
        (("khong gian sang tao",), 1),
        (("gốm",), 1),
    ],
)
def test_filters_of_search(call: Call, words: tuple[str, ...], count: int) -> None:
    done = call("search", *words, "--format", "json")
    assert done.code == 0
    assert len(json.loads(done.out)) == count


def test_search_for_people_is_text_on_stdout_and_a_count_on_stderr(call: Call) -> None:
    done = call("search", "lễ hội")
    assert str(FESTIVAL["title"]) in done.out
    assert "09/11/2024 10:15" in done.out
    assert done.err.startswith("1 trong 1 bài: ")


def test_quarantine_lists_what_was_put_aside(call: Call) -> None:
    done = call("quarantine", "--format", "json")
    assert done.code == 0
    (row,) = json.loads(done.out)
    assert list(row) == ["source", "stage", "reason", "at", "key"]
    assert row["source"].endswith("press.jsonl:4")
    assert row["reason"]
    assert datetime.fromisoformat(row["at"]).utcoffset() is not None
    (shown,) = csv.DictReader(io.StringIO(call("quarantine", "--format", "csv").out))
    assert shown == row
    assert "press.jsonl:4" in call("quarantine").out
    assert len(json.loads(call("quarantine", "--limit", "1", "--format", "json").out)) == 1
    other = call("quarantine", "--stage", "crawl")
    assert "extract" in other.err, "other stages are named where this one has nothing"
    unknown = call("quarantine", "--stage", "foo")
    assert (unknown.code, unknown.out) == (2, "")
    assert all(stage in unknown.err for stage in ("crawl", "intake", "extract", "read"))


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("registry", "list"), ["id", "kind", "name", "level", "aliases"]),
        (("outlets", "list"), ["id", "name", "level", "family", "enabled", "home"]),
        (("doctor",), ["check", "result", "detail", "mend"]),
    ],
)
def test_every_listing_has_three_formats(
    call: Call, words: tuple[str, ...], columns: list[str]
) -> None:
    rows = json.loads(call(*words, "--format", "json").out)
    assert rows
    assert list(rows[0])[: len(columns)] == columns
    table = list(csv.DictReader(io.StringIO(call(*words, "--format", "csv").out)))
    assert list(table[0]) == columns
    assert [row[columns[0]] for row in table] == [row[columns[0]] for row in rows]
    shown = call(*words, "--format", "table").out
    assert all(row[columns[0]] in shown for row in rows)
    assert call(*words, "--format", "yaml").code == 2


def test_the_registry_holds_the_six_initiatives(call: Call) -> None:
    rows = json.loads(call("registry", "list", "--kind", "initiative", "--format", "json").out)
    assert {row["id"]: row["level"] for row in rows} == {
        "design-festival": "international",
        "sea-forum": "international",
        "young-designers": "international",
        "design-centre": "local",
        "creative-spaces": "local",
        "talent-tv": "local",
    }


def test_checks_of_data_files_speak_on_stderr(call: Call, tmp_path: Path) -> None:
    for words in (("registry", "check"), ("outlets", "check")):
        done = call(*words)
        assert (done.code, done.out) == (0, "")
        assert re.search(r"\d+ (initiative|outlets)", done.err)
    (tmp_path / "bad.yaml").write_text("id: [", encoding="utf-8")
    for words in (("registry", "check"), ("outlets", "check")):
        done = call(*words, str(tmp_path))
        assert (done.code, done.out) == (2, "")
        assert "bad.yaml" in done.err


def test_the_doctor_finds_everything_in_order(call: Call) -> None:
    done = call("doctor", "--format", "json")
    rows = {row["check"]: row for row in json.loads(done.out)}
    assert done.code == 0
    assert {row["result"] for row in rows.values()} == {"ok"}
    assert "3 articles, 1 put aside" in rows["archive"]["detail"]
    assert "ingest" in rows["last run"]["detail"]


def test_the_doctor_names_what_is_not_in_order(call: Call, tmp_path: Path) -> None:
    broken = tmp_path / "kb.sqlite"
    broken.write_text("no database", encoding="utf-8")
    done = call("doctor", "--format", "json", database_url=f"sqlite:///{broken}")
    rows = {row["check"]: row["result"] for row in json.loads(done.out)}
    assert done.code == 1
    assert {name for name, result in rows.items() if result != "ok"} == {"archive", "last run"}
    assert "not in order: archive, last run" in done.err
    mends = {row["check"]: row["mend"] for row in json.loads(done.out)}
    assert "KB_DATABASE_URL" in mends["archive"]
    assert mends["reader"] == ""


# --- export -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "columns"), [("articles", ARTICLES), ("mentions", MENTIONS)])
def test_export_writes_the_columns_of_the_contract(
    call: Call, kind: str, columns: list[str]
) -> None:
    done = call("export", kind)
    assert (done.code, done.err) == (0, "")
    reader = csv.DictReader(io.StringIO(done.out))
    assert list(reader)
    assert list(reader.fieldnames or [])[: len(columns)] == columns


def test_the_body_is_exported_on_request_only(call: Call) -> None:
    rows = [
        json.loads(line)
        for line in call("export", "articles", "--format", "jsonl").out.splitlines()
    ]
    assert all("body" not in row for row in rows)
    done = call("export", "articles", "--format", "jsonl", "--full-text")
    bodies = [json.loads(line)["body"] for line in done.out.splitlines()]
    assert bodies == [WORKSHOPS["body"], FESTIVAL["body"], STORIES[2]["body"]]


def test_export_to_a_file_says_how_much(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "bài.jsonl"
    done = call("export", "articles", "--format", "jsonl", "-o", str(target))
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("3 articles")
    assert len(target.read_text(encoding="utf-8").splitlines()) == 3
    assert list(tmp_path.iterdir()) == [target]


def test_export_takes_the_filters_of_search(call: Call) -> None:
    by_outlet = call("export", "articles", "--format", "json", "--outlet", "tuoitre", "-q", "gốm")
    assert [row["title"] for row in json.loads(by_outlet.out)] == [WORKSHOPS["title"]]
    by_initiative = call("export", "mentions", "--format", "json", "--initiative", FESTIVAL_ID)
    rows = json.loads(by_initiative.out)
    assert {row["entity_id"] for row in rows} == {FESTIVAL_ID}
    assert len(rows) == 2


# --- mistakes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("search", "--from", "2024-13-01"), "'2024-13-01' is not a day"),
        (("search", "--to", "hôm qua"), "is not a day"),
        (("search", "--limit", "0"), "limit"),
        (("search", "--outlet", "bao-la"), "no outlet bao-la"),
        (("search", "--initiative", "bay-len"), "no initiative bay-len"),
        (("export", "articles", "--outlet", "bao-la"), "no outlet bao-la"),
        (("export", "mentions", "--initiative", "bay-len"), "no initiative bay-len"),
        (("export", "recipes"), "'recipes'"),
        (("export", "articles", "--format", "docx"), "'docx'"),
        (("export", "articles", "-o", "none/x.csv"), "none/x.csv"),
        (("registry", "list", "--kind", "ship"), "'ship'"),
        (("nightly", "--outlets", "bao-la", "--no-server"), "no outlet bao-la"),
        (("nightly", "--since", "hôm qua", "--no-server"), "is not a day"),
        (("ingest", "none.txt"), "none.txt"),
        (("ingest", "press.jsonl", "--outlet", "bao-la"), "no outlet bao-la"),
        (("ingest", "press.jsonl", "--published", "31/12/2024"), "--published '31/12/2024'"),
    ],
)
def test_wrong_usage_is_one_line_and_code_2(call: Call, words: tuple[str, ...], told: str) -> None:
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    (line,) = [line for line in done.err.splitlines() if "Đọc" not in line]
    assert line.startswith("kb: ")
    assert told in line


@pytest.mark.parametrize(
    "words",
    [(), ("fly",), ("ingest",), ("export",), ("search", "--colour"), ("serve", "--port", "99999"),
     ("quarantine", "--limit", "-1"), ("search", "--limit", "many")],
    ids=" ".join,
)  # fmt: skip
def test_commands_that_do_not_exist_end_with_2(call: Call, words: tuple[str, ...]) -> None:
    assert call(*words).code == 2


def test_an_archive_of_an_unknown_kind_is_wrong_usage(call: Call) -> None:
    done = call("search", database_url="mysql://x/y")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("kb: KB_DATABASE_URL: 'mysql'")
    assert done.err.count("\n") == 1


def test_an_archive_that_cannot_be_used_is_a_failure(call: Call, tmp_path: Path) -> None:
    (tmp_path / "x.sqlite").write_text("no database", encoding="utf-8")
    done = call("export", "articles", database_url=f"sqlite:///{tmp_path / 'x.sqlite'}")
    assert (done.code, done.out) == (1, "")
    assert re.fullmatch(r"kb: archive .* is not a database.*\n", done.err)


def test_an_export_of_another_name_leaves_no_half_file(call: Call, tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    target.write_text("kept", encoding="utf-8")
    assert call("export", "articles", "--outlet", "bao-la", "-o", str(target)).code == 2
    assert target.read_text(encoding="utf-8") == "kept"
    assert list(tmp_path.iterdir()) == [target]


def test_commitments_are_exported_by_their_due_day(tmp_path: Path) -> None:
    body = (
        "Sở Văn hóa và Thể thao Hà Nội cho biết sẽ hoàn thành Đề án Trung tâm Thiết kế sáng tạo "
        "Hà Nội trước ngày 30/9/2026."
    )
    article = {"title": "Chốt ngày nộp đề án", "body": body, "published_at": "2026-01-10"}
    (tmp_path / "one.jsonl").write_text(json.dumps(article, ensure_ascii=False), "utf-8")
    assert kb(tmp_path, "ingest", "one.jsonl").code == 0
    due = kb(tmp_path, "export", "commitments", "--due-before", "2026-10-01").out
    (row,) = csv.DictReader(io.StringIO(due))
    assert (row["initiative_id"], row["due_to"]) == ("design-centre", "2026-09-30")
    assert body[int(row["start"]) : int(row["end"])] == row["text"]
    later = kb(tmp_path, "export", "commitments", "--due-after", "2026-10-01").out
    assert list(csv.DictReader(io.StringIO(later))) == []
