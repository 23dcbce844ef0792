"""From a body element to its story."""

from __future__ import annotations

from typing import Any

import pytest

from kb.extract.cleaning import Story, story
from kb.extract.dom import parse, select


@pytest.fixture
def rows(story: dict[str, Any]) -> list[str]:
    return [f"<p>{text}</p>" for text in story["paragraphs"]]


def clean(*parts: str, drop: tuple[str, ...] = ()) -> Story:
    root = parse(f"<html><body><div id=b>{''.join(parts)}</div></body></html>")
    element = select(root, "#b")[0]
    before = element.text_content()
    told = story(element, drop)
    assert element.text_content() == before  # the page itself is not changed
    return told


@pytest.mark.parametrize(
    "box",
    [
        "<div class='box-lien-quan'>{}</div>",
        "<div class='news_relation_top'>{}</div>",
        "<ul class='related-news'><li>{}</li></ul>",
        "<section id='binh-luan'><p>{}</p></section>",
        "<div class='share social-box'>{}</div>",
        "<div style='display:none'>{}</div>",
        "<aside>{}</aside>",
        "<figure><img><figcaption>{}</figcaption></figure>",
        "<table><tr><td><img></td></tr><tr><td>{}</td></tr></table>",
        "<p class='caption'>{}</p>",
        "<p><a href='/x'>{}</a></p>",
        "<p>&gt;&gt; <a href='/x'>{}</a></p>",
        "<article><h3>{}</h3></article>",
        "<div class='ads_middle'>{}</div>",
    ],
)
def test_boxes_go_and_are_kept_apart(box: str, rows: list[str], story: dict[str, Any]) -> None:
    told = clean(*rows[:3], box.format("Chuyện khác của một nơi khác"), *rows[3:])
    assert told.paragraphs == story["paragraphs"]
    apart = told.captions if "caption" in box or "<img>" in box else told.cut
    assert [text.lstrip("> ") for text in apart] == ["Chuyện khác của một nơi khác"]
    assert len(told.cut) + len(told.captions) == 1


@pytest.mark.parametrize(
    "block",
    [
        "<ul><li>Một việc cần làm ngay trong tuần</li></ul>",
        "<blockquote>Một việc cần làm ngay trong tuần</blockquote>",
        "<figure class='table'><table><td>Một việc cần làm ngay trong tuần</table></figure>",
        "<p>Một việc <a class='VCCTagItemInNews' href='/x'>cần làm</a> ngay trong tuần</p>",
        "<div class='overflow-hidden'>Một việc cần làm ngay trong tuần</div>",
        "<h3 class='heading'>Một việc cần làm ngay trong tuần</h3>",
    ],
)
def test_parts_of_the_story_stay(block: str, rows: list[str], story: dict[str, Any]) -> None:
    told = clean(*rows[:3], block, *rows[3:])
    expected = [*story["paragraphs"][:3], "Một việc cần làm ngay trong tuần"]
    assert told.paragraphs == [*expected, *story["paragraphs"][3:]]
    assert told.cut == []


def test_large_box_is_the_story_whatever_its_class(rows: list[str], story: dict[str, Any]) -> None:
    told = clean("<div class='author-post related'>", *rows, "</div>")
    assert told.paragraphs == story["paragraphs"]


def test_scripts_leave_no_trace(rows: list[str]) -> None:
    assert clean(*rows, "<script>var a = 1</script><style>p{}</style>").cut == []


def test_family_drops(rows: list[str]) -> None:
    told = clean(*rows, "<div type=RelatedOneNews>Tin</div>", drop=("[type=RelatedOneNews]",))
    assert told.cut == ["Tin"]


@pytest.mark.parametrize(
    ("end", "signed", "cut"),
    [
        ("<p>Đoàn Hải</p>", ("Đoàn Hải",), ["Đoàn Hải"]),
        ("<p>Đoàn Hải</p><p>Theo TTXVN</p>", ("Đoàn Hải",), ["Theo TTXVN", "Đoàn Hải"]),
        ("<p style='text-align:right'>PV Đoàn Hải</p>", ("Đoàn Hải",), ["PV Đoàn Hải"]),
        ("<p>(TTXVN/Vietnam+)</p>", (), ["(TTXVN/Vietnam+)"]),
    ],
)
def test_signature(
    end: str, signed: tuple[str, ...], cut: list[str], rows: list[str], story: dict[str, Any]
) -> None:
    told = clean(*rows, end)
    assert (told.signed, told.cut) == (signed, cut)
    assert told.paragraphs == story["paragraphs"]
    assert told.words == sum(len(text.split()) for text in story["paragraphs"])
