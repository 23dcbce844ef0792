"""One who cannot be told, or what nobody follows, keeps nobody else waiting and wakes nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import following as telling
from flows.following import is_due, tell, tell_one
from kb.archive import Archive
from kb.archive.address import new_secret
from kb.archive.following import sendings
from kb.errors import QueryError
from kb.registry import load_registry
from kb.research.digest import digest
from kb.settings import Settings
from tests.flows.followed import MORNING, follow, load, sending_to
from tests.flows.heard import listening
from tests.flows.silent import closed_port, no_http

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive into which one story came in the night."""
    with Archive.open(f"sqlite:///{tmp_path / 'kb.sqlite'}") as opened:
        load(opened, 0, MORNING - 5 * HOUR)
        yield opened


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return sending_to(closed_port(), tmp_path)


def told_beside(archive: Archive, chosen: Settings, **first: Any) -> dict[str, str]:  # noqa: ANN401
    """Tell one who is broken and after them one who is not; return why who was not told."""
    with listening() as heard:
        follow(archive, "a", **first)
        follow(archive, "b", f"http://127.0.0.1:{heard.port}/", secret=new_secret())
        found = tell(archive, chosen, morning=True, now=lambda: MORNING)
        assert found.sent == ["b"]
        assert len(heard.requests) == 1
        assert archive.runs(1)[0]["status"] == "done with failures"
        assert not is_due(archive, chosen, MORNING)
    return found.failed


def test_a_receiver_that_speaks_no_http_is_tried_again_later(
    archive: Archive, chosen: Settings
) -> None:
    with no_http() as port:
        to = f"http://127.0.0.1:{port}/"
        assert "no answer" in told_beside(archive, chosen, to=to, secret=new_secret())["a"]
    (row,) = sendings(archive, "a")
    assert (row.status, row.tries) == ("waiting", 1)


def test_whatever_a_channel_breaks_at_is_told_without_its_words(
    archive: Archive, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = telling.send

    def broken(chosen: Settings, channel: str, *rest: Any) -> None:  # noqa: ANN401
        if "@" in channel:
            raise KeyError(channel)
        whole(chosen, channel, *rest)

    monkeypatch.setattr(telling, "send", broken)
    assert told_beside(archive, chosen)["a"] == "KeyError"


def test_a_search_of_another_version_is_named_once_a_day(
    archive: Archive, chosen: Settings
) -> None:
    one = follow(archive, "cũ", asks={"theme": "gốm"})
    with pytest.raises(QueryError, match="'theme' is nothing that can be asked for"):
        one.query()
    assert "theme" in told_beside(archive, chosen, asks={"theme": "gốm"}, hour=7)["a"]
    (row,) = sendings(archive, "a")
    assert (row.status, "theme" in (row.error or "")) == ("given up", True)
    assert is_due(archive, chosen, MORNING + DAY)


def test_a_digest_to_an_address_that_failed_starts_no_run(
    archive: Archive, chosen: Settings
) -> None:
    found = digest(archive, load_registry(), MORNING - DAY, MORNING)
    assert tell_one(archive, chosen, found, "em@example.org", "2026-05-12", "vi").failed
    for later in (HOUR, DAY, 30 * DAY):
        assert not is_due(archive, chosen, MORNING + later)
