"""`kb review` and `kb judgements`: deciding what the reader was unsure of, and sharing it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from kb.archive import Archive
from tests.archive.facts import fair, kiln
from tests.archive.stories import pair
from tests.cli.program import Done, kb

UNSURE = pair(
    "Lò gốm", "", "Khách đến không gian mới.", url="https://bao-c.example/khong-gian.html",
    mentions=[["initiative", "creative-spaces", "Không gian sáng tạo", "không gian mới"]],
    published_at="2025-05-05T08:00:00+07:00",
)  # fmt: skip


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return filled(tmp_path)


def filled(folder: Path) -> Path:
    article, read = UNSURE
    low = read.__class__(
        tuple(one.__class__(**{**fields(one), "score": 0.5}) for one in read.mentions),
        read.reader, read.sentences, read.words,
    )  # fmt: skip
    with Archive.open(f"sqlite:///{folder / 'data' / 'kb.sqlite'}") as archive:
        archive.load([kiln(), fair(), (article, low)], None)
    return folder


def fields(record: Any) -> dict[str, Any]:  # noqa: ANN401
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def waiting(work: Path, *words: str) -> list[dict[str, Any]]:
    done = kb(work, "review", "--format", "json", *words)
    assert done.code == 0, done.err
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


def exported(work: Path, kind: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(kb(work, "export", kind).out)))


def ok(done: Done) -> Done:
    assert (done.code, done.out) == (0, ""), done.err
    return done


def test_what_waits_is_listed_with_what_to_do(work: Path) -> None:
    found = waiting(work)
    assert [(one["why"], one["text"].partition(" ")[0]) for one in found] == [
        ("due", "Năm"), ("due", "Mười"), ("assignment", "phường:"), ("link", "không"),
    ]  # fmt: skip
    assert {one["proposed"] for one in found if one["why"] == "due"} == {"silent"}
    assert found[-1]["says"]["entity_id"] == "creative-spaces"
    assert found[-1]["sentence"] == "Khách đến không gian mới."
    (link,) = waiting(work, "--why", "link")
    assert link == found[-1]
    for language, words in (("vi", "Quyết định: kb review"), ("en", "Decide with kb review")):
        done = kb(work, "review", language=language)
        assert words in done.err
        assert "không gian mới" in done.out


def test_decisions_count_and_nothing_waits_any_more(work: Path) -> None:
    keys = {one["text"].partition(" ")[0]: one["key"] for one in waiting(work)}
    ok(kb(work, "review", "status", keys["Mười"], "done", "--source", "https://b.vn/2"))
    ok(kb(work, "review", "status", keys["Năm"], "silent", "--note", "hỏi lại Sở"))
    ok(kb(work, "review", "correct", keys["phường:"], "ambiguous=no", "role=lead"))
    done = ok(kb(work, "review", "reject", keys["không"], "--who", "lan", language="en"))
    assert "take it back: kb judgements undo" in done.err
    assert waiting(work) == []
    assert "Nothing waits" in kb(work, "review", language="en").err
    assert {row["text"][:4]: row["status"] for row in exported(work, "commitments")} == {
        "Mười": "done", "Năm ": "silent", "Hội ": "promised", "Từ n": "promised",
    }  # fmt: skip
    changed = [row for row in exported(work, "assignments") if row["judged"]]
    assert [(row["role"], row["ambiguous"], row["judged"]) for row in changed] == [
        ("lead", "false", "corrected")
    ]
    assert "không gian mới" not in {row["surface"] for row in exported(work, "mentions")}
    shown = kb(work, "review", "show", keys["không"], "--format", "json")
    assert json.loads(shown.out)[0]["judgements"][0].endswith("lan: reject (applied)")
    listed = json.loads(kb(work, "judgements", "list", "--format", "json").out)
    assert [(one["verdict"], one["state"]) for one in listed] == [
        ("status", "applied"), ("status", "applied"), ("correct", "applied"), ("reject", "applied"),
    ]  # fmt: skip
    ok(kb(work, "judgements", "undo", listed[-1]["id"][:8]))
    assert [one["key"] for one in waiting(work)] == [keys["không"]]


def test_a_log_goes_to_another_archive_and_is_one_there(work: Path, tmp_path: Path) -> None:
    (link,) = waiting(work, "--why", "link")
    ok(kb(work, "review", "reject", link["key"], "--who", "lan"))
    (tmp_path / "other").mkdir()
    other = filled(tmp_path / "other")
    ok(kb(other, "review", "confirm", link["key"], "--who", "minh"))
    ok(kb(work, "judgements", "export", "-o", str(tmp_path / "log.jsonl")))
    for added in (1, 0):
        done = ok(kb(other, "judgements", "import", str(tmp_path / "log.jsonl"), language="en"))
        assert f"{added} judgements added" in done.err
        assert "1 to look at" in done.err
    (conflict,) = json.loads(kb(other, "judgements", "list", "--conflicts", "--format", "json").out)
    assert conflict["state"] == "differs"
    assert waiting(other, "--why", "conflict")[0]["key"] == link["key"]
    ok(kb(other, "review", "confirm", link["key"], "--who", "minh", "--settle"))
    assert waiting(other, "--why", "conflict") == []


def test_later_coverage_of_a_promise(work: Path) -> None:
    promise = next(one for one in waiting(work) if one["text"].startswith("Năm"))
    done = kb(work, "review", "evidence", promise["key"], "--format", "json", language="en")
    assert (json.loads(done.out), "no later article" in done.err) == ([], True)


def test_one_article_is_listed_whole_by_its_number_or_address(work: Path) -> None:
    whole = waiting(work, "--article", "1")
    assert whole == waiting(work, "--article", "http://www.bao-a.example/lo-gom.html?utm_source=x")
    parts = [one["key"].partition(":")[0] for one in whole]
    assert set(parts) == {"mention", "quote", "commitment", "assignment", "holding"}
    assert parts[0] == "holding"  # which the text begins with
    assert {(one["why"], one["article_id"]) for one in whole} == {("read", 1)}
    quoted = next(one for one in whole if one["key"].startswith("quote:"))
    ok(kb(work, "review", "correct", quoted["key"], "speaker=Lò Thị Oanh"))
    again = {one["key"]: one for one in waiting(work, "--article", "1")}
    assert again[quoted["key"]]["says"]["speaker"] == "Lò Thị Oanh"
    listed = kb(work, "review", "--article", "1", "--format", "csv").out
    assert len(list(csv.DictReader(io.StringIO(listed)))) == len(whole)


MISTAKES = {
    ("review", "--article", "77"): "no article 77",
    ("review", "--article", "https://bao-a.example/khac.html"): "no article https://bao-a",
    ("review", "--article", "1", "--why", "due"): "--article lists all that was read",
    ("review", "--why", "weather"): "nothing waits as 'weather'",
    ("review", "confirm", "mention:none#1"): "no article none",
    ("review", "correct", "name:org:x", "kind"): "write COLUMN=VALUE",
    ("review", "merge", "name:org:x", "colour=red"): "no 'colour'",
    ("review", "merge", "name:org:x", "entity_id=khong"): "`kb registry list` shows ids",
    ("judgements", "undo", "zz"): "no judgement begins with 'zz'",
    ("judgements", "import", "none.jsonl"): "cannot read none.jsonl",
}


@pytest.mark.parametrize("words", MISTAKES, ids=" ".join)
def test_mistakes_are_one_line(work: Path, words: tuple[str, ...]) -> None:
    done = kb(work, *words)
    assert (done.code, done.out) == (2, "")
    (line,) = done.err.splitlines()
    assert MISTAKES[words] in line


def test_revisions_and_what_changed_between_them(work: Path) -> None:
    again = pair("Lò gốm", "", "Khách đến không gian rất mới.", url=UNSURE[0].url)
    with Archive.open(f"sqlite:///{work / 'data' / 'kb.sqlite'}") as archive:
        archive.load([again], None)
    rows = json.loads(kb(work, "show", "3", "--revisions", "--format", "json").out)
    assert [(row["number"], row["current"]) for row in rows] == [(1, False), (2, True)]
    (change,) = json.loads(kb(work, "show", "3", "--diff", "1:2", "--format", "json").out)
    assert (change["op"], change["added"]) == ("insert", "rất ")
    assert "không gian {+rất +}mới" in kb(work, "show", "3", "--diff", "1").out
    wrong = kb(work, "show", "3", "--diff", "1:7")
    assert (wrong.code, "no revision 7" in wrong.err) == (2, True)


def test_the_archive_as_it_stood(work: Path) -> None:
    assert json.loads(kb(work, "search", "--as-of", "2020-01-01", "--format", "json").out) == []
    rows = csv.DictReader(io.StringIO(kb(work, "export", "articles", "--as-of", "2999-01-01").out))
    assert len(list(rows)) == 3
