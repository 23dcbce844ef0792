"""The pages of initiatives and actors: every figure is that of what it leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from kb.archive import Archive, EntryRow, Query
from kb.archive.around import Press, around, articles_naming
from kb.archive.judgements.records import STATUSES
from kb.archive.measures import ACTORS
from kb.archive.roles import Part, roles
from kb.article import Article
from kb.errors import QueryError
from kb.reading import Assignment, Commitment, Mention, Quote, Reading
from kb.registry import load_registry
from kb.web import create_app
from kb.web.chronicle import KINDS, Event, chronicle
from kb.web.districts import grid, where
from kb.web.kept import Kept
from kb.web.language import all_words
from tests.web.conftest import Serve
from tests.web.markup import texts, tree

CENTRE, MUSEUM, CITY = "design-centre", "hanoi-museum", "hanoi-peoples-committee"
NAMES = {
    "Trung tâm Thiết kế sáng tạo Hà Nội": ("initiative", CENTRE),
    "Lễ hội Thiết kế sáng tạo Hà Nội": ("initiative", "design-festival"),
    "Bảo tàng Hà Nội": ("org", MUSEUM),
    "UBND thành phố Hà Nội": ("org", CITY),
    "Hoàn Kiếm": ("place", "hoan-kiem"),
    "phường Cửa Nam": ("place", "cua-nam"),
    "Hồ Gươm": ("place", "hoan-kiem-lake"),
    "Sóc Sơn": ("place", "soc-son"),
    "Kobe": ("place", "kobe"),
    "bà Lò Thu Ái": ("person", None),
    "Quyết định 7/QĐ-THU": ("document", None),
}
STORIES = {
    "2022-03-01": "UBND thành phố Hà Nội giao Bảo tàng Hà Nội mở xưởng mẫu gốm trước ngày "
    "30/6/2022 cho Trung tâm Thiết kế sáng tạo Hà Nội. Bà Lò Thu Ái nói: Tôi chờ đã lâu. "
    "Xưởng ở gần Hồ Gươm.",
    "2022-09-10": "Trung tâm Thiết kế sáng tạo Hà Nội đã hoàn thành xưởng mẫu gốm ở phường "
    "Cửa Nam. Bảo tàng Hà Nội và bà Lò Thu Ái đón khách đầu tiên theo Quyết định 7/QĐ-THU.",
    "2024-01-05": "Trung tâm Thiết kế sáng tạo Hà Nội sẽ dọn kho tre đen trước ngày 1/3/2024. "
    "Đoàn Kobe và đoàn Sóc Sơn tới Hoàn Kiếm cùng Bảo tàng Hà Nội.",
    "2024-05-06": "Trung tâm Thiết kế sáng tạo Hà Nội và Lễ hội Thiết kế sáng tạo Hà Nội cùng "
    "mời bà Lò Thu Ái.",
}


def span(body: str, said: str) -> tuple[str, int, int]:
    start = body.index(said)
    return "body", start, start + len(said)


def pairs() -> Iterator[tuple[Article, Reading]]:
    for number, (day, body) in enumerate(STORIES.items(), start=1):
        published = datetime.fromisoformat(f"{day}T08:00:00+07:00")
        article = Article(
            f"Tin số {number}", "", body, url=f"https://hanoimoi.vn/tin-{number}.html",
            outlet="hanoimoi" if number < 4 else None, published_at=published,
        )  # fmt: skip
        mentions = [
            Mention(kind, id_, name, body[at : at + len(name)], "body", at, at + len(name),
                    0, len(body), "registry:exact" if id_ else "ner", 1.0)
            for name, (kind, id_) in NAMES.items()
            if (at := body.lower().find(name.lower())) >= 0
        ]  # fmt: skip
        facts: dict[str, tuple[object, ...]] = {}
        if number == 1:
            promised = "mở xưởng mẫu gốm trước ngày 30/6/2022"
            facts = {
                "quotes": (
                    Quote(None, "Lò Thu Ái", None, True, "Tôi chờ đã lâu.", "nói",
                          *span(body, "Tôi chờ đã lâu.")),
                ),
                "commitments": (
                    Commitment(CENTRE, MUSEUM, "Bảo tàng Hà Nội", promised, None, "2022-06-30",
                               None, None, *span(body, promised)),
                ),
                "assignments": (
                    Assignment(MUSEUM, "Bảo tàng Hà Nội", "operate", promised, CENTRE, False,
                               *span(body, promised)),
                    Assignment(CITY, "UBND thành phố Hà Nội", "lead", promised, CENTRE, False,
                               *span(body, promised)),
                ),
            }  # fmt: skip
        if number == 3:
            promised = "sẽ dọn kho tre đen trước ngày 1/3/2024"
            facts = {
                "commitments": (
                    Commitment(CENTRE, None, None, promised, None, "2024-03-01", None, None,
                               *span(body, promised)),
                )
            }  # fmt: skip
        yield article, Reading(tuple(mentions), "test", 2, 40, **facts)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive in which an initiative has a course."""
    path = tmp_path_factory.mktemp("entries") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        archive.sync_registry(
            EntryRow(e.id, e.kind, e.name, e.name_en, e.level, e.programme, e.parent,
                     {"territory": list(e.territory)})
            for e in load_registry().entries.values()
        )  # fmt: skip
        archive.load(list(pairs()), None)
        yield archive


