"""Comparing up to five queries: one chart, one table, in numbers or as a share."""

from __future__ import annotations

import csv
import io
from datetime import date
from urllib.parse import parse_qsl

import httpx
import pytest
from lxml.html import HtmlElement

from kb.archive import Archive, Query
from kb.web.chart import MOST_LINES
from tests.web.markup import texts, tree

TWO = "/compare?q=lễ+hội&q=xưởng&by=year"


def table(page: HtmlElement) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.xpath("//figure//table//tr")
    ]


def test_each_query_has_a_line_a_column_and_its_articles(
    client: httpx.Client, archive: Archive
) -> None:
    page = tree(client.get(TWO))
    for number, text in enumerate(("lễ hội", "xưởng"), start=1):
        total = archive.search(Query(text)).total
        row = texts(page, f"(//section[@class='compared'])[1]//tbody/tr[{number}]/*")
        assert row[0] == f"{number}. {text}"
        assert row[2] == f"{total} bài"
        (line,) = page.xpath(f"//svg[@role='group']//*[contains(@class,'line-{number}')]")
        for link in line.xpath(".//a"):
            said = int(link.get("aria-label").rpartition(": ")[2].split()[0])
            found = tree(client.get(link.get("href")))
            assert texts(found, "//h2[@id='found']") == [f"{said} bài"]
    assert table(page)[0] == ["Thời gian", "lễ hội", "xưởng"]


def test_periods_are_the_same_for_all_and_none_is_left_out(
    client: httpx.Client, archive: Archive
) -> None:
    rows = table(tree(client.get(TWO)))[1:]
    assert [row[0] for row in rows] == ["2025", "2024", "2023"]
    for place, text in enumerate(("lễ hội", "xưởng"), start=1):
        found = {one.start.year: one.articles for one in archive.histogram(Query(text), "year")}
        assert [int(row[place].split()[0]) for row in rows] == [
            found.get(int(row[0]), 0) for row in rows
        ]


def test_shares_have_the_denominator_of_all_articles(
    client: httpx.Client, archive: Archive
) -> None:
    page = tree(client.get(f"{TWO}&measure=share"))
    total = {one.start.year: one.total for one in archive.histogram(Query(), "year")}
    found = {one.start.year: one.articles for one in archive.histogram(Query("xưởng"), "year")}
    for row in table(page)[1:]:
        year = int(row[0])
        whole = total[year]
        share = f"{100 * found.get(year, 0) / whole:.1f}".replace(".", ",") + "%" if whole else "–"
        assert row[2] == share
    switch = page.xpath("//nav[@aria-label='Cách đo']/a")
    assert [one.get("aria-current") for one in switch] == [None, "page"]
    assert dict(parse_qsl(switch[0].get("href").partition("?")[2])) == {
        "q": "xưởng", "by": "year", "measure": "articles",
    }  # fmt: skip


def test_filters_are_shared_and_can_be_taken_back(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/compare?q=lễ+hội&q=xưởng&outlet=hanoimoi&from=2024-01-01"))
    totals = texts(page, "(//section[@class='compared'])[1]//tbody//td[2]")
    asked = [
        Query(text, since=date(2024, 1, 1), outlets=("hanoimoi",)) for text in ("lễ hội", "xưởng")
    ]
    assert totals == [f"{archive.search(query).total} bài" for query in asked]
    assert totals == ["1 bài", "0 bài"]
    (note,) = texts(page, "//section[@class='compared']//td/span[@class='note']")
    assert "không kể dấu thì có 1 bài; thử: xuong" in note
    without = page.xpath("//ul[@aria-label='Đang lọc']//a/@href")
    assert [sorted(parse_qsl(one.partition("?")[2])) for one in without] == [
        [("outlet", "hanoimoi"), ("q", "lễ hội"), ("q", "xưởng")],
        [("from", "2024-01-01"), ("q", "lễ hội"), ("q", "xưởng")],
    ]


def test_five_queries_at_most_each_with_its_own_dash_and_shape(client: httpx.Client) -> None:
    typed = ["lễ", "hội", "xưởng", "giờ", "vé", "mưa", "lễ", " "]
    page = tree(client.get("/compare", params=[("q", one) for one in typed]))
    fields = page.xpath("//input[@name='q' and ancestor::form[contains(@action,'compare')]]/@value")
    assert fields == typed[:MOST_LINES]
    keys = page.xpath("//ul[@class='key']/li")
    assert texts(page, "//ul[@class='key']/li") == [
        f"{n}. {text}" for n, text in enumerate(typed[:MOST_LINES], start=1)
    ]
    shapes = [one.xpath(".//svg[@class='point']/*") for one in keys]
    drawn = {(shape[0].tag, *sorted(shape[0].items())) for shape in shapes}
    assert len(drawn) == MOST_LINES


@pytest.mark.parametrize(
    "address",
    [
        "/compare",
        "/compare?q=",
        "/compare?q=((((&q=%00&q=HOẶC",
        "/compare?q=zzz",
        "/compare?from=x",
    ],
)
def test_whatever_is_typed_gets_a_page(client: httpx.Client, address: str) -> None:
    page = tree(client.get(address))
    assert len(page.xpath("//fieldset[@class='queries']//input[@name='q']")) == MOST_LINES


def test_figures_can_be_taken_away_with_their_denominators(
    client: httpx.Client, archive: Archive
) -> None:
    page = tree(client.get(TWO))
    (address,) = page.xpath("//a[@download]/@href")
    answer = client.get(address)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["query"] for row in rows] == ["lễ hội"] * 3 + ["xưởng"] * 3
    totals = {one.start.isoformat(): one.total for one in archive.histogram(Query(), "year")}
    assert {row["from"]: int(row["total"]) for row in rows} == {
        day: total for day, total in totals.items() if day >= "2023"
    }
    row = next(one for one in rows if one["query"] == "xưởng" and one["from"] == "2023-01-01")
    assert (row["to"], row["articles"], row["share"]) == ("2023-12-31", "1", "1.0")


def test_a_file_runs_no_formula(client: httpx.Client) -> None:
    answer = client.get("/compare.csv", params=[("q", '=lễ "hội"')])
    assert "'=lễ" in answer.text


def test_the_search_page_leads_here_with_its_filters(client: httpx.Client) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội", "outlet": "hanoimoi"}))
    (address,) = page.xpath("//ul[@class='actions']//a[starts-with(@href,'/compare')]/@href")
    assert sorted(parse_qsl(address.partition("?")[2])) == [("outlet", "hanoimoi"), ("q", "lễ hội")]
