"""A newspaper changes its markup: each capture is read by the selectors of its day."""

from __future__ import annotations

import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml.html import HtmlElement

from kb.errors import ConfigError
from kb.extract import Document, extract_page, families, to_article
from kb.extract.dom import parse
from kb.extract.families import FAMILIES, Family, load_families, model, recognise
from kb.outlets import Outlet
from kb.outlets.loader import parse_outlet

OLD = """<html><head><title>Chợ hoa đêm</title></head><body><div class="bai-cu">
<h1 class="tit-cu">Chợ hoa đêm dời vào bãi giữa</h1><p class="mo-dau-cu">Từ tháng tới, chợ hoa
họp trong bãi giữa, cách chỗ cũ một cây cầu và mười lăm phút đi bộ.</p><div class="than-cu">
{story}</div><div class="ky-ten-cu">Mai Lan</div></div>
<div class="than-moi">{noise}</div></body></html>"""
NEW = """<html><head><title>Chợ hoa đêm</title></head><body><article data-bai="1">
<h1 class="tit-moi">Chợ hoa đêm dời vào bãi giữa</h1><h2 class="mo-dau-moi">Từ tháng tới, chợ hoa
họp trong bãi giữa, cách chỗ cũ một cây cầu và mười lăm phút đi bộ.</h2><div class="than-moi">
{story}</div><a class="ky-ten-moi">Mai Lan</a></article>
<div class="than-cu">{noise}</div></body></html>"""
PARAGRAPHS = [
    "Người bán chuyển hàng từ chiều, xếp thùng dọc lối đi và treo đèn bão lên cọc tre như trước.",
    "Ban quản lý chợ chia bãi thành bốn dãy, mỗi dãy một loại hoa, lối giữa để xe ba gác đi qua.",
    "Bà Mai bán cúc họa mi ở đây hai mươi năm nói khách quen sẽ tìm ra chỗ mới trong một tuần.",
]
NOISE = [
    "Mời bạn đọc gửi ảnh dự thi về phố của mình trước ngày cuối tháng, giải nhất là một xe đạp.",
    "Thể lệ cuộc thi đăng ở trang trong, ảnh chụp bằng điện thoại cũng được nhận và được chấm.",
    "Ban tổ chức giữ quyền in lại các ảnh dự thi trong sách ảnh của tòa soạn vào dịp năm mới.",
]
FAMILY = """
version: 2
marks: ['article[data-bai]']
title: [h1.tit-moi]
lead: [h2.mo-dau-moi]
body: [.than-moi]
byline: [.ky-ten-moi]
earlier:
  - version: 1
    until: 2023-05-01
    marks: [.bai-cu]
    title: [h1.tit-cu]
    lead: [.mo-dau-cu]
    body: [.than-cu]
    byline: [.ky-ten-cu]
"""
BEFORE = datetime(2023, 5, 1, 16, 59, tzinfo=UTC)
"""A minute before midnight of the last day, in Vietnam."""
AFTER = datetime(2023, 5, 1, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "mark",
    ["ARTICLE.bai-bao > h1", "#khung h1", "[data-loai=phong-su]", "[class*=bai-]", "article h1",
     "article[data-loai]", "h1.tit + p.mo-dau"],
)  # fmt: skip
def test_a_mark_is_found_with_the_source_as_without(mark: str) -> None:
    source = """<ARTICLE Class="bai-bao" ID=khung DATA-LOAI='phong-su'><H1 class=tit>a</H1>
    <P class="mo-dau">b</P></ARTICLE>"""
    family = Family("x", marks=(".nowhere", mark), body=())
    assert family.matches(parse(source), source)
    assert family.matches(parse(source))
    assert not family.matches(parse("<p>bai-bao phong-su khung tit mo-dau</p>"), source)
    assert not family.matches(parse("<p>a</p>"), "<p>a</p>")


def test_no_element_is_looked_for_of_marks_that_are_not_in_the_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def select(root: HtmlElement, css: str) -> list[HtmlElement]:
        asked.append(css)
        return []

    monkeypatch.setattr(model, "select", select)
    Family("x", marks=(".bai-cu h1", "#bai-moi"), body=()).matches(parse("<p>a"), "<p id=bai-moi>")
    assert asked == ["#bai-moi"]


def page(markup: str) -> bytes:
    story, noise = ("".join(f"<p>{text}</p>" for text in texts) for texts in (PARAGRAPHS, NOISE))
    return markup.format(story=story, noise=noise).encode()


def family_file(folder: Path, text: str = FAMILY) -> Path:
    (folder / "phonghe.yaml").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outlet:
    """An outlet whose family is the one of `FAMILY`, put in the place of one that exists."""
    family = load_families(family_file(tmp_path))["phonghe"]
    monkeypatch.setitem(families.FAMILIES, "laodong", family)
    return outlet("family: laodong")