@pytest.fixture(scope="module")
def desk(stored: Archive, serve: Serve) -> Iterator[httpx.Client]:
    with (
        serve(create_app(stored)) as address,
        httpx.Client(base_url=address, timeout=900) as client,
    ):
        yield client


def counted(text: str) -> int:
    """Return the number in a text that ends with "3 bài"."""
    return int(re.findall(r"(\d+)(?: bài)?$", text)[0])


def found(desk: httpx.Client, link: str) -> int:
    """Return how many articles a search shows that it found."""
    return len(tree(desk.get(link)).xpath("//article//h3/a"))


@pytest.mark.parametrize("typed", ["bà Lò Thu Ái", "BÀ LÒ THU ÁI"])
def test_a_name_without_an_entry_leads_to_its_articles(desk: httpx.Client, typed: str) -> None:
    with httpx.Client(base_url=desk.base_url, timeout=900) as other:  # which keeps the language
        answer = other.get(f"/actors/{typed}?lang=en&x=1")
        assert answer.status_code == 303
        to = httpx.URL(answer.headers["location"])
        assert (to.path, dict(to.params)) == ("/search", {"actor": typed, "lang": "en"})
        assert found(other, answer.headers["location"]) == 3
    assert desk.get("/actors/ông Lò Thu Ái").status_code == 404


@pytest.mark.parametrize("path", [f"/initiatives/{CENTRE}", f"/actors/{MUSEUM}"])
def test_every_figure_leads_to_as_many_articles(desk: httpx.Client, path: str) -> None:
    page = tree(desk.get(path))
    figures = page.xpath("//ul[@class='tally']//a[@class='figure']")
    tiles = page.xpath("//ol[@class='tiles']//a")
    assert len(figures) > 5
    assert len(tiles) > 0
    for one in figures:
        assert counted(one.text_content()) == found(desk, one.get("href")), one.get("href")
    for one in tiles:
        (number,) = one.xpath("./b/text()")
        assert int(number) == found(desk, one.get("href")), one.get("href")
    for one in page.xpath("//svg[@class='chart']//a"):
        assert counted(one.get("aria-label")) == found(desk, one.get("href"))


@pytest.mark.parametrize(
    "query", ["", f"initiative={CENTRE}", f"actor={MUSEUM}", "place=hoan-kiem"]
)
def test_every_choice_of_a_search_leads_to_as_many_articles(desk: httpx.Client, query: str) -> None:
    page = tree(desk.get(f"/search?{query}"))
    choices = page.xpath("//ul[@class='facet']//a[not(@aria-current)]")
    assert len(choices) > 5
    for one in choices:
        (number,) = one.xpath(".//*[@class='figure']/text()")
        assert int(number) == found(desk, one.get("href")), one.get("href")


def test_course_tells_what_was_announced_assigned_promised_said_reported_and_silent(
    desk: httpx.Client,
) -> None:
    page = tree(desk.get(f"/initiatives/{CENTRE}"))
    events = page.xpath("//section[@aria-labelledby='course']//ol[@class='course']/li")
    assert [(one.get("class"), one.xpath("string(.//time)")) for one in events] == [
        ("silent", "01/03/2024"),
        ("promised", "05/01/2024"),
        ("reported", "10/09/2022"),
        ("quoted", "01/03/2022"),
        ("promised", "01/03/2022"),
        ("assigned", "01/03/2022"),
        ("announced", "01/03/2022"),
    ]
    assert "được đưa tin là đã làm" in events[2].text_content()
    assert texts(events[5], ".//p[@class='who']") == [
        "Bảo tàng Hà Nội (vận hành), UBND thành phố Hà Nội (chủ trì)"
    ]
    ids = {one.get("id") for one in events}
    dots = page.xpath("//svg[@class='strip']//a/@href")
    assert {one.removeprefix("#") for one in dots} == ids
    assert len(dots) == len(events)


