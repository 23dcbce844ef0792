"""What people follow and the ledger of what they were sent, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.archive import Archive, Query, following
from kb.archive.backup import backup
from kb.archive.copy import copy
from kb.archive.following import Follow, Sending
from kb.errors import ConfigError
from tests.archive.facts import fair, kiln

NOW = datetime(2026, 5, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEKLY = Follow(
    "Sở", "https://hooks.example.org/geheim", {"text": "lò gốm", "outlets": ["bao-a"]}, "en",
    "weekly", 17, 0, None, True, "whsec_geheim", "Hạnh", NOW,
)  # fmt: skip


def sending(id_: str, slot: str = "2026-05-12", **more: Any) -> Sending:  # noqa: ANN401
    return Sending(id_, "Sở", slot, NOW, NOW - DAY, NOW, 1, **{"message": "{}"} | more)


def test_what_is_followed_is_kept_as_it_was_said(archive: Archive) -> None:
    following.keep_follow(archive, WEEKLY)
    assert following.follows(archive) == [WEEKLY]
    assert WEEKLY.query() == Query(text="lò gốm", outlets=("bao-a",))
    assert "geheim" not in repr(WEEKLY)
    with pytest.raises(ConfigError, match="--replace"):
        following.keep_follow(archive, replace(WEEKLY, hour=9))
    following.keep_follow(archive, replace(WEEKLY, hour=9), replace=True)
    assert [one.hour for one in following.follows(archive)] == [9]


@pytest.mark.parametrize(
    "query",
    [
        Query(),
        Query("lò gốm", since=date(2025, 1, 31), outlets=("bao-a", "bao-b"), articles=(3, 12)),
        Query(as_of=datetime(2026, 1, 1, 7, tzinfo=UTC), reuse="folded", order="relevance"),
    ],
)
def test_every_query_can_be_kept(archive: Archive, query: Query) -> None:
    asks = following.asks_of(query)
    following.keep_follow(archive, Follow("x", "", asks, rhythm="never", created_at=NOW))
    (kept,) = following.follows(archive)
    assert kept.query() == query
    assert asks or query == Query()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "a name is"),
        ({"name": "x\nBcc: y"}, "a name is"),
        ({"language": "fr"}, "vi or en"),
        ({"rhythm": "hourly"}, "daily"),
        ({"hour": 24}, "0 to 23"),
        ({"weekday": None}, "weekly needs one"),
        ({"weekday": 7}, "Monday"),
        ({"rhythm": "daily"}, "weekly"),
        ({"per_hour": 3}, "immediate"),
        ({"rhythm": "immediate", "weekday": None}, "immediate"),
        ({"rhythm": "immediate", "weekday": None, "per_hour": 0}, "1 or more"),
        ({"rhythm": "never", "weekday": None}, "an address goes with"),
        ({"channel": ""}, "an address goes with"),
    ],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        replace(WEEKLY, **wrong)


def test_a_slot_is_filled_once_with_all_that_it_tells(archive: Archive) -> None:
    archive.load([kiln(), fair()], None)
    ids = [row["article_id"] for row in archive.articles_rows(Query())]
    seen = datetime(2020, 1, 1, tzinfo=UTC)
    assert sorted(following.untold(archive, "Sở", seen)) == sorted(ids)
    assert following.queue(archive, sending("a"), ids[:1])
    assert not following.queue(archive, sending("b"), ids)
    assert following.untold(archive, "Sở", seen) == ids[1:]
    assert sorted(following.untold(archive, "khác", seen)) == sorted(ids)
    assert following.untold(archive, "khác", datetime(2100, 1, 1, tzinfo=UTC)) == []
    assert [one.id for one in following.sendings(archive)] == ["a"]
    assert following.slots(archive, ["Sở"]) == {("Sở", "2026-05-12")}


def test_what_waits_is_offered_when_its_time_comes(archive: Archive) -> None:
    following.queue(archive, sending("new"), ())
    following.queue(archive, sending("late", "1", next_at=NOW + MINUTE), ())
    following.queue(archive, sending("clock", "2", next_at=NOW + 30 * DAY), ())
    following.queue(archive, sending("none", "3", status="nothing"), ())
    assert {one.id for one in following.waiting(archive, NOW)} == {"new", "clock"}
    assert {one.id for one in following.waiting(archive, NOW + MINUTE)} == {"new", "late", "clock"}
    following.settle(archive, "new", status="sent", tries=1, sent_at=NOW)
    (row,) = [one for one in following.sendings(archive) if one.id == "new"]
    assert (row.status, row.message, row.sent_at) == ("sent", None, NOW)
    assert "new" not in {one.id for one in following.waiting(archive, NOW)}


def test_messages_within_an_hour_are_counted(archive: Archive) -> None:
    for minutes in (-59, -10, 0, 5):
        made = sending(str(minutes), str(minutes))
        told, at = int(minutes != -10), NOW + minutes * MINUTE
        following.queue(archive, replace(made, made_at=at, stories=told), ())
    # One without a story told nothing; one made by a clock that ran ahead keeps nobody waiting.
    assert following.made_since(archive, "Sở", NOW - 60 * MINUTE, NOW) == 2
    assert following.made_since(archive, "Sở", NOW - 59 * MINUTE, NOW) == 1


def test_who_has_to_wait_is_noted_and_released(archive: Archive) -> None:
    for _ in range(2):
        following.hold(archive, "Sở", NOW)
    assert following.held(archive) == {"Sở"}
    assert following.sendings(archive) == []
    assert following.waiting(archive, NOW) == []
    following.release(archive, "Sở")
    assert following.held(archive) == set()


def filled(archive: Archive) -> None:
    archive.load([kiln()], None)
    following.keep_follow(archive, WEEKLY)
    following.queue(archive, sending("a"), [row["article_id"] for row in archive.articles_rows(
        Query())])  # fmt: skip


def held(archive: Archive) -> tuple[object, ...]:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    return (following.follows(archive), following.sendings(archive),
            following.untold(archive, "Sở", long_ago))  # fmt: skip


def test_a_backup_and_a_copy_keep_all_of_it(archive: Archive, tmp_path: Path) -> None:
    filled(archive)
    wanted = held(archive)
    assert wanted[2] == []
    backup(archive.engine, tmp_path / "backup.sqlite")
    with Archive.open(f"sqlite:///{tmp_path / 'backup.sqlite'}") as kept:
        assert held(kept) == wanted
    with Archive.open(f"sqlite:///{tmp_path / 'copy.sqlite'}", unfinished=True) as other:
        copy(archive.engine, other.engine)
        assert held(other) == wanted


def test_what_is_followed_is_content_and_what_was_sent_is_not(archive: Archive) -> None:
    archive.load([kiln()], None)
    before = archive.content_hash()
    following.queue(archive, sending("a"), [1])
    assert archive.content_hash() == before
    following.keep_follow(archive, WEEKLY)
    assert archive.content_hash() != before


def test_nothing_is_left_of_what_is_followed_no_longer(archive: Archive) -> None:
    filled(archive)
    assert following.drop_follow(archive, "Sở")
    assert [held(archive)[:2], len(held(archive)[2])] == [([], []), 1]  # type: ignore[arg-type]
    assert not following.drop_follow(archive, "Sở")
