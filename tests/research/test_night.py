"""A night's report as sentences."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kb.research import night


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("vi", "5,8 giây", "CPU: tách 0,3 giây, đọc 1,8 giây (16,7 bài/giây); ghi 0,0 giây"),
        ("en", "5.8 s", "16.7"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, first: str, last: str) -> None:
    said = night.words(language)
    seconds = {"all": 5.83, "extract": 0.3, "read": 1.8, "crawl": 10.7}
    counts = {"articles": 35, "seconds": seconds, "outlets": {"a": {"new": 30, "changed": 5}}}
    at = datetime(2026, 11, 23, 20, 5, tzinfo=UTC)
    run = {"id": 1, "started_at": at, "status": "done", "counts": counts}
    assert first in night.title(run, said)
    assert last in night.stages(counts, seconds, said)