def test_every_event_leads_to_its_sentence(desk: httpx.Client) -> None:
    page = tree(desk.get(f"/initiatives/{CENTRE}"))
    links = page.xpath("//ol[@class='course']/li/p[@class='what']/a")
    assert len(links) == 7
    for link in links:
        address, _, place = link.get("href").partition("#")
        article = tree(desk.get(address))
        if place:
            (there,) = article.xpath(f"//*[@id='{place}']")
            said = link.text_content().strip("“”")
            assert said in there.text_content() or there.text_content() in said
        else:
            assert article.xpath("string(//h1)") == link.text_content()


def test_ledger_says_what_later_coverage_reports(desk: httpx.Client) -> None:
    page = tree(desk.get(f"/initiatives/{CENTRE}"))
    states = page.xpath("//section[@aria-labelledby='commitments']//span[contains(@class,'state')]")
    assert [one.get("class") for one in states] == ["state promised"] * 2
    assert [one.getnext().text for one in states] == [
        "máy đề xuất: quá hạn, không bài nào nhắc lại",
        "máy đề xuất: được đưa tin là đã làm",
    ]
    (later,) = page.xpath("//details[@class='later']")
    assert "hoàn thành xưởng mẫu gốm" in later.text_content()
    (link,) = later.xpath(".//p[@class='source']/a/@href")
    address, _, place = link.partition("#")
    (sentence,) = tree(desk.get(address)).xpath(f"//*[@id='{place}']")
    assert "hoàn thành xưởng mẫu gốm" in sentence.text_content()


def test_a_decided_status_has_words_on_every_page(tmp_path: Path, serve: Serve) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        archive.load(list(pairs()), None)
        row = next(one for one in archive.ledger_rows(Query()) if one["article_id"] == 3)
        for status in STATUSES[1:]:
            source = "https://vidu.example/nghiem-thu"
            archive.judge(row["key"], "status", {"status": status}, source=source, note="theo báo")
            said = all_words()["vi"](f"status.{status}")
            with serve(create_app(archive)) as base:
                for path in ("/commitments", f"/initiatives/{CENTRE}", "/articles/3"):
                    page = tree(httpx.get(base + path, timeout=900))
                    (state,) = page.xpath(f"//span[@class='state {status}']")
                    assert state.text == said, path
                    assert state.getnext().text.startswith("người xét duyệt đã quyết định")
                    assert page.xpath(f"//span[@class='how']/a[@href='{source}']"), path
                    silent = page.xpath("//ol[@class='course']/li[@class='silent']")
                    assert len(silent) == (path.startswith("/ini") and status == "silent")


def test_every_page_tells_what_is_proposed_of_a_promise(desk: httpx.Client) -> None:
    for path in ("/commitments", f"/initiatives/{CENTRE}", "/articles/3"):
        said = desk.get(path).text
        assert "được đưa tin là sẽ làm" in said, path
        assert "máy đề xuất: quá hạn, không bài nào nhắc lại" in said, path
    said = desk.get("/articles/3?lang=en").text
    assert "proposed: overdue, no article speaks of it again" in said


def test_roles_are_counted_by_actor_and_role(stored: Archive) -> None:
    assert roles(stored.engine, Query(initiatives=(CENTRE,))) == [
        Part(MUSEUM, "Bảo tàng Hà Nội", "operate", 1, CENTRE),
        Part(CITY, "UBND thành phố Hà Nội", "lead", 1, CENTRE),
    ]
    assert [one.role for one in roles(stored.engine, Query(actors=(CITY,)))] == ["lead"]
    assert roles(stored.engine, Query(initiatives=("sea-forum",))) == []


def test_a_role_in_no_initiative_is_counted_without_a_link(tmp_path: Path, serve: Serve) -> None:
    told = list(pairs())
    article, reading = told[0]
    (first, *_) = reading.assignments
    apart = replace(first, initiative_id=None)
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        archive.load([(article, replace(reading, assignments=(first, apart)))], None)
        with serve(create_app(archive)) as base:
            page = tree(httpx.get(f"{base}/actors/{MUSEUM}", timeout=900))
    rows = page.xpath("//section[@aria-labelledby='assignments']//tbody/tr")
    links = {one.xpath("string(./th)"): one.xpath("./td//a/@href") for one in rows}
    assert links.pop("Việc khác") == []
    assert [len(one) for one in links.values()] == [1]


