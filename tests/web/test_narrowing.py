"""Narrowing a result: counts by outlet, initiative, actor; the chart over time; its parts alone."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl

import httpx
import pytest
from lxml.html import HtmlElement

from kb.archive import Archive, Query
from kb.archive.explain import spelled_text
from kb.archive.records import By
from kb.archive.remarks import remarks
from kb.web import periods, searching
from kb.web.clauses import clauses, narrowed
from kb.web.form import SearchForm
from tests.web.markup import texts, tree

OFFICE = "Sở Văn hóa và Thể thao Hà Nội"


def choices(page: HtmlElement, name: str) -> dict[str, tuple[int, str]]:
    """Return each choice of a group: its count and address."""
    links = page.xpath(f"//section[@aria-labelledby='by-{name}']//a")
    return {
        " ".join(one.xpath("string(.//*[@class='label'])").split()): (
            int(one.xpath("string(.//*[@class='figure']/text())").replace(".", "")),
            one.get("href"),
        )
        for one in links
    }


def count(client: httpx.Client, address: str) -> int:
    heading = texts(tree(client.get(address)), "//h2[@id='found']")[0]
    return int(heading.split()[0].replace(".", ""))


@pytest.mark.parametrize("query", ["", "lễ hội OR xưởng"])
@pytest.mark.parametrize("name", ["outlet", "level", "initiative", "actor", "place", "kind"])
def test_each_choice_leads_to_as_many_articles_as_it_says(
    client: httpx.Client, query: str, name: str
) -> None:
    found = choices(tree(client.get("/search", params={"q": query})), name)
    assert found
    for label, (articles, address) in found.items():
        assert count(client, address) == articles, label


def test_counts_are_those_of_the_archive(client: httpx.Client, archive: Archive) -> None:
    found = choices(tree(client.get("/search")), "initiative")
    facets = archive.facets(Query())
    assert {label: n for label, (n, _) in found.items()} == {
        one.name: one.articles for one in facets.initiatives
    }
    assert dict(facets.levels) == {"central": 42, "hanoi": 2}


def test_a_choice_in_force_is_marked_and_taken_back(client: httpx.Client) -> None:
    before = choices(tree(client.get("/search")), "outlet")
    _, address = before["Hà Nội Mới"]
    page = tree(client.get(address))
    chosen = page.xpath("//section[@aria-labelledby='by-outlet']//a[@aria-current='true']")
    assert [one.xpath("string(.//*[@class='label']/text())").strip() for one in chosen] == [
        "Hà Nội Mới"
    ]
    assert chosen[0].get("href") == "/search"
    # An article has one outlet: the others stay in sight, and a second one adds to the first.
    after = choices(page, "outlet")
    assert {n for n, _ in after.values()} == {n for n, _ in before.values()}
    both = next(address for label, (_, address) in after.items() if label == "VnExpress")
    assert count(client, both) == sum(n for n, _ in before.values())


def test_a_second_initiative_narrows_further_and_can_be_taken_back(client: httpx.Client) -> None:
    first = choices(tree(client.get("/search")), "initiative")
    label = "Lễ hội Thiết kế sáng tạo Hà Nội"
    articles, address = first[label]
    second = choices(tree(client.get(address)), "initiative")
    other = "Mạng lưới không gian văn hóa sáng tạo Hà Nội"
    fewer, further = second[other]
    assert (articles, fewer) == (3, 1)
    page = tree(client.get(further))
    assert count(client, further) == 1
    assert dict(parse_qsl(further.partition("?")[2]))["q"] == f'sáng_kiến:"{other}"'
    chips = page.xpath("//ul[@aria-label='Đang lọc']//a/@href")
    assert [count(client, one) for one in chips] == [1, 3]
    assert {label, other} <= {
        one.rstrip(" ×") for one in choices(page, "initiative") if one.endswith("×")
    }


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("text", ["", "lễ hội", "a OR b", "x -y", '"cụm từ"'])
@pytest.mark.parametrize(
    ("name", "value"),
    [("actor", OFFICE), ("kind", "event"), ("place", 'Cầu "Long Biên"'), ("initiative", "a-b")],
)
def test_a_clause_is_understood_and_taken_back(
    text: str, name: str, value: str, language: str
) -> None:
    longer = narrowed(text, name, value, language)
    assert remarks(longer) == []
    said = " ".join(value.replace('"', " ").split())
    assert [(kind, " ".join(found.split())) for kind, found, _ in clauses(longer)] == [(name, said)]
    (shorter,) = (rest for _, _, rest in clauses(longer))
    assert spelled_text(shorter, False, "vi") == spelled_text(text, False, "vi")
    twice = narrowed(longer, "kind", "person", language)
    assert [one[0] for one in clauses(twice)] == [name, "kind"]


@pytest.mark.parametrize(
    "text", ["người:Hà HOẶC người:Nam", "a KHÔNG người:Hà", "-người:Hà", "(a người:Hà)", "x:y", "("]
)
def test_what_is_no_plain_clause_is_left_alone(text: str) -> None:
    assert [one for one in clauses(text) if one[1] == "Hà"] == []


# --- over time ------------------------------------------------------------------------------------


def test_bars_lead_to_the_articles_that_they_count(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội OR xưởng OR đồng hồ"}))
    bars = page.xpath("//svg[contains(@class,'chart')]//a")
    said = [int(one.get("aria-label").rpartition(": ")[2].split()[0]) for one in bars]
    assert [count(client, one.get("href")) for one in bars] == said
    dated = archive.histogram(Query("lễ hội OR xưởng OR đồng hồ"), "year")
    assert sum(said) == sum(one.articles for one in dated) == 3


@pytest.mark.parametrize(
    ("since", "by", "shown"),
    [
        ("2025-01-01", "week", "week"),
        ("2025-01-01", "quarter", "quarter"),
        ("2025-01-01", "year", "month"),  # one bar would say nothing
        ("2020-01-01", "year", "year"),
        ("2020-01-01", "day", "quarter"),  # 2,000 bars cannot be told apart
        ("2020-01-01", "x", "quarter"),
    ],
)
def test_the_period_can_be_chosen(
    client: httpx.Client, archive: Archive, since: str, by: str, shown: By
) -> None:
    page = tree(client.get("/search", params={"from": since, "by": by}))
    found = archive.histogram(Query(since=date.fromisoformat(since)), shown)
    cells = texts(page, "//figure//tbody/tr/td[1]")
    assert [cell.split()[0] for cell in cells] == [str(one.articles) for one in reversed(found)]
    (tab,) = page.xpath("//nav[@aria-label='Đếm theo']/a[@aria-current]/@href")
    assert dict(parse_qsl(tab.partition("?")[2])) == {"from": since, "by": shown}


def test_a_bar_keeps_within_the_days_that_are_asked_for(client: httpx.Client) -> None:
    days = {"from": "2020-02-15", "to": "2025-11-06"}
    page = tree(client.get("/search", params={**days, "by": "year"}))
    hrefs = page.xpath("//svg[contains(@class,'chart')]//a/@href")
    asked = [dict(parse_qsl(one.partition("?")[2])) for one in hrefs]
    assert (asked[0]["from"], asked[0]["to"]) == (days["from"], "2020-12-31")
    assert (asked[-1]["from"], asked[-1]["to"]) == ("2025-01-01", days["to"])


def test_every_span_has_a_chart_that_can_be_read() -> None:
    first = date(1998, 3, 4)
    for days in (0, 1, 20, 40, 100, 300, 900, 4_000, 12_000):
        last = first + timedelta(days=days)
        offered = periods.offered(first, last)
        assert periods.usual(first, last) in [*offered, "day"]
        assert periods.chosen("nonsense", first, last) == periods.usual(first, last)
        for by in offered[:-1]:
            assert (days + 1) / periods.DAYS[by] <= periods.MOST


def test_days_typed_below_the_chart_keep_the_rest(client: httpx.Client) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội", "outlet": "hanoimoi"}))
    (form,) = page.xpath("//form[@id='range']")
    fields = {one.get("name"): one.get("value") for one in form.xpath(".//input")}
    assert fields.keys() == {"q", "outlet", "from", "to"}
    assert count(client, f"/search?{httpx.QueryParams(fields)}") == len(
        page.xpath("//section[contains(@class,'results')]//article")
    )


# --- of many articles ----------------------------------------------------------------------------


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every result count as a large one, of which the parts come after the list."""
    monkeypatch.setattr(searching, "INLINE", 0)


