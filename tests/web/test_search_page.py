"""The search page: it answers whatever is typed, and says how it was understood."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from kb.archive import Archive, Query
from kb.reading import KINDS
from kb.web.form import LONGEST, SearchForm, understood
from kb.web.language import all_words
from kb.web.searching import FOUND
from tests.web.markup import marked, texts, tree
from tests.web.stories import FILLERS

TYPED = [
    "", "161/KH-UBND", "TP.Hà Nội", "30/10/2019", "“ngoặc cong”", '"mở mà không đóng', "((((", "*",
    "-", "HOẶC", "a HOẶC", "NOT NOT x", "'; DROP TABLE article; --", "<script>", "\x00", "𝔘🎏",
    "lễ\u0301 hội", "đ" * 1200, "a " * 2000, "NEAR(a b)", "title:x", "%", "\\",
]  # fmt: skip


@pytest.mark.parametrize("text", TYPED)
def test_whatever_is_typed_gets_an_answer(client: httpx.Client, text: str) -> None:
    names = ("q", "from", "to", "outlet", "initiative", "actor", "order", "after")
    page = tree(client.get("/search", params={"q": text}))
    assert len(page.xpath("//section[contains(@class,'results')]/h2")) == 1
    tree(client.get("/search", params=dict.fromkeys(names, text[:500])))


def test_results_agree_with_the_archive(client: httpx.Client, archive: Archive) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội thiết kế"}))
    found = archive.search(Query(text="lễ hội thiết kế"))
    assert found.total > 1
    assert texts(page, "//section[contains(@class,'results')]/h2") == [f"{found.total} bài"]
    assert page.xpath("//article//h3/a/@href") == [f"/articles/{h.article_id}" for h in found.hits]
    for element, hit in zip(page.xpath("//article"), found.hits, strict=True):
        text, marks = marked(element.xpath(".//*[@class='lead']"))
        assert text == hit.snippet
        assert [(mark.start, mark.end) for mark in marks] == list(hit.highlights)


def test_filters_narrow_and_stay_in_the_form(client: httpx.Client) -> None:
    wanted = {
        "from": "2023-01-01",
        "to": "20/05/2023",
        "outlet": "hanoimoi",
        "initiative": "creative-spaces",
        "actor": "Sở Văn hóa và Thể thao Hà Nội",
        "kind": "initiative",
        "order": "relevance",
    }
    page = tree(client.get("/search", params={"q": "hồ sơ", **wanted}))
    assert page.xpath("//article//h3/a/@href") == ["/articles/3"]
    assert page.xpath("//form[@class='search']//input[@name='to']/@value") == ["2023-05-20"]
    assert set(page.xpath("//option[@selected]/@value")) == {
        "hanoimoi",
        "creative-spaces",
        "relevance",
    }
    assert page.xpath("//input[@name='actor'][@type='text']/@value") == [wanted["actor"]]
    for name in ("from", "to", "outlet", "initiative", "actor", "kind"):
        other = {"from": "2024-01-01", "to": "2022-12-31", "kind": "event"}.get(name, "zz")
        narrower = tree(client.get("/search", params={**wanted, name: other}))
        assert narrower.xpath("//article") == []


def test_a_filter_in_force_is_shown_and_can_be_removed(client: httpx.Client) -> None:
    params = {"q": "lễ hội", "outlet": "hanoimoi", "from": "2025-01-01"}
    page = tree(client.get("/search", params=params))
    chips = page.xpath("//ul[@aria-label='Đang lọc']//a")
    assert [" ".join(chip.text_content().split()) for chip in chips] == [
        "bỏ lọc này: Từ ngày: 01/01/2025 ×",
        "bỏ lọc này: Cơ quan báo chí: Hà Nội Mới ×",
    ]
    assert dict(parse_qsl(chips[0].get("href").partition("?")[2])) == {
        "q": "lễ hội",
        "outlet": "hanoimoi",
    }


def test_what_to_try_is_said_as_people_write_it(client: httpx.Client) -> None:
    asked = {"q": "hồ sơ", "from": "2027-01-01", "outlet": "hanoimoi"}
    tries = texts(tree(client.get("/search", params=asked)), "//ul[@class='tries']//a")
    assert tries == ["Bỏ lọc: Từ ngày 01/01/2027"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("le hoi", "Đã tìm không phân biệt dấu, vì câu tìm không có dấu."),
        ("lê hôi", "Không có bài nào khớp đúng dấu, nên đã tìm không phân biệt dấu."),
        ("lễ hội", None),
    ],
)
def test_ignored_marks_are_said(client: httpx.Client, text: str, note: str | None) -> None:
    page = tree(client.get("/search", params={"q": text}))
    notes = [one for one in texts(page, "//p[@class='note']") if not one.startswith("Hiểu là")]
    assert notes == ([note] if note else [])
    assert page.xpath("//article")


def test_a_day_that_is_none_is_left_aside_and_said(client: httpx.Client) -> None:
    page = tree(client.get("/search", params={"q": "lễ hội", "from": "31/02/2025"}))
    assert texts(page, "//p[contains(@class,'alarm')]") == [
        "Không phải ngày, nên đã bỏ qua: 31/02/2025"
    ]
    assert page.xpath("//article")


def test_pages_of_results_follow_each_other(client: httpx.Client) -> None:
    first = tree(client.get("/search", params={"q": "thời tiết"}))
    forward = first.xpath("//a[@rel='next']/@href")[0]
    second = tree(client.get(forward))
    numbers = [set(page.xpath("//article//h3/a/@href")) for page in (first, second)]
    assert [len(one) for one in numbers] == [FOUND, FILLERS - FOUND]
    assert numbers[0].isdisjoint(numbers[1])
    assert texts(second, "//a[@class='more']") == ["Về trang đầu"]
    broken = tree(client.get(forward + "x!"))
    assert set(broken.xpath("//article//h3/a/@href")) == numbers[0]


@pytest.mark.parametrize(
    ("text", "folded", "said"),
    [
        ('"không gian" HOẶC xưởng', False, "“không gian” HOẶC xưởng"),
        ("lễ hội -phim", False, "lễ VÀ hội VÀ KHÔNG phim"),
        ("(a HOẶC b) thiết*", False, "(a HOẶC b) VÀ thiết*"),
        ("161/KH-UBND", True, "“161 kh ubnd”"),
        ("Hoà bình", True, "hoa VÀ binh"),
        ("…", False, ""),
        ("lễ GẦN/3 hội", False, "lễ cách hội không quá 3 âm tiết"),
        ('tiêu đề:"lễ hội" -phim', False, "“lễ hội” trong tít VÀ KHÔNG phim"),
        ("người:Hà HOẶC từ ngày:2024-01", False, "người hoặc cơ quan Hà HOẶC từ ngày 2024-01"),
    ],
)
def test_understood_spells_out_the_query(text: str, folded: bool, said: str) -> None:
    assert understood(text, folded, all_words()["vi"]) == said


def test_understood_uses_the_words_of_the_language() -> None:
    assert understood("a HOẶC KHÔNG b", False, all_words()["en"]) == "a OR NOT b"


@pytest.mark.parametrize(
    "text", ["2025-11-07", "07/11/2025", "7/11/2025", "7.11.2025", "7-11-2025"]
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert SearchForm.read(QueryParams({"from": text})).query.since == date(2025, 11, 7)


def test_long_queries_are_cut() -> None:
    assert len(SearchForm.read(QueryParams({"q": "đ" * 5000})).text) == LONGEST


_WORDS = st.text(max_size=8)


@given(
    q=_WORDS,
    since=st.dates() | st.none(),
    outlets=st.lists(_WORDS, max_size=3),
    actors=st.lists(_WORDS, max_size=3),
    kinds=st.lists(st.sampled_from([*KINDS, "x"]), max_size=3),
    order=st.sampled_from(["newest", "relevance", "due", "x"]),
)
def test_a_form_and_its_address_say_the_same(
    q: str,
    since: date | None,
    outlets: list[str],
    actors: list[str],
    kinds: list[str],
    order: str,
) -> None:
    pairs = [("q", q), ("order", order), *(("outlet", one) for one in outlets)]
    pairs += [("actor", one) for one in actors] + [("kind", one) for one in kinds]
    if since:
        pairs.append(("from", since.isoformat()))
    form = SearchForm.read(QueryParams(urlencode(pairs, errors="replace")))
    again = SearchForm.read(QueryParams(form.address().partition("?")[2]))
    assert again == form
    assert form.asked(20).outlets == form.query.outlets
    assert Query.from_json(form.query.to_json()) == form.going_on(None).query