def test_what_surrounds_an_entry_is_what_listing_every_mention_gives(stored: Archive) -> None:
    got = around(stored.engine, CENTRE, {"person": 9, "org": 9, "document": 9, "place": 9})
    query = Query(initiatives=(CENTRE,))
    rows = {(row["kind"], row["name"], row["articles"]) for row in stored.actors_rows(query)}
    assert {(c.kind, c.name, c.articles) for kind in ACTORS for c in got.named[kind]} == rows
    assert [(c.name, c.articles) for c in got.named["document"]] == [
        (row["name"], row["articles"]) for row in stored.documents_rows(query)
    ]
    assert got.outlets == [Press("hanoimoi", None, 3), Press(None, None, 1)]
    assert got.first is not None
    assert (got.first.article_id, got.first.published_at) == (
        1, datetime(2022, 3, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert around(stored.engine, "sea-forum", {"org": 9}).first is None


def test_entries_are_counted_as_searches_find_them(stored: Archive) -> None:
    ids = [CENTRE, "design-festival", "sea-forum"]
    assert articles_naming(stored.engine, ids) == {
        one: stored.count("articles", Query(initiatives=(one,))) for one in ids[:2]
    }


def test_the_sketch_has_every_district_once_and_counts_what_lies_in_it(stored: Archive) -> None:
    entries = load_registry().entries
    assert len(set(grid().values())) == len(grid()) == 30
    assert set(grid()) <= {one.id for one in load_registry().of_kind("place")}
    query = Query(initiatives=(CENTRE,))
    named = around(stored.engine, CENTRE, {"place": 50}).named["place"]
    shown = where(stored, query, named, entries)
    tiles = {one.entity_id: one.articles for one in shown.tiles if one.articles}
    assert tiles == {"hoan-kiem": 3, "soc-son": 1}  # its name, a ward on its ground, its lake
    assert max(one.shade for one in shown.tiles) == 3
    assert "Kobe" in [one.name for one in shown.places]
    assert "Hoàn Kiếm" not in [one.name for one in shown.places]
    assert where(stored, query, [], entries).tiles == ()


def test_nothing_known_gives_an_empty_course(stored: Archive) -> None:
    empty = chronicle(stored, Query(initiatives=("sea-forum",), limit=5), None, [])
    assert (empty.years, empty.dots, empty.lanes) == ([], [], [])


def test_dots_keep_inside_the_strip_and_in_the_order_of_time(stored: Archive) -> None:
    course = chronicle(stored, Query(initiatives=(CENTRE,), limit=9), None, [])
    lefts = [dot.left for dot in course.dots]
    assert lefts == sorted(lefts, reverse=True)
    assert all(0 < left < 100 for left in lefts)
    assert set(course.lanes) <= set(KINDS)
    assert all(isinstance(dot.event, Event) for dot in course.dots)


def test_counts_are_kept_until_the_archive_changes(tmp_path: Path) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        kept, made = Kept(archive), []

        def make() -> int:
            made.append(1)
            return len(made)

        assert [kept.of("a", make), kept.of("a", make), kept.of("b", make)] == [1, 1, 2]
        archive.load(list(pairs())[:1], None)
        assert kept.of("a", make) == 3
        article, reading = next(pairs())
        archive.load([(replace(article, title="Tít đã sửa"), reading)], None)
        assert kept.of("a", make) == 4
        archive.finish_run(archive.start_run("reread", {}), "done", {})
        assert kept.of("a", make) == 5


def test_what_fails_is_not_kept_and_leaves_nothing(stored: Archive) -> None:
    kept = Kept(stored)

    def fail() -> int:
        raise QueryError("no such page")

    for n in range(3):
        with pytest.raises(QueryError):
            kept.of(("page", n), fail)
    assert kept.of(("page", 1), lambda: 7) == 7
    assert list(kept._making) == [("page", 1)]


def test_a_new_article_is_on_the_page_at_once(tmp_path: Path, serve: Serve) -> None:
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        told = list(pairs())
        archive.load(told[:3], None)
        with serve(create_app(archive)) as base:
            path = f"{base}/initiatives/{CENTRE}"
            assert "Tin số 4" not in httpx.get(path, timeout=900).text
            archive.load(told[3:], None)
            assert "Tin số 4" in httpx.get(path, timeout=900).text


def test_due_days_are_dates(stored: Archive) -> None:
    rows = stored.page("commitments", Query(initiatives=(CENTRE,))).rows
    assert [row["due_to"] for row in rows] == [date(2024, 3, 1), date(2022, 6, 30)]
