"""Names without an entry: grouped however they are written, most articles first, and judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from kb.archive import Archive, EntryRow, LoadCount, Query
from kb.archive.query import make_query
from kb.article import Article
from kb.reading import Reading
from kb.text import name_form
from tests.archive.stories import pair

GUILD = ["org", None, "Hội Thợ gốm", "Hội Thợ gốm"]


def read(*stories: tuple[Article, Reading]) -> list[tuple[Article, Reading]]:
    return list(stories)


def three() -> list[tuple[Article, Reading]]:
    return read(
        pair(
            "Lò mới",
            body="Hội Thợ gốm mở lò. Hội Thợ gốm mời khách.",
            mentions=[GUILD],
            url="https://a.example/1",
            outlet="bao-a",
            published_at="2024-01-05T08:00:00+07:00",
        ),
        pair(
            "Lò nghỉ",
            body="Hội thợ Gốm đóng cửa lò. Ông Lê Sáng tiếc.",
            mentions=[
                ["org", None, "Hội thợ Gốm", "Hội thợ Gốm"],
                ["person", None, "Lê Sáng", "Lê Sáng"],
            ],
            url="https://b.example/2",
            outlet="bao-b",
            published_at="2024-03-01T08:00:00+07:00",
        ),
        pair(
            "Chợ phiên",
            body="Làng Lê Sáng họp chợ. Sở Văn hóa và Thể thao đến.",
            mentions=[
                ["place", None, "Lê Sáng", "Lê Sáng"],
                ["org", "so-vhtt", "Sở Văn hóa và Thể thao", "Sở Văn hóa và Thể thao"],
            ],
            url="https://a.example/3",
            outlet="bao-a",
        ),
    )


def test_spellings_are_one_candidate_with_its_counts_and_an_example(archive: Archive) -> None:
    archive.load(three(), None)
    guild, *rest = archive.candidates()
    assert guild.variants == ("Hội Thợ gốm", "Hội thợ Gốm")
    assert (guild.kind, guild.articles, guild.mentions, guild.outlets) == ("org", 2, 3, 2)
    assert guild.first_seen == datetime(2024, 1, 5, 1, tzinfo=UTC)
    assert guild.last_seen == datetime(2024, 3, 1, 1, tzinfo=UTC)
    assert (guild.sentence, guild.url) == ("Hội thợ Gốm đóng cửa lò.", "https://b.example/2")
    # A person and a place of one name are two, and what is linked is none.
    assert [(one.kind, one.name) for one in rest] == [("person", "Lê Sáng"), ("place", "Lê Sáng")]


def test_kinds_and_numbers_narrow_the_list(archive: Archive) -> None:
    archive.load(three(), None)
    assert [one.kind for one in archive.candidates(kinds=["place"])] == ["place"]
    assert [one.name for one in archive.candidates(min_articles=2)] == ["Hội Thợ gốm"]
    assert len(archive.candidates(limit=1)) == 1
    known = {("org", name_form("HỘI THỢ GỐM"))}
    assert "org" not in {one.kind for one in archive.candidates(known=known)}


def test_articles_on_a_programme_can_be_asked_for_alone(archive: Archive) -> None:
    archive.load(three(), None)
    fair = pair(
        "Hội chợ", body="Hội Thợ gốm bày hàng ở Lễ hội Thiết kế.",
        mentions=[GUILD, ["initiative", "design-festival", "Lễ hội Thiết kế", "Lễ hội Thiết kế"]],
    )  # fmt: skip
    assert archive.candidates(on_programme=True) == []
    archive.load([fair], None)
    (guild,) = archive.candidates(on_programme=True)
    assert (guild.name, guild.articles, guild.mentions) == ("Hội Thợ gốm", 1, 1)
    assert archive.candidates()[0].articles == 3


def test_two_spellings_in_one_article_are_one_article(archive: Archive) -> None:
    both = pair(
        "Hai cách viết",
        body="Hội Thợ gốm, tức Hội thợ Gốm.",
        mentions=[GUILD, ["org", None, "Hội thợ Gốm", "Hội thợ Gốm"]],
    )
    archive.load([both], None)
    assert [one.articles for one in archive.candidates()] == [1]
    assert archive.candidates(min_articles=2) == []


def test_what_is_counted_twice_at_first_does_not_push_out_what_is_named_more(
    archive: Archive,
) -> None:
    both = [
        pair(
            f"Tin {n}",
            body="Hội Thợ nón, tức Hội thợ Nón. Làng Mây, tức làng mây. Chợ Sơn, tức chợ sơn.",
            mentions=[
                ["org", None, "Hội Thợ nón", "Hội Thợ nón"],
                ["org", None, "Hội thợ Nón", "Hội thợ Nón"],
                ["place", None, "Làng Mây", "Làng Mây"],
                ["place", None, "làng mây", "làng mây"],
                ["place", None, "Chợ Sơn", "Chợ Sơn"],
                ["place", None, "chợ sơn", "chợ sơn"],
            ],
        )
        for n in (1, 2)
    ]
    archive.load([*both, *(pair(f"Lò {n}", body="Hội Thợ gốm họp.", mentions=[GUILD])
                           for n in range(3))], None)  # fmt: skip
    assert [(one.name, one.articles) for one in archive.candidates(limit=2)] == [
        ("Hội Thợ gốm", 3),
        ("Hội Thợ nón", 2),
    ]


def test_a_kind_that_there_is_not_has_no_candidates(archive: Archive) -> None:
    archive.load(three(), None)
    assert archive.candidates(kinds=["thing"]) == []


def test_earlier_texts_of_a_story_do_not_count(archive: Archive) -> None:
    first = pair("Tin", body="Hội Thợ gốm họp.", mentions=[GUILD], url="https://a.example/9")
    archive.load([first], None)
    archive.load([pair("Tin", body="Đã sửa.", url="https://a.example/9")], None)
    assert archive.candidates() == []


def test_a_rejected_candidate_stays_away_through_a_rereading(archive: Archive) -> None:
    archive.load(three(), None)
    guild = archive.candidates()[0]
    archive.reject_candidates([guild])
    archive.reject_candidates([guild])  # twice is once
    assert "org" not in {one.kind for one in archive.candidates()}
    again = [(article, replace(reading, reader="2")) for article, reading in three()]
    assert archive.load(again, None) == LoadCount(reread=3)
    assert "org" not in {one.kind for one in archive.candidates()}
    assert [one.name for one in archive.candidates(names=["hội thợ gốm"])] == ["Hội Thợ gốm"]
    assert archive.restore_candidates([guild.key]) == 1
    assert archive.restore_candidates([guild.key]) == 0
    assert archive.candidates()[0] == guild
    assert archive.search(Query()).total == 3


def test_an_old_district_finds_the_units_on_its_ground(archive: Archive) -> None:
    place = EntryRow("quan-cu", "place", "Lò Gốm", None, None, None, None, {})
    unit = EntryRow(
        "phuong-moi", "place", "phường Bến Gốm", None, None, None, None, {"territory": ["quan-cu"]}
    )
    archive.sync_registry([place, unit])
    old = pair("Cũ", body="Quận Lò Gốm họp.", mentions=[["place", "quan-cu", "Lò Gốm", "Lò Gốm"]])
    new = pair(
        "Mới", body="Phường Bến Gốm họp.",
        mentions=[["place", "phuong-moi", "phường Bến Gốm", "Bến Gốm"]],
    )  # fmt: skip
    archive.load([old, new], None)

    def titles(actor: str) -> set[str]:
        return {hit.title for hit in archive.search(make_query(actor=actor)).hits}

    assert titles("lò gốm") == {"Cũ", "Mới"}
    assert titles("quan-cu") == {"Cũ"}  # an id is that entry alone
    assert titles("phuong-moi") == {"Mới"}
