"""Pages of what waits for a person: the whole list in pieces, each at the cost of what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from kb.archive import Archive
from kb.archive.judgements.items import ReviewItem
from kb.article import Article
from kb.errors import ConfigError
from kb.reading import Reading
from tests.archive.facts import commitment
from tests.archive.judged import BODY, guild, key_of
from tests.archive.stories import pair

TODAY = date(2025, 6, 1)
EACH = 7


def told() -> Iterator[tuple[Article, Reading]]:
    """Stories with promises that fell due, links that are not sure, and names of nobody known."""
    for n in range(EACH):
        body = f"Làng Lụa {n} sẽ dệt {n + 2} tấm trước tháng 3. Hội Thợ nhuộm {n} dự."
        for again in (1, 2):
            article, read = pair(
                f"Lụa {n}.{again}", "", body,
                url=f"https://a.example/{n}-{again}",
                published_at=f"2025-01-{n + 10}T0{again}:00:00+07:00",
                mentions=[
                    ["org", None, f"Hội Thợ nhuộm {n}", f"Hội Thợ nhuộm {n}"],
                    ["place", f"lang-lua-{n}", f"Làng Lụa {n}", f"Làng Lụa {n}"],
                ],
            )  # fmt: skip
            due = commitment(article, f"sẽ dệt {n + 2} tấm", due_to=f"2025-03-{n + 10}")
            sure = tuple(
                replace(one, score=0.5) if one.entity_id and again == 1 else one
                for one in read.mentions
            )
            yield article, replace(read, mentions=sure, commitments=(due,) * (again == 1))


@pytest.fixture
def full(archive: Archive) -> Archive:
    archive.load([guild(), *told()], None)
    archive.judge(key_of(archive, "mention", "Lê Sáng"), "correct", {"kind": "place"})
    archive.load([guild(BODY.replace("Ông Lê Sáng nói", "Có tin"))], None)
    return archive


def paged(archive: Archive, skip: int, limit: int, *why: str) -> list[ReviewItem]:
    return archive.review_page(why=why, skip=skip, limit=limit, today=TODAY)


def test_pages_are_the_whole_list_in_pieces(full: Archive) -> None:
    whole = full.review(limit=99, today=TODAY)
    kinds = ["conflict"] + ["due"] * EACH + ["link"] * EACH + ["name"] * EACH
    assert [one.why for one in whole] == kinds
    for limit in (1, 3, 8, 99):
        for skip in range(len(whole) + 2):
            assert paged(full, skip, limit) == whole[skip : skip + limit], (skip, limit)
    for why in ("conflict", "due", "link", "name"):
        own = [one for one in whole if one.why == why]
        assert paged(full, 2, 3, why) == own[2:5]
    with pytest.raises(ConfigError, match="nothing waits as 'wrong'"):
        paged(full, 0, 1, "wrong")


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: object) -> None:  # noqa: ANN401
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("why", ["due", "link", "name"])
def test_a_later_page_asks_no_more_than_the_first(full: Archive, why: str) -> None:
    asked = []
    for skip in (0, 2, 5):
        with statements(full.engine) as found:
            assert len(paged(full, skip, 2, why)) == 2
        asked.append(len(found))
    assert asked == asked[:1] * 3


def test_what_others_leave_no_room_for_is_not_asked_for(full: Archive) -> None:
    with statements(full.engine) as found:
        assert {one.why for one in paged(full, 0, 5)} == {"conflict", "due"}
    assert not [one for one in found if "appearance" in one and "GROUP BY" in one]
    assert [one for one in found if "commitment" in one]
