"""Quotes, commitments, assignments and posts: stored whole, filtered, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from kb.archive import Archive, LoadCount, Query
from kb.article import Article
from kb.reading import Reading
from kb.research import Desk
from tests.archive.facts import OFFICE, POTTERY, commitment, fair, holding, kiln, note, quote
from tests.archive.stories import ENTRIES, pair
from tests.archive.test_load import contents

COLUMNS = {
    "quotes": "article_id speaker_id speaker role direct text cue start end field published_at "
    "outlet judged",
    "commitments": "article_id initiative_id owner text due_from due_to recurs quantity status "
    "start end field owner_id published_at outlet judged",
    "assignments": "article_id actor_id actor role task initiative_id start end ambiguous field "
    "published_at outlet judged",
}
TABLES = {
    "quote": "quotes", "commitment": "commitments", "assignment": "assignments",
    "holding": "holdings",
}  # fmt: skip


@pytest.fixture
def full(archive: Archive) -> Archive:
    archive.load([kiln(), fair(), note()], None)
    archive.sync_registry(ENTRIES)
    return archive


def rows(archive: Archive, kind: str, **filters: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    stream: Iterator[dict[str, Any]] = getattr(archive, f"{kind}_rows")(Query(**filters))
    return list(stream)


def texts(archive: Archive, kind: str, **filters: Any) -> list[str]:  # noqa: ANN401
    return [
        row["task" if kind == "assignments" else "text"] for row in rows(archive, kind, **filters)
    ]


@pytest.mark.parametrize("kind", COLUMNS)
def test_rows_are_the_records_with_their_article(full: Archive, kind: str) -> None:
    found = rows(full, kind)
    expected = [
        (article, record)
        for article, read in (kiln(), fair(), note())
        for record in getattr(read, kind)
    ]
    assert len(found) == len(expected) > 2
    for row, (article, record) in zip(found, expected, strict=True):
        assert " ".join(row) == COLUMNS[kind]
        for name in (entry.name for entry in fields(record)):
            value = row[name].isoformat() if isinstance(row[name], date) else row[name]
            assert value == getattr(record, name), name
        assert (row["outlet"], row["published_at"]) == (article.outlet, article.published_at)
        assert isinstance(row.get("direct", row.get("ambiguous", False)), bool)


@pytest.mark.parametrize("kind", ["quotes", "commitments"])
def test_spans_hold_in_the_stored_text(full: Archive, kind: str) -> None:
    stored = {row["article_id"]: row for row in full.articles_rows(Query(), full_text=True)}
    for row in rows(full, kind):
        assert stored[row["article_id"]][row["field"]][row["start"] : row["end"]] == row["text"]


def test_days_are_dates_and_promises_are_as_reported(full: Archive) -> None:
    first, second, *_ = rows(full, "commitments")
    assert (first["due_from"], first["due_to"]) == (None, date(2025, 5, 31))
    assert (second["due_from"], second["due_to"]) == (date(2025, 1, 1), date(2025, 12, 31))
    assert {row["status"] for row in rows(full, "commitments")} == {"promised"}


@pytest.mark.parametrize(
    ("actors", "said"),
    [
        (("Lò Thị Inh",), ["Mười lò gốm sẽ đỏ lửa trước tháng 6.", "đất lấy từ bãi sông"]),
        (("so-vhtt",), ["hội chợ sẽ họp hằng năm"]),
        (("Department of Culture",), ["hội chợ sẽ họp hằng năm"]),
        (("sở văn hoá và thể thao",), ["hội chợ sẽ họp hằng năm"]),
        (("Nông Đức Thành",), ["Mưa thì dời sân"]),  # an entry that the archive does not have yet
        (("nong-duc-thanh", "so-vhtt"), ["hội chợ sẽ họp hằng năm", "Mưa thì dời sân"]),
        (("Không Ai",), []),
    ],
)
def test_quotes_of_a_speaker(full: Archive, actors: tuple[str, ...], said: list[str]) -> None:
    """Whether the article also mentions them does not count: none of these articles does."""
    assert texts(full, "quotes", actors=actors) == said


@pytest.mark.parametrize(
    ("kind", "actor"),
    [
        ("quotes", "Lò Thị Inh"),
        ("quotes", "LÒ THỊ INH"),
        ("commitments", POTTERY),
        ("ledger", POTTERY),
        ("assignments", "phường Cửa Nam"),
        ("posts", "Lò Thị Inh"),
        ("posts", POTTERY),
    ],
)
def test_of_whom_a_list_has_rows_it_is_not_said_that_nobody_saw_them(
    full: Archive, kind: str, actor: str
) -> None:
    def codes(kind: str, *actors: str) -> list[str]:
        return [one.code for one in full.explain(Query(actors=actors), kind=kind).remarks]

    assert codes(kind, actor) == []
    assert codes(kind, actor, "Không Ai") == ["unknown"]
    assert codes("articles", actor) == ["unknown"]
    shown = getattr(Desk(full), kind)(actor=actor)
    assert (len(shown) > 0, shown.attrs["remarks"]) == (True, [])


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"text": '"lò gốm"'}, 2),
        ({"text": "lo gom dat"}, 2),
        ({"since": date(2025, 1, 1)}, 2),
        ({"until": date(2024, 12, 31)}, 2),
        ({"outlets": ("bao-d", "bao-b")}, 3),
        ({"initiatives": ("design-festival",)}, 2),
        ({"kinds": ("initiative",)}, 4),
        ({"kinds": ("person",)}, 0),
        ({"articles": (1, 3)}, 3),
        ({"articles": (10**30,)}, 0),
        ({"limit": 1}, 5),
        ({"outlets": ("bao-a",), "actors": ("so-vhtt",)}, 0),
        ({"due_after": date(2030, 1, 1)}, 5),
    ],
)
def test_filters_choose_the_articles_of_quotes(
    full: Archive, filters: dict[str, Any], count: int
) -> None:
    assert len(rows(full, "quotes", **filters)) == count


def test_commitments_of_an_initiative_or_an_owner(full: Archive) -> None:
    assert texts(full, "commitments", initiatives=("creative-spaces",)) == [
        "Năm 2025 trung tâm sẽ dựng ba gian trưng bày"
    ]
    assert texts(full, "commitments", initiatives=("young-designers",)) == [
        "Từ năm 2026 sẽ có thêm hai xưởng"
    ]
    yearly = ["Hội chợ sẽ họp hằng năm."]
    assert texts(full, "commitments", initiatives=("design-festival",)) == yearly
    assert texts(full, "commitments", actors=(OFFICE["name"],)) == yearly
    assert texts(full, "commitments", actors=(POTTERY,)) == ["Mười lò gốm sẽ đỏ lửa trước tháng 6."]
    assert texts(full, "commitments", actors=(POTTERY,), initiatives=("design-festival",)) == []
    assert texts(full, "commitments", text="hội chợ", until=date(2024, 10, 31)) == []


@pytest.mark.parametrize(
    ("after", "before", "due"),
    [
        (None, "2025-05-31", []),
        (None, "2025-06-01", ["Mười"]),
        (None, "2026-01-01", ["Mười", "Năm 2025"]),
        (None, "9999-12-31", ["Mười", "Năm 2025"]),
        ("2025-05-30", None, ["Mười", "Năm 2025", "Từ năm 2026"]),
        ("2025-05-31", None, ["Năm 2025", "Từ năm 2026"]),
        ("2025-12-31", None, ["Từ năm 2026"]),
        ("2026-01-01", None, []),
        ("2025-05-31", "2026-01-01", ["Năm 2025"]),
    ],
)
def test_the_last_day_decides_when_something_is_due(
    full: Archive, after: str | None, before: str | None, due: list[str]
) -> None:
    days = {
        name: date.fromisoformat(day)
        for name, day in (("due_after", after), ("due_before", before))
        if day
    }
    found = texts(full, "commitments", **days)
    assert [text.startswith(start) for text, start in zip(found, due, strict=True)] == [True] * len(
        due
    )


def test_the_soonest_due_come_first_page_by_page(archive: Archive) -> None:
    archive.load([fair(), kiln()], None)
    archive.load([_sooner()], None)
    wanted = Query(order="due", limit=2)
    pages = [archive.page("commitments", wanted)]
    while pages[-1].after:
        pages.append(archive.page("commitments", replace(wanted, after=pages[-1].after)))
    found = [row["due_to"] for page in pages for row in page.rows]
    days = [date(2024, 12, 1), date(2025, 5, 31), date(2025, 12, 31)]
    assert found == [*days, None, None]
    assert found == [row["due_to"] for row in archive.rows("commitments", wanted)]
    newest = [row["due_to"] for row in archive.rows("commitments")]
    assert newest != found
    hits = archive.search(Query(order="due")).hits
    assert [one.article_id for one in hits] == [
        one.article_id for one in archive.search(Query()).hits
    ], "articles are not due: the newest come first"


def _sooner() -> tuple[Article, Reading]:
    """The oldest story, with what was due first."""
    text = "Chợ phiên sẽ mở lại ngày 1/12."
    article, read = pair("Chợ phiên trở lại", "", text, published_at="2024-10-01T07:00:00+07:00")
    opened = commitment(article, text, due_from="2024-12-01", due_to="2024-12-01")
    return article, replace(read, commitments=(opened,))


def test_assignments_of_an_actor_or_an_initiative(full: Archive) -> None:
    assert texts(full, "assignments", actors=("phường Cửa Nam",)) == ["mở lớp nặn"]
    lead = rows(full, "assignments", initiatives=("creative-spaces",))
    assert [(row["actor_id"], row["role"]) for row in lead] == [("so-vhtt", "lead")]
    assert lead == rows(full, "assignments", actors=("so-vhtt",))
    assert [row["actor"] for row in rows(full, "assignments") if row["ambiguous"]] == ["phường"]


def test_posts_are_counted_over_their_writings(full: Archive) -> None:
    spring, autumn = (datetime(2025, 3, 10, 0, tzinfo=UTC), datetime(2024, 11, 1, 2, tzinfo=UTC))
    potter = {
        "person_id": None, "person": "Lò Thị Inh", "post": "Giám đốc", "org_id": None,
        "org": POTTERY, "articles": 2, "first_seen": autumn, "last_seen": spring,
    }  # fmt: skip
    head = {
        "person_id": "nong-duc-thanh", "person": "Nông Đức Thành", "post": "Giám đốc",
        "org_id": OFFICE["id"], "org": OFFICE["name"], "articles": 1, "first_seen": None,
        "last_seen": None,
    }  # fmt: skip
    found = rows(full, "posts")
    assert found == [potter, head]
    assert list(found[0]) == list(potter)
    assert rows(full, "posts", actors=("Lò Thị Inh",)) == [potter]
    assert rows(full, "posts", actors=("Department of Culture",)) == [head]
    (older,) = rows(full, "posts", outlets=("bao-b",))
    assert (older["post"], older["articles"], older["last_seen"]) == ("giám đốc", 1, autumn)


def test_a_post_is_one_however_its_city_is_written(archive: Archive) -> None:
    for place in ("TP HCM", "TP.HCM", "tp. hcm"):
        body = f"Bà Lò Thị Inh, giám đốc Trung tâm Gốm {place}, đón khách {place}."
        article, read = pair("Tin", "", body)
        held = holding(article, body[:20], "Lò Thị Inh", f"giám đốc Trung tâm Gốm {place}")
        archive.load([(article, replace(read, holdings=(held,)))], None)
    (row,) = rows(archive, "posts")
    assert row["articles"] == 3
    assert row["post"].startswith("giám đốc Trung tâm Gốm")
    asked = archive.search(Query(posts=("Giám đốc Trung tâm Gốm TP.HCM",)))
    assert asked.total == 3


def test_documents_are_told_apart_by_entry_or_name(archive: Archive) -> None:
    wanted = [
        ["document", "ke-hoach-7", "Kế hoạch 7", "Kế hoạch 7"],
        ["document", None, "Công văn 3", "Công văn 3"],
        ["document", None, "Công văn 4", "Công văn 4"],
        ["initiative", "design-festival", "Lễ hội Thiết kế", "lễ hội"],
        ["org", "so-vhtt", "Sở Văn hóa và Thể thao", "Sở"],
    ]
    day = "2025-02-01T00:00:00+07:00"
    bodies = {"Kế hoạch 7 và Kế hoạch 7 nói về lễ hội.": day, "Sở nhắc Kế hoạch 7.": None}
    bodies |= {"Công văn 3, Công văn 4, lại Công văn 4.": None}
    archive.load(
        [pair("Tin", "", body, mentions=wanted, published_at=at) for body, at in bodies.items()],
        None,
    )
    found = rows(archive, "documents")
    assert [list(row) for row in found] == [
        ["entity_id", "name", "mentions", "articles", "first", "last"]
    ] * 3
    assert [(row["entity_id"], row["name"], row["mentions"], row["articles"]) for row in found] == [
        ("ke-hoach-7", "Kế hoạch 7", 3, 2),
        (None, "Công văn 4", 2, 1),
        (None, "Công văn 3", 1, 1),
    ]
    moment = datetime.fromisoformat(day)
    assert (found[0]["first"], found[0]["last"], found[1]["first"]) == (moment, moment, None)
    within = [rows(archive, "documents", **only) for only in (
        {"initiatives": ("design-festival",)}, {"actors": ("so-vhtt",)}, {"text": "công văn"},
    )]  # fmt: skip
    assert [[row["mentions"] for row in part] for part in within] == [[2], [1], [2, 1]]


# --- loading ----------------------------------------------------------------------------------


def kept(archive: Archive) -> dict[str, int]:
    return {name: len(found) for name, found in contents(archive).items() if name in TABLES}


def test_another_reading_replaces_all_that_the_first_found(full: Archive) -> None:
    assert kept(full) == {"quote": 5, "commitment": 4, "assignment": 3, "holding": 4}
    article, read = kiln("2")
    fewer = replace(
        read, quotes=(quote(article, "trước tháng 6"),), commitments=(), assignments=(), holdings=()
    )
    assert full.load([(article, fewer)], None) == LoadCount(reread=1)
    assert kept(full) == {"quote": 4, "commitment": 2, "assignment": 1, "holding": 3}
    assert texts(full, "quotes", outlets=("bao-a",)) == ["trước tháng 6"]
    assert full.load([(article, read)], None) == LoadCount(same=1)


def test_only_what_the_current_text_says_is_given_out(full: Archive) -> None:
    article, _ = kiln()
    corrected = replace(article, body="Chưa có lời hứa nào về lò gốm cả.")
    assert full.load([(corrected, Reading((), "1", 1, 9))], None) == LoadCount(changed=1)
    assert kept(full) == {"quote": 5, "commitment": 4, "assignment": 3, "holding": 4}
    assert {row["outlet"] for kind in COLUMNS for row in rows(full, kind)} == {"bao-b", "bao-d"}
    assert [row["articles"] for row in rows(full, "posts")] == [1, 1]


def test_a_day_that_is_none_is_refused_and_nothing_is_kept(archive: Archive) -> None:
    article, read = fair()
    wrong = commitment(article, "hội chợ sẽ họp", due_to="2025-02-30")
    with pytest.raises(ValueError, match="day"):
        archive.load([kiln(), (article, replace(read, commitments=(wrong,)))], None)
    assert archive.search(Query()).total == 0


def test_facts_of_many_articles_keep_their_order(archive: Archive) -> None:
    def story(number: int) -> tuple[Article, Reading]:
        article, read = pair(f"Tin {number}", "", "Một. Hai. Ba.", url=f"http://x.example/{number}")
        return article, replace(read, quotes=tuple(quote(article, w) for w in ("Hai", "Một", "Ba")))

    archive.load([story(number) for number in range(700)], None)
    found = rows(archive, "quotes")
    assert [row["article_id"] for row in found[::3]] == list(range(700, 0, -1))
    assert [row["text"] for row in found] == ["Hai", "Một", "Ba"] * 700