def outlet(*lines: str) -> Outlet:
    base = ("id: thu", "name: Báo Thử", "home: https://thu.example", "level: hanoi")
    more = ("enabled: false", r"article_url: '-\d+\.html$'")
    return parse_outlet("\n".join((*base, *more, *lines)), "thu.yaml")


def captured(payload: bytes, seen_at: datetime | None, paper: Outlet) -> tuple[str, list[str]]:
    url = "https://thu.example/cho-hoa-1.html"
    document = Document("page", "crawl.warc.gz@0", payload, url=url, seen_at=seen_at)
    article = to_article(document, {"thu": paper})
    assert article.title == "Chợ hoa đêm dời vào bãi giữa"
    return article.parser, article.body.split("\n")


@pytest.mark.parametrize(
    ("markup", "seen_at", "parser"),
    [(OLD, BEFORE, "phonghe/1"), (NEW, AFTER, "phonghe/2"), (NEW, None, "phonghe/2")],
)
def test_a_capture_is_read_by_the_selectors_of_its_day(
    paper: Outlet, markup: str, seen_at: datetime | None, parser: str
) -> None:
    assert captured(page(markup), seen_at, paper) == (parser, PARAGRAPHS)


def test_the_other_days_selectors_would_read_something_else(paper: Outlet) -> None:
    """So that the test above is about the day, not about luck."""
    assert captured(page(OLD), AFTER, paper)[1] == NOISE
    assert captured(page(NEW), BEFORE, paper)[1] == NOISE


def test_names_and_lead_come_from_the_same_set(paper: Outlet) -> None:
    for markup, seen_at in ((OLD, BEFORE), (NEW, AFTER)):
        article = extract_page(page(markup), url=None, outlet=paper, seen_at=seen_at)
        assert article.authors == ("Mai Lan",)
        assert article.lead.startswith("Từ tháng tới, chợ hoa")


@pytest.mark.parametrize(("markup", "parser"), [(OLD, "phonghe/1"), (NEW, "phonghe/2")])
def test_without_an_outlet_the_marks_tell(paper: Outlet, markup: str, parser: str) -> None:
    bare = page(markup).replace(b"<p>M\xe1\xbb\x9di", b"<q>M\xe1\xbb\x9di")
    assert extract_page(bare, url=None).parser == parser


def test_a_change_that_came_later_than_the_file_says(paper: Outlet) -> None:
    late = page(OLD).replace(b'class="than-moi"', b'class="khac"')
    assert captured(late, AFTER, paper) == ("phonghe/1", PARAGRAPHS)


def test_an_outlets_own_selectors_have_their_day_too() -> None:
    paper = outlet(
        "family: generic",
        "selectors: {title: h1.tit-moi, body: .than-moi}",
        "earlier:",
        "  - {until: 2023-05-01, family: generic, selectors: {title: h1.tit-cu, body: .than-cu}}",
    )
    assert captured(page(OLD), BEFORE, paper) == ("generic/1@2023-05-01", PARAGRAPHS)
    assert captured(page(NEW), AFTER, paper) == ("generic/1", PARAGRAPHS)


def test_dan_tri_before_and_after_its_change() -> None:
    now, before = FAMILIES["dantri"].at(date(2026, 1, 1))
    assert (now.parser, before.parser) == ("dantri/2", "dantri/1")
    assert next(FAMILIES["dantri"].at(date(2024, 5, 1))) is before
    assert ".singular-content" in before.body
    assert ".singular-content" not in now.body


# --- the files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("    until: 2023-05-01\n", ""), "each set needs until:"),
        (("version: 1", "version: 2"), "each set needs a version: of its own"),
        (("version: 2\n", "version: 2\nuntil: 2023-05-01\n"), "until: belongs to the sets"),
        (("body: [.than-moi]\n", ""), "body: "),
        (("lead: [h2", "leed: [h2"), "leed: is not a known key"),
        (("2023-05-01", "hôm qua"), "until: "),
        ((FAMILY, "- a"), "cannot be read"),
    ],
)
def test_faults_name_file_and_key(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    with pytest.raises(ConfigError, match=rf"^phonghe\.yaml: .*{told}"):
        load_families(family_file(tmp_path, FAMILY.replace(*change)))


def test_the_families_that_share_names_come_last() -> None:
    assert list(FAMILIES)[-1] == "epi"
    assert all(isinstance(family, Family) and family.signs for name, family in FAMILIES.items()
               if name != "laodong")  # fmt: skip


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<input id="hdZoneId"><img src="https://cdn.mediacdn.vn/a.jpg">', ["vccorp"]),
        ("<!-- MASTERCMS -->", ["mastercms"]),
        ('<h2 class="story__heading"><a class="cms-link">', ["epi"]),
        ('<div class="dt-text-black">', ["dantri"]),
        ("<p>Không có dấu nào.</p>", []),
    ],
)
def test_a_family_is_recognised_by_any_of_its_pages(html: str, found: list[str]) -> None:
    assert recognise(html) == found
