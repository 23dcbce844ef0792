"""`kb report`: what the night printed, again and as data; and what a hard night looks like."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from kb.archive import Archive
from kb.sample import SamplePress, outlets
from tests.cli.conftest import Call

ALARM = {
    "outlet": "thu", "kind": "date", "url": "https://bao-thu.example/1.html",
    "facts": {"now": 0, "of": 9, "usual": 40, "known": 40, "before": "meta", "instead": "–"},
    "opinion": {
        "ours": {"words": 310, "begins": "Sáng 3/11"}, "agreement": 0.913,
        "theirs": {"words": 320, "begins": "Chiều 3/11"},
    },
}  # fmt: skip
SILENT = {
    "outlet": "thu", "kind": "silent", "url": "https://bao-thu.example", "opinion": None,
    "facts": {"days": 4, "usual": 1, "since": "2026-11-16", "listings": ["/rss: 0 article links"]},
}  # fmt: skip
COUNTS: dict[str, Any] = {
    "outlets": {
        "thu": {
            "found": 31, "new": 9, "changed": 2, "same": 20, "gone": 0, "refused": 2, "failed": 3,
            "skipped": 4, "bytes": 2_540_000, "seconds": {"crawl": 62.34, "load": 1.5},
            "faults": {"HTTP 503": 2}, "unused": {"no story": 1}, "refusals": {"HTTP 403": 2},
        },
    },
    "alarms": [ALARM, SILENT],
    "needs": [
        {"kind": "given_up", "outlet": "thu", "facts": {"reason": "asked to wait 3600 s"}},
        {"kind": "interrupted", "outlet": None, "facts": {"run": 7}},
    ],
    "initiatives": {"talent-tv": 3},
    "articles": 31,
    "seconds": {"all": 64.2, "crawl": 62.34, "extract": 0.5, "read": 2.5, "load": 1.0},
}  # fmt: skip


@pytest.fixture
def hard(tmp_path: Path) -> Path:
    """The data folder of an archive whose last night was hard, and its ingest after it."""
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        night = archive.start_run("nightly", {})
        archive.finish_run(night, "done with failures", COUNTS)
        archive.start_run("nightly", {})  # still under way
        archive.finish_run(archive.start_run("ingest", {}), "done", {"new": 5})
    return tmp_path


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "Report of run 1", "Alarms:", "Failures and refusals:", "Needs a person:",
                "64.2 s: done, failures put aside", "62.3",
                "0 of 9 new pages have their date from its meta tags (usually 40 of 40)",
                "most now from nowhere", "parser 310 words: Sáng 3/11",
                "second opinion 320 words: Chiều 3/11 (agreement 91 %)",
                "nothing new for 4 days, since 2026-11-16", "/rss: 0 article links",
                "thu: 2 × HTTP 503; 1 × no story; 2 × refused: HTTP 403",
                "thu: given up: asked to wait 3600 s", "run 7 was cut off",
                "31 articles; crawl 62.3 s", "read 2.5 s (2.8 articles/s)", "kb quarantine",
            ),
        ),
        ("vi", ("0/9 trang mới có ngày lấy từ thẻ meta", "không có bài mới 4 ngày", "bị bỏ dở")),
    ],
)  # fmt: skip
def test_a_hard_night_is_told_in_words(
    call: Call, hard: Path, language: str, told: tuple[str, ...]
) -> None:
    done = call("report", data_dir=str(hard), language=language)
    assert done.code == 0, done.err
    assert [text for text in told if text not in done.out] == []


def test_the_same_as_data(call: Call, hard: Path) -> None:
    done = call("report", "1", "--format", "json", data_dir=str(hard))
    thu, whole = json.loads(done.out)
    assert (thu["run"], thu["status"], thu["outlet"]) == (1, "done with failures", "thu")
    assert [alarm["kind"] for alarm in thu["alarms"]] == ["date", "silent"]
    assert [need["kind"] for need in thu["needs"]] == ["given_up"]
    assert (whole["outlet"], whole["needs"][0]["facts"]) == (None, {"run": 7})
    rows = list(csv.DictReader(io.StringIO(call("report", "--format", "csv").out)))
    assert [(row["outlet"], row["new"]) for row in rows] == [("thu", "9"), ("", "")]


def test_other_runs_can_be_looked_at_and_unknown_ones_not(call: Call, hard: Path) -> None:
    done = call("report", "3", data_dir=str(hard), language="en")
    assert "Run 3 (ingest): done" in done.out
    assert "new 5" in done.out
    assert "Run 2 (nightly): running" in call("report", "2").out
    missing = call("report", "99")
    assert (missing.code, missing.out) == (2, "")
    assert "no run 99" in missing.err


def test_before_the_first_night_there_is_no_report(call: Call) -> None:
    done = call("report")
    assert done.code == 2
    assert "kb nightly" in done.err


def test_the_words_of_both_languages_say_the_same_things() -> None:
    text = (files("kb.research") / "night.yaml").read_text("utf-8")
    said = yaml.safe_load(text)

    def keys(node: object, path: str = "") -> set[str]:
        if not isinstance(node, dict):
            return {path}
        return set().union(*(keys(value, f"{path}/{key}") for key, value in node.items()))

    assert keys(said["vi"]) == keys(said["en"])


def test_a_list_of_addresses_is_fetched_from_a_file_or_stdin(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SamplePress() as press:
        outlets(press, tmp_path / "outlets")
        urls = [press.url("songhong", a.slug) for a in press.press.papers["songhong"].articles[:2]]
        night = ("nightly", "--no-server", "--outlets", str(tmp_path / "outlets"), "--urls")
        (tmp_path / "list.txt").write_text("\n".join([urls[0], "hỏng"]), encoding="utf-8")
        done = call(*night, str(tmp_path / "list.txt"), data_dir=str(tmp_path / "d"), language="en")
        assert done.code == 1
        assert "1 lines are no addresses: kb quarantine" in done.out
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(urls).encode())))
        done = call(*night, "-")
        assert done.code == 0, done.err
    found = json.loads(call("report", "--format", "json").out)[0]
    assert (found["new"], found["same"]) == (1, 1)
    missing = call(*night, str(tmp_path / "none.txt"))
    assert missing.code == 2
    assert "--urls" in missing.err