@pytest.mark.parametrize("part", ["chart", "facets"])
def test_parts_of_a_large_result_come_after_it(client: httpx.Client, many: None, part: str) -> None:
    params = {"q": "lễ hội", "from": "2020-01-01"}
    page = tree(client.get("/search", params=params))
    assert page.xpath("//svg[contains(@class,'chart')]") == []
    assert choices(page, "outlet") == {}
    (later,) = page.xpath(f"//*[starts-with(@hx-get,'/search/{part}')]")
    (link,) = later.xpath(".//a/@href")
    assert later.get("hx-get") == link
    whole = client.get(link)
    bare = client.get(link, headers={"HX-Request": "true"})
    assert "<main" in whole.text
    assert "<main" not in bare.text
    inner = "//svg[contains(@class,'chart')]//a" if part == "chart" else "//ul[@class='facet']//a"
    found = tree(bare).xpath(f"{inner}/@href")
    assert found == tree(whole).xpath(f"{inner}/@href") != []
    assert all(dict(parse_qsl(one.partition("?")[2]))["q"] == "lễ hội" for one in found)


def test_help_shows_queries_that_are_understood(client: httpx.Client) -> None:
    for language in ("vi", "en"):
        page = tree(client.get("/search", params={"lang": language}))
        links = page.xpath("//details[@class='examples']//a")
        assert len(links) == len(searching.examples()[language]) > 8
        for link in links:
            typed = dict(parse_qsl(link.get("href").partition("?")[2]))["q"]
            assert typed == link.text_content()
            assert remarks(typed) == []


def test_nothing_found_says_what_to_try(client: httpx.Client) -> None:
    params = {"q": "lễ hội", "outlet": "vnexpress", "from": "2030-01-01"}
    page = tree(client.get("/search", params=params))
    assert texts(page, "//h2[@id='found']") == ["0 bài"]
    assert page.xpath("//ul[@class='tries']//a") == []  # no single one of them helps
    page = tree(client.get("/search", params={**params, "from": "2020-01-01"}))
    tries = page.xpath("//ul[@class='tries']//a")
    assert [one.text_content() for one in tries]
    for one in tries:
        said = one.getnext().text_content()
        assert int(said.split()[0]) == count(client, one.get("href")) > 0


def test_the_address_to_cite_answers_as_the_archive_stood(
    client: httpx.Client, archive: Archive
) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội", "by": "year"}))
    plain, cited = page.xpath("//section[@id='take']//ul[@class='links']//a/@href")
    assert SearchForm.of(plain).query == Query("lễ hội")
    query = SearchForm.of(cited).query
    assert query.as_of is not None
    assert archive.search(query).total == archive.search(Query("lễ hội")).total
    assert count(client, cited) == count(client, plain)
