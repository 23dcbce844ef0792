"""Days, moments and numbers that no calendar and no archive has are told, not broken at."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.cli import output
from kb.cli.when import day, moment
from kb.errors import QueryError
from tests.cli.conftest import Call

FAR = "9" * 20


def test_a_moment_is_of_vietnam_unless_it_says_otherwise() -> None:
    assert moment("2026-03-07", "--until") == datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert moment("2026-03-07T08:30", "--until") == datetime(2026, 3, 7, 1, 30, tzinfo=UTC)
    assert moment("2026-03-07T08:30Z", "--until") == datetime(2026, 3, 7, 8, 30, tzinfo=UTC)
    assert (moment("", "--until"), day("")) == (None, None)


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "2026-02-30", "hôm qua"])
def test_a_day_of_no_year_of_ours_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="--from"):
        day(text, "--from")
    with pytest.raises(QueryError, match="--from"):
        moment(text, "--from")


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", ".", "--published", "0001-01-01"),
        ("digest", "--until", "9999-12-31T23:00"),
        ("pack", "--from", "0001-01-01", "--to", "9999-12-31", "-o", "gói"),
        ("search", "--limit", FAR),
        ("review", "--limit", FAR),
        ("follow", "sent", "--limit", FAR),
        ("follow", "test", "x", "--days", FAR),
        ("report", FAR),
        ("show", FAR),
    ],
)
def test_what_is_beyond_all_bounds_is_wrong_usage(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*words)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_words_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = output.words("vi")
    monkeypatch.setattr(output, "read_yaml", None)
    assert output.words("vi") == before
