"""Pages of every CMS family, of no family, and pages that are no article."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from typing import Any

import pytest

from kb.article import Article
from kb.errors import ConfigError, NoArticle, UnreadableFile
from kb.extract import extract_page
from kb.extract.dom import TAGS
from kb.extract.families import FAMILIES
from kb.extract.page import GENERIC
from kb.outlets import Outlet

Page = Callable[[str], bytes]
FOUND = {
    "vccorp": ("meta", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), "Văn hóa"),
    "mastercms": ("visible", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), "Đời sống"),
    "vnexpress": ("meta", "2024-05-11T17:42:45+07:00", ("Đoàn Hải",), "Đời sống"),
    "dantri": ("visible", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), "Đời sống"),
    "vietnamnet": ("visible", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), "Đời sống"),
    "epi": ("meta", "2024-05-11T17:42:54+07:00", ("ĐOÀN HẢI",), "Đời sống"),
    "onecms": ("meta", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), None),
    "znews": ("meta", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), "Đời sống"),
    "laodong": ("visible", "2024-05-11T17:42:00+07:00", ("Đoàn Hải",), None),
}


def outlet(**fields: object) -> Outlet:
    base = {
        "id": "mau",
        "name": "Báo Mẫu",
        "home": "https://mau.example",
        "level": "trade",
        "family": "generic",
        "feeds": ["https://mau.example/rss"],
        "article_url": r"\d\.htm$",
    }
    return Outlet.model_validate(base | fields)


def told(article: Article) -> tuple[str, str, list[str]]:
    return article.title, article.lead, article.body.split("\n")


def test_every_family_has_a_page() -> None:
    assert set(FOUND) == set(FAMILIES)


@pytest.mark.parametrize("name", FOUND)
def test_family_is_seen_and_read(name: str, page: Page, story: dict[str, Any]) -> None:
    article = extract_page(page(name), url=f"https://{name}.example/bai-1.htm")
    source, when, authors, section = FOUND[name]
    assert article.parser == FAMILIES[name].parser
    assert told(article) == (story["title"], story["lead"], story["paragraphs"])
    assert (article.published_from, article.authors) == (source, authors)
    assert article.published_at == datetime.fromisoformat(when)
    assert article.section == section
    assert article.outlet == f"{name}.example"


@pytest.mark.parametrize("name", FOUND)
def test_without_families_the_same_story(name: str, page: Page, story: dict[str, Any]) -> None:
    article = extract_page(page(name), url=None, families=())
    assert article.parser == GENERIC.parser
    assert (article.title, article.body.split("\n")) == (story["title"], story["paragraphs"])
    assert article.lead == story["lead"]


@pytest.mark.parametrize("name", ["vccorp", "mastercms", "vietnamnet", "epi", "znews", "unknown"])
def test_related_headline_is_kept_apart(name: str, page: Page, story: dict[str, Any]) -> None:
    article = extract_page(page(name), url=None)
    assert story["related"] in article.boilerplate
    assert story["related"] not in article.body


def test_unknown_layout(page: Page, story: dict[str, Any]) -> None:
    article = extract_page(page("unknown"), url="http://127.0.0.1:8123/tin/1")
    assert told(article) == (story["title"], story["lead"], story["paragraphs"])
    assert article.published_at == datetime.fromisoformat("2024-05-11T18:42:00+07:00")
    assert (article.parser, article.authors) == (GENERIC.parser, ("Đoàn Hải",))
    assert article.outlet == "127.0.0.1:8123"


def test_modified_is_the_latest_that_is_named(page: Page) -> None:
    for name in ("vccorp", "vnexpress", "dantri", "vietnamnet", "epi"):
        article = extract_page(page(name), url=None)
        assert article.modified_at == datetime.fromisoformat("2024-05-11T18:05:00+07:00")


def test_outlet_gives_zone_name_and_selectors(page: Page, story: dict[str, Any]) -> None:
    tokyo = outlet(timezone="Asia/Tokyo", family="vccorp", selectors={"title": "h2.detail-sapo"})
    article = extract_page(page("vccorp"), url="https://mau.example/1.htm", outlet=tokyo)
    assert article.published_at == datetime.fromisoformat("2024-05-11T17:42:00+09:00")
    assert (article.outlet, article.title) == ("mau", story["lead"])


def test_wrong_family_in_the_outlet_file_does_no_harm(page: Page, story: dict[str, Any]) -> None:
    article = extract_page(page("epi"), url=None, outlet=outlet(family="vnexpress"))
    assert (article.parser, article.body.split("\n")) == ("epi/1", story["paragraphs"])


def test_selector_that_is_not_css(page: Page) -> None:
    with pytest.raises(ConfigError, match="is not CSS"):
        extract_page(page("epi"), url=None, outlet=outlet(selectors={"body": "div[["}))


def test_own_selector_is_read_before_the_family(page: Page, story: dict[str, Any]) -> None:
    article = extract_page(
        page("unknown"), url=None, outlet=outlet(selectors={"body": "div.xyz", "drop": "h4"})
    )
    assert story["paragraphs"][1] not in article.body
    assert story["paragraphs"][1] in article.boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "<html><title>404 Not Found</title><body><h1>Không tìm thấy trang</h1></body></html>",
        "<html><body><div id=app></div><script>start()</script></body></html>",
        "<!-- nothing -->",
        "{}",
    ],
)
def test_error_pages_and_shells_are_no_article(text: str) -> None:
    with pytest.raises(NoArticle):
        extract_page(text.encode(), url=None)


def test_listing_is_no_article(page: Page) -> None:
    with pytest.raises(NoArticle, match="listing"):
        extract_page(page("listing"), url="https://mau.example/doi-song.htm")
    with pytest.raises(NoArticle):
        extract_page(page("listing"), url="https://mau.example/doi-song.htm", outlet=outlet())


def test_picture_named_html() -> None:
    with pytest.raises(UnreadableFile, match="JPEG"):
        extract_page(b"\xff\xd8\xff\xe0\x00\x10JFIF", url=None)


def test_lists_tables_and_bare_text_stay(story: dict[str, Any]) -> None:
    first, _, third, *_ = story["paragraphs"]
    html = f"""<h1>{story["title"]}</h1><div class="detail-content afcbc-body">
      {first}<br><br>{third}<p></p>
      <ul><li>Một là sửa bể ngâm;</li><li>Hai là dựng giàn phơi.</li></ul>
      <table><tr><th>Việc</th><th>Hạn</th></tr>
      <tr><td>Bể ngâm</td><td>tháng 8</td></tr></table></div>"""
    article = extract_page(html.encode(), url=None)
    rows = ["Một là sửa bể ngâm;", "Hai là dựng giàn phơi.", "Việc | Hạn", "Bể ngâm | tháng 8"]
    assert article.body.split("\n") == [first, third, *rows]


def test_title_repeated_in_the_body_is_taken_out(story: dict[str, Any]) -> None:
    first, _, third, *_ = story["paragraphs"]
    html = f"""<h1>{story["title"]}</h1><meta name=description content="{story["lead"]}">
      <div class="afcbc-body"><p>{story["title"]}</p><p><b>{story["lead"]}</b></p><p>{first}</p>
      <p>{third}</p></div>"""
    article = extract_page(html.encode(), url=None)
    assert told(article) == (story["title"], story["lead"], [first, third])


def test_trafilatura_where_no_block_stands_out(story: dict[str, Any]) -> None:
    rows = "".join(
        f"<section><div><p>{text}</p></div></section>"
        for text in (*story["paragraphs"], story["lead"])
    )
    html = f"""<meta property="article:published_time" content="2024-05-11">
      <h1>{story["title"]}</h1><main><article>{rows}</article></main>"""
    article = extract_page(html.encode(), url=None)
    assert article.parser == f"trafilatura/{version('trafilatura')}"
    assert story["paragraphs"][3] in article.body


def test_deeply_nested_page_is_read(story: dict[str, Any]) -> None:
    rows = "".join(f"<p>{text}</p>" for text in story["paragraphs"])
    html = f"<h1>{story['title']}</h1>" + "<div>" * 400 + rows + "</div>" * 400
    article = extract_page(html.encode(), url="https://mau.example/1.htm", outlet=outlet())
    assert article.body.split("\n") == story["paragraphs"]


def test_date_element_of_the_family_needs_no_telling_class(story: dict[str, Any]) -> None:
    rows = "".join(f"<p>{text}</p>" for text in story["paragraphs"])
    html = f"""<h1>{story["title"]}</h1><p data-role="publishdate">11-05-2024 - 17:42 PM</p>
      <div class="afcbc-body">{rows}</div>"""
    article = extract_page(html.encode(), url="https://mau.example/bai-185230913163941350.htm")
    assert article.published_at == datetime.fromisoformat("2024-05-11T17:42:00+07:00")
    assert article.published_from == "visible"


def test_address_gives_the_date_where_nothing_else_does(story: dict[str, Any]) -> None:
    rows = "".join(f"<p>{text}</p>" for text in story["paragraphs"])
    html = f'<h1>{story["title"]}</h1><div class="afcbc-body">{rows}</div>'
    article = extract_page(html.encode(), url="https://mau.example/bai-185230913163941350.htm")
    assert article.published_at == datetime.fromisoformat("2023-09-13T16:39:41+07:00")
    assert article.published_from == "url"


_PARAGRAPHS = "<p>" + "Xưởng mộc phố cổ mở cửa đón khách vào mỗi sáng cuối tuần. " * 3 + "</p>"
_OTHER_DATES = """
<header><div class="ngay-thang">Thứ Bảy, 07/03/2026 08:47</div></header>
<div class="topbar"><span class="date">07/03/2026</span></div>
<div class="masthead-date">07/03/2026 08:47</div>
<ul><li><a href="/khac-1.htm">Tin khác</a> <span class="date">06/03/2026 10:00</span></li></ul>
<div class="teaser"><span class="time">05/03/2026 11:00</span></div>
<div class="box-related"><span class="time">04/03/2026 12:00</span></div>
<a href="/khac-2.htm">Tin khác nữa <time datetime="2026-03-03T09:00:00+07:00"></time></a>
"""
_WITHOUT_DATE = f"""<html><body>{_OTHER_DATES}<div class="trang"><article>
<h1>Xưởng mộc phố cổ đón khách</h1>%s{_PARAGRAPHS * 3}</article></div>
{_OTHER_DATES}</body></html>"""


@pytest.mark.parametrize(
    ("own", "address", "source", "day"),
    [
        ("", "https://mau.example/xuong-moc-1.htm", None, None),
        ("", "https://mau.example/xuong-moc-197240511083000123.htm", "url", "2024-05-11"),
        (
            '<div class="relative"><span class="date">11/05/2024 17:42</span></div>',
            None,
            "visible",
            "2024-05-11",
        ),
        (
            '<ul><li class="date">11/05/2024 17:42</li><li><a href="/x">Đoàn Hải</a></li></ul>',
            None,
            "visible",
            "2024-05-11",
        ),
    ],
)
def test_dates_of_masthead_and_teasers_are_not_the_story_s(
    own: str, address: str | None, source: str | None, day: str | None
) -> None:
    article = extract_page((_WITHOUT_DATE % own).encode(), url=address)
    when = article.published_at and article.published_at.date().isoformat()
    assert (article.published_from, when) == (source, day)


@pytest.mark.parametrize("unit", ["<p>x", "<b>x</b>", "<div class=date>", "<a href=/x>x</a>"])
def test_a_page_of_more_tags_than_any_newspaper_s_is_refused(unit: str) -> None:
    head = f"<html><h1>Xưởng mộc phố cổ đón khách</h1><article>{_PARAGRAPHS * 3}</article>"
    assert extract_page((head + unit * (TAGS // 100)).encode(), url=None).words > 40
    with pytest.raises(UnreadableFile, match=f"more than {TAGS} tags"):
        extract_page((head + unit * TAGS).encode(), url=None)


def test_body_of_the_family_counts_though_a_larger_block_stands_beside(
    story: dict[str, Any],
) -> None:
    one, _, three, four, five = story["paragraphs"]
    beside = f"<p>{four}</p><p>{five}</p>" * 4
    html = f"""<h1>{story["title"]}</h1><div class="afcbc-body"><p>{one}</p><p>{three}</p></div>
      <div class="other">{beside}</div>"""
    article = extract_page(html.encode(), url=None)
    assert (article.parser, article.body.split("\n")) == ("vccorp/1", [one, three])
    picture = f"""<h1>{story["title"]}</h1><h2 class="detail-sapo">{story["lead"]}</h2>
      <meta property="article:published_time" content="2024-05-11T17:42:00+07:00">
      <div class="afcbc-body"><figure><img></figure></div>"""
    only_lead = extract_page(picture.encode(), url=None)
    assert (only_lead.lead, only_lead.body) == (story["lead"], "")


def test_a_short_item_under_its_headline_is_a_story() -> None:
    body = (
        "<p>Từ đầu tháng 11, thư viện phường Ngọc Hà mở cửa đến 21 giờ các ngày trong tuần.</p>"
        "<p>Mỗi tối có chừng 60 bạn đọc, đông nhất là học sinh lớp 9 và sinh viên năm đầu.</p>"
    )
    page = f"<html><body><article><h1>Thư viện mở cửa buổi tối</h1>{body}</article></body></html>"
    found = extract_page(page.encode(), url=None)
    assert found.title == "Thư viện mở cửa buổi tối"
    assert found.lead.startswith("Từ đầu tháng 11")
    assert found.body.endswith("sinh viên năm đầu.")
    with pytest.raises(NoArticle):
        extract_page(page.replace("article>", "div>").encode(), url=None)
