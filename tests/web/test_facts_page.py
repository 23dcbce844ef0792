"""What was said, promised and assigned: its own pages, and on those of articles and entries."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice

import httpx
import pytest

from kb.archive import Archive, Query
from kb.web import facts
from kb.web.language import all_words
from tests.web.markup import texts, tree

FESTIVAL = 1
FESTIVALS = [
    "Lễ hội Thiết kế sáng tạo Hà Nội mở cửa tối nay",
    "Lễ hội Thiết kế sáng tạo Hà Nội đã mượn xưởng một lần.",
]
"""What the stories tell as promised of the festival."""


@pytest.mark.parametrize(
    ("first", "last", "recurs", "said"),
    [
        ("2025-11-07", "2025-11-07", None, "07/11/2025"),
        ("2025-11-01", "2025-11-30", None, "tháng 11/2025"),
        ("2024-02-01", "2024-02-29", None, "tháng 02/2024"),
        ("2025-01-01", "2025-12-31", None, "năm 2025"),
        ("2021-01-01", "2025-12-31", None, "năm 2021–2025"),
        ("2025-01-01", "2025-06-30", None, "01/2025–06/2025"),
        ("2025-11-14", "2025-11-29", None, "14/11/2025–29/11/2025"),
        (None, "2030-12-31", None, "trước hoặc vào 31/12/2030"),
        ("2025-12-01", None, None, "từ 01/12/2025"),
        (None, None, "P1Y", "hằng năm"),
        ("2026-01-01", None, "P1M", "hằng tháng, từ 01/01/2026"),
        (None, None, "P5Y", "P5Y"),
        (None, None, None, ""),
    ],
)
def test_a_term_is_said_as_people_say_it(
    first: str | None, last: str | None, recurs: str | None, said: str
) -> None:
    row = {
        "due_from": date.fromisoformat(first) if first else None,
        "due_to": date.fromisoformat(last) if last else None,
        "recurs": recurs,
    }
    assert facts.due(row, all_words()["vi"]) == said


@pytest.mark.parametrize("kind", facts.KINDS)
def test_a_page_of_facts_lists_all_of_them(
    client: httpx.Client, archive: Archive, kind: str
) -> None:
    rows = {
        "quotes": archive.quotes_rows,
        "commitments": archive.commitments_rows,
        "assignments": archive.assignments_rows,
    }[kind](Query())
    expected = [row.get("task") or row["text"] for row in islice(rows, facts.LISTED)]
    assert expected
    page = tree(client.get(f"/{kind}"))
    said = "@class='said'" if kind == "commitments" else "@class='what'"
    shown = texts(page, f"//ol[@class='told']/li//*[self::blockquote or {said}]")
    assert [text.strip("“”") for text in shown] == [" ".join(one.split()) for one in expected]
    assert page.xpath("//header//nav/a[@aria-current='page']/@href") == [f"/{kind}"]


def test_a_commitment_is_shown_in_its_sentence(client: httpx.Client, archive: Archive) -> None:
    bodies = {row["article_id"]: row for row in archive.articles_rows(Query(), full_text=True)}
    rows = list(islice(archive.commitments_rows(Query()), facts.LISTED))
    shown = texts(tree(client.get("/commitments")), "//ol[@class='told']/li/p[@class='what']")
    begun = 0
    for row, sentence in zip(rows, shown, strict=True):
        text = " ".join(bodies[row["article_id"]][row["field"]].split())
        assert sentence in text
        assert " ".join(row["text"].split()) in sentence
        begun += not sentence.startswith(row["text"][:20])
    assert begun, "one of them begins in the middle of its sentence"


@pytest.mark.parametrize(("before", "shown"), [("a" * 240, "a" * 240), ("bc " * 100, "… ")])
def test_of_a_long_sentence_what_is_near_is_shown(
    before: str, shown: str, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{before}mở cửa{before}"
    row = {"article_id": 1, "field": "body", "start": len(before), "end": len(before) + 6}
    kept = [{"article_id": 1, "body": text}]
    monkeypatch.setattr(archive, "articles_rows", lambda query, full_text: iter(kept))
    (found,) = facts.in_sentence(archive, Query(), [row])
    assert found["before"].startswith(shown)
    assert len(found["before"]) <= 242
    assert found["before"].strip("… ") in before
    assert (found["after"] == before) == (found["before"] == before)


@pytest.mark.parametrize("kind", facts.KINDS)
def test_each_fact_leads_to_its_place_in_the_article(client: httpx.Client, kind: str) -> None:
    links = tree(client.get(f"/{kind}")).xpath("//ol[@class='told']//p[@class='source']/a/@href")
    assert links
    for link in links:
        address, _, place = link.partition("#")
        assert len(tree(client.get(address)).xpath(f"//li[@id='{place}']")) == 1


def test_pages_follow_one_another_without_a_gap(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = texts(tree(client.get("/commitments")), "//ol[@class='told']/li")
    monkeypatch.setattr(facts, "LISTED", 2)
    seen, link = [], "/commitments"
    while link:
        page = tree(client.get(link))
        seen += texts(page, "//ol[@class='told']/li")
        link = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert len(whole) > 2
    assert seen == whole


def test_only_what_is_still_to_come_is_shown_on_request(
    client: httpx.Client, archive: Archive
) -> None:
    today = date.today()
    due = list(archive.commitments_rows(Query()))
    open_ones = [
        row
        for row in due
        if (row["due_to"] or row["due_from"] or date.min) > today - timedelta(days=1)
    ]
    soonest = sorted(open_ones, key=lambda row: row["due_to"] or date.max)
    page = tree(client.get("/commitments?due=coming"))
    shown = [" ".join(row["text"].split()) for row in soonest]
    assert texts(page, "//ol/li/p[@class='what']/span[@class='said']") == shown
    assert len(open_ones) < len(due)


def test_filters_narrow_the_list_and_stay_in_the_form(client: httpx.Client) -> None:
    page = tree(client.get("/commitments", params={"initiative": "design-festival"}))
    assert texts(page, "//p[@class='what']") == FESTIVALS
    assert len(texts(tree(client.get("/commitments")), "//p[@class='what']")) > len(FESTIVALS)
    assert page.xpath("//option[@selected]/@value") == ["design-festival"]
    none = tree(client.get("/quotes", params={"q": "khôngcótừnày"}))
    assert texts(none, "//p[@class='empty']") == ["Chưa có gì khớp với điều kiện này."]


@pytest.mark.parametrize("kind", facts.KINDS)
def test_every_filter_in_force_is_shown_and_stays(client: httpx.Client, kind: str) -> None:
    asked = {
        "role": "coordinate", "outlet": "hanoimoi", "document": "document:Quyết định 7", "to": "abc"
    }  # fmt: skip
    page = tree(client.get(f"/{kind}", params={**asked, "initiative": ["", "a", "b"]}))
    chips = page.xpath("//ul[@aria-label='Đang lọc']//a")
    assert [" ".join(chip.text_content().split()) for chip in chips] == [
        "bỏ lọc này: Cơ quan báo chí: Hà Nội Mới ×",
        "bỏ lọc này: Sáng kiến: a ×",
        "bỏ lọc này: Sáng kiến: b ×",
        "bỏ lọc này: Văn bản: Quyết định 7 (văn bản) ×",
        "bỏ lọc này: Vai trò: phối hợp ×",
    ]
    assert {chip.get("href").partition("?")[0] for chip in chips} == {f"/{kind}"}
    assert texts(page, "//p[contains(@class,'alarm')]") == ["Không phải ngày, nên đã bỏ qua: abc"]
    hidden = page.xpath("//main//form[@class='search']//input[@type='hidden']")
    assert {(one.get("name"), one.get("value")) for one in hidden} == {
        ("outlet", "hanoimoi"), ("document", "document:Quyết định 7"), ("role", "coordinate"),
        ("initiative", "b"),
    }  # fmt: skip


def test_an_article_shows_what_it_tells_with_who_and_when(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    promised = texts(page, "//section[@aria-labelledby='commitments']//li")
    assert any("Bảo tàng Hà Nội" in one for one in promised)
    assert any("07/11/2025" in one and "được đưa tin là sẽ làm" in one for one in promised)
    (given,) = texts(page, "//section[@aria-labelledby='assignments']//li")
    assert "Sở Văn hóa và Thể thao Hà Nội · phối hợp" in given
    quotes = texts(page, "//section[@aria-labelledby='quotes']//li")
    assert any("“Chúng tôi dựng mọi thứ trong 12 ngày.” Lâm Thục Quyên" in one for one in quotes)


def test_the_page_of_an_initiative_shows_its_own_promises_and_roles(client: httpx.Client) -> None:
    page = tree(client.get("/initiatives/design-festival"))
    assert texts(page, "//section[@aria-labelledby='commitments']//p[@class='what']") == FESTIVALS
    (given,) = page.xpath("//section[@aria-labelledby='assignments']//tbody/tr")
    assert texts(given, ".") == ["Sở Văn hóa và Thể thao Hà Nội phối hợp 1"]
    (link,) = given.xpath("./td//a/@href")
    assert len(tree(client.get(link)).xpath("//ol[@class='told']/li")) == 1
    assert page.xpath("//section[@aria-labelledby='documents']//a")


def test_nothing_that_an_article_says_runs_in_the_page(client: httpx.Client) -> None:
    for kind in facts.KINDS:
        assert tree(client.get(f"/{kind}")).xpath("//script") == []


def test_a_page_number_that_is_none_begins_at_the_start(client: httpx.Client) -> None:
    first = texts(tree(client.get("/quotes")), "//ol/li")
    for odd in ("-3", "zwei", "1e9", "²"):
        assert texts(tree(client.get("/quotes", params={"after": odd})), "//ol/li") == first
