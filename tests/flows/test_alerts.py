"""What is judged wrong with the nights, and who is told of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows import alerts
from flows.verdict import judge, said
from tests.flows.heard import Heard, listening
from tests.flows.ledger import NOW, keep, night, settings
from tests.flows.silent import no_http

USUAL = [night(24 * day + 2, 20, 10) for day in range(5, 0, -1)]
SILENT = {"outlet": "o1", "kind": "silent", "url": None, "opinion": None,
          "facts": {"days": 9, "usual": 1, "since": "2026-03-01"}}  # fmt: skip
FEW = {"outlet": "o0", "kind": "few", "facts": {"now": 1, "least": 40}}
LEAD = {"outlet": "o0", "kind": "lead", "facts": {}}


def wrong(tmp_path: Path, *rows: dict[str, Any], **more: float) -> dict[str, str]:
    """Return check and kind of what is wrong with a ledger, oldest night first."""
    numbered = [{"id": n, **row} for n, row in enumerate(rows, 1)]
    found = judge(numbered[::-1], settings(tmp_path, **more), NOW)
    assert all(one.say(language) for one in found for language in ("vi", "en"))
    return {one.check: one.kind for one in found if one.wrong}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], {"night": "never"}),
        ([*USUAL, night(2, 18, 9)], {}),
        ([*USUAL, night(2, 18, 9, status="done with failures")], {}),
        ([*USUAL, night(2, 18, 9, status="failed")], {"night": "failed"}),
        ([*USUAL, night(2, status="interrupted")], {"night": "interrupted"}),
        # Its process is gone: the ledger only learns that from the next night.
        ([*USUAL, night(0.1, status="running")], {"night": "interrupted"}),
        ([night(30, 20, 10)], {"late": "late"}),
        ([night(25, 20, 10)], {}),
        ([*USUAL, night(2, 4, 4)], {"articles": "less"}),
        ([*USUAL, night(2, 5, 5)], {}),
        ([*USUAL[:2], night(2, 1, 0)], {}),
        # An outlet that was switched off is not missed, one that is new is not expected.
        ([*USUAL, night(2, 10)], {}),
        ([*USUAL, night(2, 18, 9, 0)], {}),
        # A night of one outlet of many, or for given addresses, says nothing about the whole.
        ([*[night(24 * d + 2, 5, 5, 5) for d in (4, 3, 2)], night(2, 9)], {"late": "late"}),
        ([*USUAL, night(2, 0, 0, whole=False)], {}),
        ([*USUAL, night(2, 18, 9, alarms=[SILENT])], {"outlets": "silent"}),
        ([*USUAL, night(2, 18, 9, alarms=[FEW])], {"outlets": "few"}),
        ([*USUAL, night(2, 18, 9, alarms=[LEAD])], {}),
        ([*USUAL, night(2, 18, 9, errors={"o1": "timeout"})], {}),
        ([*USUAL, night(26, 9, 9, errors={"o1": "timeout"}),
          night(2, 9, 9, errors={"o1": "timeout"})], {"outlets": "error"}),
    ],
)  # fmt: skip
def test_what_is_wrong(tmp_path: Path, rows: list[dict[str, Any]], found: dict[str, str]) -> None:
    assert wrong(tmp_path, *rows) == found


def test_the_thresholds_are_settings(tmp_path: Path) -> None:
    late = [night(30, 20, 10)]
    assert wrong(tmp_path, *late, late_hours=31) == {}
    less = [*USUAL, night(2, 4, 4)]
    assert wrong(tmp_path, *less, less_share=0.2) == {}
    assert wrong(tmp_path, *less, usual_nights=2) == {}


def test_both_languages_say_the_same_things() -> None:
    vi, en = said("vi"), said("en")
    assert vi.keys() == en.keys()
    assert vi["finding"].keys() == en["finding"].keys()


# --- telling --------------------------------------------------------------------------------


def told(heard: Heard) -> list[tuple[str, str]]:
    """Return title and message of each alert (Apprise's JSON), and forget them."""
    found = [json.loads(body) for _, _, body in heard.requests]
    heard.requests.clear()
    return [(one["title"], one["message"]) for one in found]


def test_an_alert_is_sent_once_until_something_else_is_wrong(tmp_path: Path) -> None:
    keep(tmp_path, *USUAL, night(2, 3, 1))
    with listening() as heard:
        chosen = settings(tmp_path, alerts=f"json://127.0.0.1:{heard.port}/")
        alerts.check(chosen, NOW)
        ((title, message),) = told(heard)
        assert title == "Press archive: 1 things are wrong"
        assert "4 new articles, usually 30" in message
        alerts.check(chosen, NOW)
        assert told(heard) == []
        alerts.check(chosen, NOW + timedelta(days=2))
        ((_, message),) = told(heard)
        assert "ended 50.0 h ago" in message
        keep(tmp_path, night(-49, 20, 10))
        alerts.check(chosen, NOW + timedelta(hours=50))
        ((title, _),) = told(heard)
        assert title == "Press archive: all is well again"
        alerts.check(chosen, NOW + timedelta(hours=50))
        assert told(heard) == []


def test_an_alert_that_was_not_taken_is_sent_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(tmp_path, night(2, status="failed"))
    with listening() as heard:
        chosen = settings(tmp_path, alerts=f"json://me:secret@127.0.0.1:{heard.port}/")
        heard.status = 503
        alerts.check(chosen, NOW)
        assert told(heard)
        heard.status = 200
        alerts.check(chosen, NOW)
        assert len(told(heard)) == 1
        alerts.check(chosen, NOW)
        assert told(heard) == []
    assert "sent again" in caplog.text
    assert "secret" not in caplog.text


def test_an_archive_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with listening() as heard:
        chosen = settings(tmp_path, alerts=f"json://127.0.0.1:{heard.port}/")
        alerts.check(chosen, NOW)
        ((_, message),) = told(heard)
    assert "cannot be opened" in message


@pytest.mark.parametrize(("rows", "beats"), [(USUAL, 1), ([night(2, 0, status="failed")], 0)])
def test_the_heartbeat_goes_on_after_good_nights_alone(
    tmp_path: Path, rows: list[dict[str, Any]], beats: int
) -> None:
    shift = datetime.now(UTC) - NOW + timedelta(hours=20)
    dates = ("started_at", "finished_at")
    now = [row | {name: row[name] and row[name] + shift for name in dates} for row in rows]
    keep(tmp_path, *now)
    with listening() as heard:
        url = f"http://127.0.0.1:{heard.port}/ping/key"
        alerts.after_night(settings(tmp_path, heartbeat_url=url))
        assert [(method, path) for method, path, _ in heard.requests] == [
            ("GET", "/ping/key")
        ] * beats


def test_a_heartbeat_that_fails_is_tried_again_and_never_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(alerts, "_TRY_SECONDS", 0.0)
    monkeypatch.setattr(alerts, "check", lambda chosen: [])
    with listening() as heard:
        heard.status = 500
        url = f"http://127.0.0.1:{heard.port}/ping/secret"
        alerts.after_night(settings(tmp_path, heartbeat_url=url))
        assert len(heard.requests) == 3
    assert "HTTP 500" in caplog.text
    assert "secret" not in caplog.text


def test_addresses_that_are_none_are_counted_not_shown() -> None:
    assert alerts.strange("json://127.0.0.1/ nothing://x mailto://a:b@example.org") == [2]
    assert alerts.strange("") == []


def test_a_heartbeat_at_a_port_that_speaks_no_http_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(alerts, "_TRY_SECONDS", 0.0)
    monkeypatch.setattr(alerts, "check", lambda _: [])
    with no_http() as port:
        alerts.after_night(settings(tmp_path, heartbeat_url=f"http://127.0.0.1:{port}/geheim"))
    assert "it speaks no HTTP" in caplog.text
    assert "geheim" not in caplog.text
