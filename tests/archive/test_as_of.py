"""The archive as it stood: which articles it had then, with which text, counted as then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml

from kb.archive import Archive, Query, SearchPage
from kb.archive.as_of import moment
from kb.archive.query import make_query
from kb.article import Article
from kb.errors import ConfigError, QueryError
from kb.reading import Reading
from tests.archive.facts import commitment, quote
from tests.archive.stories import ENTRIES, FOLDER, pair, stories

SPACES = ["initiative", "creative-spaces", "Không gian sáng tạo", "Không gian sáng tạo"]
GUILD = ["org", None, "Hội Thợ gốm", "Hội Thợ gốm"]
TEXTS = {
    1: ("Lò sẽ mở", "Không gian sáng tạo sẽ mở lò vào tháng 6. Hội Thợ gốm mừng."),
    3: ("Lò mở muộn", "Không gian sáng tạo lùi sang tháng 9. Khách buồn."),
    5: ("Lò đã mở", "Hội Thợ gốm mở lò."),
}
"""The text of one address on days of May 2025."""


def seen(day: int, url: str, title: str, body: str, **more: Any) -> tuple[Article, Reading]:  # noqa: ANN401
    article, read = pair(
        title, "", body, mentions=[SPACES, GUILD], url=f"https://a.example/{url}", outlet="bao-a",
        published_at="2025-05-01T06:00:00+07:00", **more,
    )  # fmt: skip
    article = replace(article, seen_at=datetime(2025, 5, day, 1, tzinfo=UTC))
    sentence = body.partition(". ")[0]
    facts = {"quotes": (quote(article, sentence),)}
    if "tháng" in sentence:
        facts |= {"commitments": (commitment(article, sentence, initiative_id=SPACES[1]),)}
    return article, replace(read, **facts)


@pytest.fixture
def edited(archive: Archive) -> Archive:
    """One article in three texts, the first of them again from 7 May, and one of 4 May."""
    for day, (title, body) in TEXTS.items():
        archive.load([seen(day, "lo", title, body)], None)
    archive.load([seen(4, "khac", "Tin khác", "Không gian sáng tạo khác.")], None)
    archive.load([seen(7, "lo", *TEXTS[1])], None)
    archive.sync_registry(ENTRIES)
    return archive


def on(day: int, **filters: Any) -> Query:  # noqa: ANN401
    return Query(as_of=date(2025, 5, day), **filters)


STOOD: list[tuple[int, list[str]]] = [
    (1, ["Lò sẽ mở"]),
    (2, ["Lò sẽ mở"]),
    (3, ["Lò mở muộn"]),
    (4, ["Tin khác", "Lò mở muộn"]),
    (5, ["Tin khác", "Lò đã mở"]),
    (6, ["Tin khác", "Lò đã mở"]),
    (7, ["Tin khác", "Lò sẽ mở"]),
    (31, ["Tin khác", "Lò sẽ mở"]),
]


@pytest.mark.parametrize(("day", "titles"), STOOD)
def test_articles_are_those_of_the_day_with_their_text(
    edited: Archive, day: int, titles: list[str]
) -> None:
    assert [hit.title for hit in edited.search(on(day)).hits] == titles
    rows = list(edited.articles_rows(on(day), full_text=True))
    assert [row["title"] for row in rows] == titles
    plain = list(edited.articles_rows(on(day)))
    assert [row["words"] for row in plain] == [
        len(f"{row['title']} {row['body']}".split()) for row in rows
    ]
    assert "body" not in plain[0]
    texts = {row["article_id"]: row["body"] for row in rows}
    for row in edited.mentions_rows(on(day)):
        assert texts[row["article_id"]][row["start"] : row["end"]] == row["surface"]


def test_counts_and_facts_are_those_of_the_day(edited: Archive) -> None:
    counted = [
        {row["entity_id"]: row["articles"] for row in edited.initiatives_rows(on(day))}
        for day in (1, 3, 4, 5, 7)
    ]
    assert [row.get("creative-spaces") for row in counted] == [1, 1, 2, 1, 2]
    assert [edited.search(on(day, initiatives=("creative-spaces",))).total for day in (3, 5)] == [
        1,
        1,
    ]
    assert [row["text"][-7:] for row in edited.commitments_rows(on(3))] == ["tháng 9"]
    assert list(edited.commitments_rows(on(5))) == []
    assert [row["articles"] for row in edited.actors_rows(on(5))] == [1]
    assert list(edited.actors_rows(on(3))) == []
    assert [row["text"] for row in edited.quotes_rows(on(5, outlets=("bao-a",)))][-1:] == [
        "Hội Thợ gốm mở lò."
    ]


FOUND = [
    ("muộn", [0, 1, 0, 0]),
    ("tháng", [1, 1, 0, 1]),
    ('"mở lò"', [1, 0, 1, 1]),
    ("khach", [0, 1, 0, 0]),
    ("lò -muộn", [1, 0, 1, 1]),
    ("buồn OR mừng", [1, 1, 0, 1]),
    ("title:muộn", [0, 1, 0, 0]),
    ("lò NEAR/2 6", [1, 0, 0, 1]),
    ("6 NEAR/1 lò", [0, 0, 0, 0]),
    ("kind:initiative", [1, 1, 1, 2]),
    ("title:lò outlet:bao-a", [1, 1, 1, 1]),
]


@pytest.mark.parametrize(("text", "totals"), FOUND)
def test_words_are_looked_for_in_the_text_of_the_day(
    edited: Archive, text: str, totals: list[int]
) -> None:
    pages = [edited.search(on(day, text=text)) for day in (1, 3, 5, 7)]
    assert [page.total for page in pages] == totals
    for day, page in zip((1, 3, 5, 7), pages, strict=True):
        rows = edited.articles_rows(on(day, text=text))
        assert [row["title"] for row in rows] == [hit.title for hit in page.hits]


@pytest.mark.parametrize("kind", ["articles", "mentions", "actors", "initiatives", "quotes",
                                  "commitments", "assignments", "documents", "posts"])  # fmt: skip
def test_today_is_what_there_is(edited: Archive, kind: str) -> None:
    rows = getattr(edited, f"{kind}_rows")
    assert list(rows(Query(as_of=date.max))) == list(rows(Query()))
    assert list(rows(Query(as_of=date(2025, 4, 30)))) == []


def test_a_text_that_turns_up_late_changes_no_later_day(archive: Archive) -> None:
    archive.load([seen(6, "lo", *TEXTS[5])], None)
    archive.load([seen(2, "lo", *TEXTS[1])], None)  # from an older capture
    assert [hit.title for hit in archive.search(Query()).hits] == ["Lò đã mở"]
    for day, titles in ((2, []), (6, ["Lò đã mở"]), (9, ["Lò đã mở"])):
        assert [hit.title for hit in archive.search(on(day)).hits] == titles


def test_a_day_ends_in_vietnam() -> None:
    assert moment(date(2025, 5, 1)) == datetime(2025, 5, 1, 16, 59, 59, 999999, tzinfo=UTC)
    assert make_query(as_of="2025-05-01").as_of == date(2025, 5, 1)
    with pytest.raises(QueryError, match="as_of"):
        make_query(as_of="tháng 5")


def test_pages_of_a_day_follow_each_other(edited: Archive) -> None:
    first = edited.search(on(5, limit=1))
    second = edited.search(on(5, limit=1, after=first.after))
    titles = [hit.title for page in (first, second) for hit in page.hits]
    assert (titles, second.after) == (["Tin khác", "Lò đã mở"], None)


# --- what changed ----------------------------------------------------------------------------


def test_the_words_that_changed(edited: Archive) -> None:
    found = edited.revision_diff(1, 1, 2)
    changes = {(one.field, one.removed, one.added) for one in found.changes}
    assert ("title", "mở", "muộn") in changes
    assert ("body", "6", "9") in changes
    for one in found.changes:
        assert found.earlier[one.field][slice(*one.before)] == one.removed
        assert found.later[one.field][slice(*one.after)] == one.added
    with pytest.raises(ConfigError, match="no revision 9"):
        edited.revision_diff(1, 1, 9)


def test_changes_lead_from_one_text_to_the_other() -> None:
    from kb.archive.diff import changed

    texts = ["Một hai.\nBa bốn.\nNăm", "Một hai.\nBa bốn, bốn rưỡi.\nNăm", "", "Một\n\nSáu. " * 3]
    for earlier in texts:
        for later in texts:
            made = earlier
            for one in reversed(list(changed("body", earlier, later))):
                assert made[slice(*one.before)] == one.removed
                made = made[: one.before[0]] + one.added + made[one.before[1] :]
            assert made == later
    (one,) = changed("body", texts[0], texts[1])
    assert (one.op, one.removed, one.added) == ("insert", "", ", bốn rưỡi")


QUERIES = yaml.safe_load((FOLDER / "queries.yaml").read_text(encoding="utf-8"))


# What is not kept with each text is that of today.
TODAYS = {"published_from": None, "section": None, "source_file": None}


def shown(page: SearchPage) -> SearchPage:
    return replace(page, after=None, hits=tuple(replace(hit, **TODAYS) for hit in page.hits))


def test_every_query_finds_then_what_the_index_found_then(archive: Archive) -> None:
    """All texts are others today, so that none is found by today's index."""
    archive.load(stories(), None)
    archive.sync_registry(ENTRIES)
    wanted = [Query(row["typed"], limit=50) for row in QUERIES]
    wanted += [Query(initiatives=("creative-spaces",)), Query(actors=("so-vhtt",), text="bàn")]
    wanted += [Query(kinds=("person",)), Query(outlets=("bao-b",), since=date(2024, 1, 1))]
    before = [archive.search(query) for query in wanted]
    then = datetime.now(UTC)
    archive.load(
        [pair("Khác hẳn", url=a.url, outlet=a.outlet) for a, _ in stories() if a.url], None
    )
    different = 0
    for query, page in zip(wanted, before, strict=True):
        again = archive.search(replace(query, as_of=then))
        assert shown(again) == shown(page), query
        different += archive.search(query).total != page.total
    assert different > len(wanted) / 3


