"""The figures on the command line, as people and programs ask for them."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.conftest import Call


def test_attention_counts_by_period(call: Call) -> None:
    done = call("attention", "--by", "year", "--format", "json")
    assert json.loads(done.out) == [
        {"start": "2024-01-01", "articles": 1, "total": 1, "share": 1.0},
        {"start": "2025-01-01", "articles": 1, "total": 1, "share": 1.0},
    ]
    asked = call("attention", "lễ hội", "--by", "year", "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(asked.out))
    assert row == {"start": "2024-01-01", "articles": "1", "total": "1", "share": "1.0"}
    shown = call("attention", "--outlet", "vnexpress")
    assert "01/11/2024" in shown.out
    assert "100,0%" in shown.out
    assert "vnexpress" in shown.err, "what was asked is said beside the data"


def test_voices_have_their_denominator(call: Call) -> None:
    done = call("share-of-voice", "design-festival", "sea-forum", "--format", "json")
    assert json.loads(done.out) == [
        {"entity": "design-festival", "articles": 1, "total": 1, "share": 1.0},
        {"entity": "sea-forum", "articles": 0, "total": 1, "share": 0.0},
    ]
    later = call("share-of-voice", "design-festival", "--from", "2025-01-01", "--format", "json")
    assert json.loads(later.out)[0]["articles"] == 0
    shown = call("share-of-voice", "design-festival", "sea-forum", "--from", "2031-01-01")
    assert "articles" in shown.out, "zeros are figures"


def test_a_name_that_nobody_knows_is_told(call: Call) -> None:
    for command in ("share-of-voice", "co-mentions"):
        assert "khong-ai: " in call(command, "khong-ai").err
        assert "?" not in call(command, "design-festival").err
        assert "?" not in call(command, "sea-forum").err, "the registry knows it"


def test_company_and_timeline(call: Call) -> None:
    beside = json.loads(call("co-mentions", "design-festival", "--format", "json").out)
    assert "hanoi-department-of-culture-and-sports" in {row["entity_id"] for row in beside}
    assert len(json.loads(call("co-mentions", "design-festival", "--most", "1",
                               "--format", "json").out)) == 1  # fmt: skip
    (first,) = json.loads(call("timeline", "design-festival", "--format", "json").out)
    assert (first["event"], first["at"]) == ("announced", "2024-11-09T10:15:00+07:00")
    assert "announced" in call("timeline", "design-festival").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("attention", "--by", "fortnight"), "by must be day"),
        (("attention", "--outlet", "bao-khong-co"), "no outlet bao-khong-co"),
        (("timeline", "khong-co"), "no initiative khong-co"),
        (("timeline", "design-festival", "--today", "mai"), "'mai' is not a day"),
    ],
)
def test_wrong_usage_is_told_in_a_line(call: Call, words: tuple[str, ...], said: str) -> None:
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
