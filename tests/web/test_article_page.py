"""One article: marks exactly on the mentions, no more text than may be shown, its history."""

from __future__ import annotations

import httpx
import pytest

from kb.article import Article
from kb.reading import Reading
from tests.web.markup import marked, texts, tree
from tests.web.stories import stories

FESTIVAL, MIDNIGHT, WORKSHOP, UNDATED, GONE = range(1, 6)


def story(number: int) -> tuple[Article, Reading]:
    return stories()[number - 1]


@pytest.mark.usefixtures("full_text")
@pytest.mark.parametrize("number", [FESTIVAL, MIDNIGHT, WORKSHOP, UNDATED, GONE])
def test_marks_cover_the_mentions_and_nothing_else(client: httpx.Client, number: int) -> None:
    article, reading = story(number)
    page = tree(client.get(f"/articles/{number}"))
    paths = {
        "title": "//h1",
        "lead": "//*[@class='sapo']/p",
        "body": "//*[@class='body']/p",
    }
    for field, path in paths.items():
        text, marks = marked(page.xpath(path))
        assert text == getattr(article, field)
        wanted = [one for one in reading.mentions if one.field == field]
        covered = {place for mark in marks for place in range(mark.start, mark.end)}
        assert covered == {place for one in wanted for place in range(one.start, one.end)}
        assert sum(mark.end - mark.start for mark in marks) == len(covered)  # none inside another
        for one in wanted:
            inside = [mark for mark in marks if one.start <= mark.start and mark.end <= one.end]
            assert "".join(text[mark.start : mark.end] for mark in inside) == one.surface
            assert all(one.name in mark.title for mark in inside)
        assert {one.start for one in wanted} <= {mark.start for mark in marks}
        assert {one.end for one in wanted} <= {mark.end for mark in marks}


def test_marks_say_their_kind_and_lead_to_known_entries(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    _, marks = marked(page.xpath("//h1 | //*[@class='sapo']/p"))
    assert [(mark.classes, mark.href, mark.title) for mark in marks] == [
        (
            "initiative",
            "/initiatives/design-festival",
            "Sáng kiến: Lễ hội Thiết kế sáng tạo Hà Nội",
        ),
        ("org", "/actors/hanoi-museum", "Cơ quan, tổ chức: Bảo tàng Hà Nội"),
    ]


@pytest.mark.usefixtures("full_text")
def test_text_of_an_article_is_never_markup(client: httpx.Client) -> None:
    answer = client.get(f"/articles/{FESTIVAL}")
    assert tree(answer).xpath("//script | //b[text()='mở']") == []
    assert "&lt;script&gt;" in answer.text


def test_without_full_text_only_sentences_with_registry_names_are_shown(
    client: httpx.Client,
) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    shown = texts(page, "//*[@class='body']/p")
    assert shown == [
        "[…]có đoạn được lược 🎏 Lễ hội Thiết kế sáng tạo Hà Nội năm nay có 40 gian trưng bày "
        "<b>mở</b> & miễn phí.",
        "[…]có đoạn được lược Sở Văn hóa và Thể thao Hà Nội giữ vai trò điều phối. "
        "[…]có đoạn được lược",
    ]
    for left_out in ("Sương xuống", "Người xem", "Quán nước", "Chúng tôi dựng", "Xe buýt"):
        assert left_out not in " ".join(shown)
    assert "Vì bản quyền" in page.text_content()


@pytest.mark.usefixtures("full_text")
def test_with_full_text_nothing_is_left_out(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    assert page.xpath("//*[@class='gap']") == []
    assert "Vì bản quyền" not in page.text_content()


def test_neighbouring_sentences_stand_together_without_a_gap(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{WORKSHOP}"))
    assert texts(page, "//*[@class='body']/p") == [story(WORKSHOP)[0].body]


@pytest.mark.parametrize(
    ("number", "facts"),
    [
        (FESTIVAL, "Đăng 07/11/2025 08:30 (theo thẻ mô tả của trang) Tác giả: Vi An"),
        (WORKSHOP, "Đăng 20/05/2023 (suy từ địa chỉ bài, không sớm hơn ngày này)"),
        (UNDATED, "Không rõ ngày"),
    ],
)
def test_date_says_how_it_was_found(client: httpx.Client, number: int, facts: str) -> None:
    assert texts(tree(client.get(f"/articles/{number}")), "//*[@class='facts']") == [facts]


def test_dates_are_machine_readable_on_the_clock_of_vietnam(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{MIDNIGHT}"))
    assert page.xpath("//*[@class='facts']//time/@datetime") == ["2025-01-01T00:30:00+07:00"]


def test_original_is_linked_where_there_is_one(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    assert page.xpath("//a[contains(@class,'original')]/@href") == [story(FESTIVAL)[0].url]
    page = tree(client.get(f"/articles/{UNDATED}"))
    assert page.xpath("//a[contains(@class,'original')]") == []
    assert "Không có địa chỉ gốc" in page.text_content()


def test_revisions_are_listed_newest_first(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    numbers = texts(page, "//section[@aria-labelledby='revisions']//tbody/tr/td[1]")
    assert numbers == ["2 (bản hiện tại)", "1"]
    assert texts(page, "//h1") == ["Lễ hội Thiết kế sáng tạo Hà Nội mở cửa tối nay"]


def test_article_gone_from_its_source_says_since_when(client: httpx.Client) -> None:
    notes = texts(tree(client.get(f"/articles/{GONE}")), "//p[contains(@class,'alarm')]")
    assert notes == ["Bài không còn ở nguồn từ ngày 01/12/2025 10:00."]
    assert texts(tree(client.get("/articles/1")), "//p[contains(@class,'alarm')]") == []


def test_names_are_listed_with_unknown_ones_apart(client: httpx.Client) -> None:
    page = tree(client.get(f"/articles/{FESTIVAL}"))
    named = "//section[@aria-labelledby='named']"
    assert texts(page, f"{named}/table/tbody/tr") == [
        "Lễ hội Thiết kế sáng tạo Hà NộiSáng kiến2",
        "Bảo tàng Hà NộiCơ quan, tổ chức1",
        "Sở Văn hóa và Thể thao Hà NộiCơ quan, tổ chức1",
    ]
    unknown = page.xpath(f"{named}/details//tbody//td[1]/a/@href")
    assert unknown == ["/search?actor=L%C3%A2m%20Th%E1%BB%A5c%20Quy%C3%AAn"]
    assert tree(client.get(unknown[0])).xpath("//article//h3/a/@href") == ["/articles/1"]