# --- counted ---------------------------------------------------------------------------------


def test_facets_are_those_of_the_texts_of_the_day(edited: Archive) -> None:
    first, third, fifth, last = (edited.facets(on(day)) for day in (1, 3, 5, 7))
    assert [one.total for one in (first, third, fifth, last)] == [1, 1, 2, 2]
    named = [
        {(one.value or one.name): one.articles for one in (*found.initiatives, *found.actors)}
        for found in (first, third, fifth, last)
    ]
    assert named == [
        {"creative-spaces": 1, "Hội Thợ gốm": 1},
        {"creative-spaces": 1},
        {"creative-spaces": 1, "Hội Thợ gốm": 1},
        {"creative-spaces": 2, "Hội Thợ gốm": 1},
    ]
    assert dict(third.kinds) == {"initiative": 1}
    assert dict(last.outlets) == {"bao-a": 2}
    assert last.months == ((date(2025, 5, 1), 2),)
    assert edited.facets(on(3, text="muộn")).total == 1
    assert edited.facets(Query(as_of=date(2025, 4, 30))).total == 0


def test_shares_and_company_are_those_of_the_texts_of_the_day(edited: Archive) -> None:
    wanted = ("creative-spaces", "Hội Thợ gốm")
    shares = [
        [one.articles for one in edited.share_of_voice(wanted, on(day))] for day in (1, 3, 5, 7)
    ]
    assert shares == [[1, 1], [1, 0], [1, 1], [2, 1]]
    (spaces, _) = edited.share_of_voice(wanted, on(5))
    assert (spaces.total, spaces.share) == (2, 0.5)
    company = [
        [(one.name, one.articles) for one in edited.co_mentions("creative-spaces", on(day))]
        for day in (1, 3, 5, 7)
    ]
    assert company == [[("Hội Thợ gốm", 1)], [], [], [("Hội Thợ gốm", 1)]]


def test_histograms_count_what_there_was_on_the_day(edited: Archive) -> None:
    spaces = Query(initiatives=("creative-spaces",))
    counted = []
    for day in (1, 3, 5, 7):
        (month,) = edited.histogram(replace(spaces, as_of=date(2025, 5, day)))
        counted.append((month.articles, month.total))
    assert counted == [(1, 1), (1, 1), (1, 2), (2, 2)]
    assert edited.histogram(replace(spaces, as_of=date(2025, 4, 30))) == []


def test_today_is_counted_as_there_is(edited: Archive) -> None:
    for query in (Query(), Query("lò"), Query(actors=("Hội Thợ gốm",))):
        then = replace(query, as_of=date.max)
        assert edited.facets(then) == edited.facets(query)
        assert edited.histogram(then, "day") == edited.histogram(query, "day")
        wanted = ("creative-spaces", "Hội Thợ gốm")
        assert edited.share_of_voice(wanted, then) == edited.share_of_voice(wanted, query)
        assert edited.co_mentions("creative-spaces", then) == edited.co_mentions(
            "creative-spaces", query
        )
