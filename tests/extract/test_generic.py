"""The generic way: block, title and lead of a page of no known system."""

from __future__ import annotations

from typing import Any

import pytest

from kb.extract.dom import parse, select
from kb.extract.generic import by_trafilatura, lead_of, main_block, title_of, without_site
from kb.extract.structured import read_metadata


def block(html: str) -> tuple[str | None, int]:
    element, words = main_block(parse(f"<html><body>{html}</body></html>"))
    return (None if element is None else element.get("id")), words


def test_brothers_make_the_block(story: dict[str, Any]) -> None:
    one, _, three, four, five = story["paragraphs"]
    words = sum(len(text.split()) for text in (one, three, four, five))
    marked = "".join(f"<p>{text}</p>" for text in (one, three, four, five))
    assert block(f"<div><div id=b>{marked}</div></div>") == ("b", words)
    divs = "".join(f"<div>{text}</div>" for text in (one, three, four, five))
    assert block(f"<div><div id=b>{divs}</div></div>")[0] == "b"
    assert block(f"<div><div id=b>{one}<br>{three}<br><br>{four}{five}</div></div>")[0] == "b"


def test_teasers_make_none(story: dict[str, Any]) -> None:
    one, _, three, four, five = story["paragraphs"]
    cards = "".join(f"<div><h3><a>x</a></h3><p>{t}</p></div>" for t in (one, three, four, five))
    assert block(cards)[1] < 40
    linked = "".join(f"<p><a href=x>Một tin nào đó ở</a> {t}</p>" for t in (one, three, four))
    assert block(f"<div>{linked}</div>") == (None, 0)


@pytest.mark.parametrize(
    "mark", ["style='display:none'", "class=login-popup", "class='modal fade'"]
)
def test_what_pops_up_is_passed_over(mark: str, story: dict[str, Any]) -> None:
    one, _, three, four, five = story["paragraphs"]
    popup = "".join(f"<p>{text}</p>" for text in (one, three, four, five))
    page = f"<div {mark}><div id=popup>{popup}</div></div><div id=b><p>{one}</p></div>"
    assert block(page) == ("b", len(one.split()))


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("", "<h1>Cổng phường</h1><h1>Xưởng giấy mở cửa bên hồ</h1>", "Cổng phường"),
        (
            '<meta property="og:title" content="Xưởng giấy mở cửa bên hồ | Báo Mẫu">',
            "<h1>Cổng phường</h1><h1>Xưởng giấy mở cửa bên hồ</h1>",
            "Xưởng giấy mở cửa bên hồ",
        ),
        (
            '<meta property="og:title" content="Xưởng giấy mở cửa - Báo Mẫu Online">',
            "<h1>Cổng</h1>",
            "Xưởng giấy mở cửa",
        ),
        ("<title>Xưởng giấy mở cửa | Tin phường</title>", "", "Xưởng giấy mở cửa"),
        ("", "<p>không có</p>", ""),
    ],
)
def test_title(head: str, body: str, expected: str) -> None:
    root = parse(f"<html><head>{head}</head><body>{body}</body></html>")
    assert title_of(root, read_metadata(root)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Xưởng giấy - Đời mới của nghề cũ", "Xưởng giấy - Đời mới của nghề cũ"),
        ("Xưởng giấy - Báo Mẫu", "Xưởng giấy"),
        ("Xưởng giấy - mau.example.vn", "Xưởng giấy"),
        ("Xưởng giấy - Chuyện quê", "Xưởng giấy"),
        ("Xưởng giấy | Đời sống | Báo Mẫu", "Xưởng giấy"),
        ("Xưởng giấy .: Cổng phường :.", "Xưởng giấy .: Cổng phường :."),
    ],
)
def test_name_of_the_site_goes(title: str, expected: str) -> None:
    root = parse('<meta property="og:site_name" content="Chuyện quê"><p>x</p>')
    assert without_site(title, read_metadata(root)) == expected


def lead(html: str, description: str, body: list[str], *selectors: str) -> str:
    root = parse(f'<meta name="description" content="{description}"><body>{html}</body>')
    return lead_of(root, read_metadata(root), "Xưởng giấy mở cửa", body, selectors)


def test_lead(story: dict[str, Any]) -> None:
    said, (one, _, three, *_) = story["lead"], story["paragraphs"]
    prefixed = f"(Báo Mẫu) - {said}"
    assert lead(f"<h2>{prefixed}</h2>", said, [one]) == prefixed
    assert lead(f"<div class=sapo>{prefixed}</div>", "", [one]) == prefixed
    assert lead(f"<h1>T</h1><h2>{said}</h2>", "", [one]) == said
    assert lead("", said, [one]) == said
    assert lead("", said, [said, one]) == said
    assert lead("", one[:60] + "...", [one, three]) == ""
    assert lead("", "Báo Mẫu điện tử", [one]) == ""
    assert lead("", "", [one]) == ""


def test_of_several_leads_the_described_one(story: dict[str, Any]) -> None:
    said, one = story["lead"], story["paragraphs"][0]
    cards = f"<p class=s>{one}</p><p class=s>{said}</p>"
    assert lead(cards, said, [], ".s") == said
    assert lead(cards, "", [], ".s") == one


def test_trafilatura_begins_at_the_first_paragraph(story: dict[str, Any]) -> None:
    rows = "".join(f"<p>{text}</p>" for text in story["paragraphs"])
    html = f"<html><body><main><article><p>Tải ứng dụng</p>{rows}</article></main></body></html>"
    told = by_trafilatura(html)
    assert told.paragraphs[0] == story["paragraphs"][0]
    assert "Tải ứng dụng" not in told.paragraphs
    assert select(parse(html), "p")  # the page is one that can be parsed
