"""The ledger of commitments: evidence, silence, and what a person decided, on both engines."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from kb.archive import Archive, Query
from kb.archive.evidence import Evidence
from kb.archive.promises import proposed, today_for
from kb.article import VIETNAM
from tests.archive.facts import commitment
from tests.archive.stories import ENTRIES, pair

SPACES = ["initiative", "creative-spaces", "Không gian sáng tạo", "Không gian sáng tạo"]
KILNS = "Sở sẽ mở mười xưởng gốm và phòng tranh lụa trước tháng 6/2025"
BRIDGE = "Sở sẽ dựng cầu tre và bến đò trước tháng 9/2025"
BUILT = "Mười xưởng gốm và phòng tranh lụa đã đi vào hoạt động ở Không gian sáng tạo."
DELAYED = "Việc mở xưởng gốm, phòng tranh lụa ở Không gian sáng tạo phải lùi đến cuối năm."


def story(number: int, body: str, day: str) -> Any:  # noqa: ANN401
    return pair(
        f"Tin {number}", "", body, mentions=[SPACES], url=f"https://a.example/{number}",
        outlet="bao-a", published_at=f"{day}T08:00:00+07:00",
    )  # fmt: skip


@pytest.fixture
def full(archive: Archive) -> Archive:
    """Two promises of one article; of one later articles speak, of the other none does."""
    archive.sync_registry(ENTRIES)
    article, read = story(1, f"Không gian sáng tạo: {KILNS}. {BRIDGE}.", "2025-01-10")
    own = {"initiative_id": "creative-spaces", "owner": "Sở"}
    made = (
        commitment(article, KILNS, due_to="2025-05-31", **own),
        commitment(article, BRIDGE, due_to="2025-08-31", **own),
    )
    archive.load([(article, replace(read, commitments=made))], None)
    archive.load([story(2, DELAYED, "2025-03-01"), story(3, BUILT, "2025-07-01")], None)
    return archive


def rows(archive: Archive, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    today = asked.pop("today", date(2026, 1, 1))
    return list(archive.ledger_rows(Query(**asked), today=today))


def test_each_piece_of_evidence_is_a_row_of_its_commitment(full: Archive) -> None:
    first, second, other = rows(full)
    assert [first["text"], second["text"], other["text"]] == [KILNS, KILNS, BRIDGE]
    assert [first["evidence"], second["evidence"]] == ["promised_again", "done"]
    assert (second["evidence_sentence"], second["evidence_article_id"]) == (BUILT, 3)
    assert second["evidence_published_at"] == datetime(2025, 7, 1, 8, tzinfo=VIETNAM)
    assert {first["proposed"], second["proposed"]} == {"done"}
    assert {first["status"], other["status"]} == {"promised"}
    assert first["url"] == "https://a.example/1"


def test_what_fell_due_and_nobody_wrote_of_is_silent(full: Archive) -> None:
    (late,) = (row for row in rows(full) if row["text"] == BRIDGE)
    assert (late["proposed"], late["evidence"], late["evidence_article_id"]) == (
        "silent",
        None,
        None,
    )
    (early,) = (row for row in rows(full, today=date(2025, 8, 31)) if row["text"] == BRIDGE)
    assert early["proposed"] is None


def test_a_key_leads_to_review_and_the_decision_comes_back(full: Archive) -> None:
    key = rows(full)[0]["key"]
    said = {"who": "lan", "source": "https://a.example/3", "note": "xem ngày 2/7"}
    full.judge(key, "status", {"status": "done"}, **said)
    decided, _, other = rows(full)
    assert (decided["status"], decided["status_by"], decided["judged"]) == ("done", "lan", "status")
    assert (decided["status_source"], decided["status_note"]) == (said["source"], said["note"])
    assert decided["status_at"] is not None
    assert (other["status"], other["status_by"], other["key"] != key) == ("promised", None, True)
    full.judge(key, "confirm", who="mai")
    assert rows(full)[0]["status_by"] == "lan"
    (entry,) = (one for one in full.judgements(key=key) if one.judgement.verdict == "status")
    full.undo(entry.judgement.id)
    assert (rows(full)[0]["status"], rows(full)[0]["status_by"]) == ("promised", None)


def test_filters_are_those_of_commitments(full: Archive) -> None:
    assert {row["text"] for row in rows(full, due_after=date(2025, 6, 1))} == {BRIDGE}
    assert {row["text"] for row in rows(full, due_before=date(2025, 6, 1))} == {KILNS}
    assert rows(full, initiatives=("design-festival",)) == []
    assert rows(full, until=date(2025, 1, 9)) == []


def test_as_of_a_day_knows_no_later_article(full: Archive) -> None:
    seen = [row["evidence"] for row in rows(full) if row["text"] == KILNS]
    assert seen == ["promised_again", "done"]
    then = datetime.now(VIETNAM)
    article, read = story(
        4, "Không gian sáng tạo tạm dừng xưởng gốm và phòng tranh lụa.", "2099-01-01"
    )
    full.load([(article, read)], None)
    kinds = [row["evidence"] for row in rows(full) if row["text"] == KILNS]
    assert kinds == ["promised_again", "done", "cancelled"]
    kinds = [row["evidence"] for row in rows(full, as_of=then) if row["text"] == KILNS]
    assert kinds == ["promised_again", "done"]


def test_a_moment_without_a_zone_is_one_of_vietnam_wherever_it_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        asked = Query(as_of=datetime(2025, 12, 31, 20))
        assert today_for(asked, None, date(2026, 3, 1)) == date(2025, 12, 31)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_silence_is_judged_by_the_day_of_as_of(full: Archive) -> None:
    found = full.ledger_rows(Query(as_of=date(2099, 1, 1)))
    assert "silent" in {row["proposed"] for row in found}


def test_of_a_promise_without_a_date_nothing_is_said(archive: Archive) -> None:
    """What is later than it, nobody knows."""
    article, read = pair("", "", f"{BRIDGE}.", mentions=[])
    made = (commitment(article, BRIDGE, initiative_id="creative-spaces", due_to="2025-08-31"),)
    archive.load([(article, replace(read, commitments=made))], None)
    (row,) = rows(archive)
    assert (row["published_at"], row["proposed"], row["evidence"]) == (None, None, None)


@pytest.mark.parametrize(
    ("kinds", "silent", "expected"),
    [
        ([], False, None),
        ([], True, "silent"),
        (["mentioned"], False, "mentioned"),
        (["in_progress", "done"], False, "done"),
        (["done", "mentioned"], False, "done"),
        (["done", "cancelled"], False, "cancelled"),
    ],
)
def test_the_newest_that_says_something_decides(
    kinds: list[str], silent: bool, expected: str | None
) -> None:
    when = datetime(2025, 1, 1, tzinfo=VIETNAM)
    found = [Evidence(1, None, None, "", when, kind, "", "body", 0, 1, 1.0) for kind in kinds]
    assert proposed(found, silent) == expected
