"""What became of an initiative, in its order: announced, assigned, promised, reported, silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kb.archive import Archive, EntryRow, Query
from kb.research import Desk
from tests.archive.facts import assignment, commitment
from tests.archive.stories import pair

NAME = "Trung tâm Thiết kế"
CENTRE = ["initiative", "design-centre", NAME, NAME]
PROMISE = f"{NAME} sẽ mở mười xưởng gốm ven đê trước tháng 6/2025."
FORGOTTEN = f"{NAME} sẽ lát lại ngõ chợ Cá bằng gạch Bát Tràng trong tháng 4/2025."
TASK = "chủ trì dựng mái vòm"
DONE = f"{NAME} khánh thành mười xưởng gốm ven đê sáng nay."


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Four articles on one initiative, of 2025."""
    promise, read = pair(
        "Xưởng gốm", "", f"{PROMISE}\n{FORGOTTEN}", mentions=[CENTRE], outlet="bao-a",
        url="https://a.example/2", published_at="2025-02-01T08:00:00+07:00",
    )  # fmt: skip
    due = {"initiative_id": "design-centre", "owner": "Sở Gốm"}
    told = (
        commitment(promise, PROMISE, due_to="2025-05-31", **due),
        commitment(promise, FORGOTTEN, due_from="2025-04-01", due_to="2025-04-30", **due),
    )
    duty, plain = pair(
        "Việc", "", f"Sở Gốm {TASK} của {NAME}.", mentions=[CENTRE], outlet="bao-a",
        url="https://a.example/3", published_at="2025-03-01T08:00:00+07:00",
    )  # fmt: skip
    given = assignment(duty, TASK, "Sở Gốm", "lead", task=TASK, initiative_id="design-centre")
    stories = [
        pair("Tin đầu", "", f"{NAME} là gì?", mentions=[CENTRE], outlet="bao-b",
             url="https://b.example/1", published_at="2025-01-01T08:00:00+07:00"),
        (promise, replace(read, commitments=told)),
        (duty, replace(plain, assignments=(given,))),
        pair("Khánh thành", "", DONE, mentions=[CENTRE], outlet="bao-b",
             url="https://b.example/4", published_at="2025-05-20T08:00:00+07:00"),
    ]  # fmt: skip
    address = f"sqlite:///{tmp_path_factory.mktemp('timeline') / 'kb.sqlite'}"
    with Archive.open(address) as archive:
        entry = EntryRow("design-centre", "initiative", NAME, None, None, None, None, {})
        archive.sync_registry([entry])
        archive.load(stories, None)
        yield Desk(archive)


def test_events_stand_in_the_order_of_the_newspapers(centre: Desk) -> None:
    found = centre.timeline("design-centre", today=date(2025, 6, 15))
    assert [(str(row["at"].date()), row["event"]) for _, row in found.iterrows()] == [
        ("2025-01-01", "announced"),
        ("2025-02-01", "promised"),
        ("2025-02-01", "promised"),
        ("2025-03-01", "assigned"),
        ("2025-04-30", "silent"),
        ("2025-05-20", "reported"),
    ]
    assert found["text"].tolist() == ["Tin đầu", PROMISE, FORGOTTEN, TASK, FORGOTTEN, DONE]
    reported = found.iloc[-1]
    assert (reported["outcome"], reported["promise"]) == ("done", found.iloc[1]["article_id"])
    assert found.iloc[4]["due_to"] == pd.Timestamp("2025-04-30")
    assert found["actor"].dropna().unique().tolist() == ["Sở Gốm"]


def test_silence_begins_after_the_day_when_it_was_due(centre: Desk) -> None:
    before = centre.timeline("design-centre", today=date(2025, 4, 30))
    assert "silent" not in before["event"].tolist()
    after = centre.timeline("design-centre", today=date(2025, 5, 1))
    assert after["event"].tolist().count("silent") == 1


def test_what_a_person_decided_is_silent_no_more(centre: Desk) -> None:
    archive = centre.archive
    rows = archive.ledger_rows(Query(), today=date(2025, 6, 15))
    key = next(row["key"] for row in rows if row["text"] == FORGOTTEN)
    made = archive.judge(key, "status", {"status": "done"}, who="lan")
    try:
        found = centre.timeline("design-centre", today=date(2025, 6, 15))
        assert "silent" not in found["event"].tolist()
        assert found["event"].tolist().count("promised") == 2
    finally:
        archive.undo(made.id)


def test_a_timeline_takes_the_filters_of_every_query(centre: Desk) -> None:
    assert centre.timeline("design-centre", outlet="bao-b")["event"].tolist() == ["announced"]
    named = centre.timeline("design-centre", labels="vi")
    assert {"Lúc", "Sự việc", "Kết quả được đưa tin"} <= set(named.columns)
