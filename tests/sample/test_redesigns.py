"""New layouts of the sample press: what they change, and that they change nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.errors import ConfigError
from kb.sample import SamplePress
from kb.sample.redesigns import redesigned


@pytest.fixture(scope="module")
def press() -> Iterator[SamplePress]:
    with SamplePress() as served:
        yield served


@pytest.mark.parametrize(
    ("paper", "name", "gone", "left"),
    [
        ("songhong", "renamed", "afcbc-body", "detail-sapo"),
        ("thudomoi", "renamed", 'id="content_detail_news"', "post-time"),
        ("tinnhanhviet", "renamed", "fck_detail", "title-detail"),
        ("songhong", "undated", "published_time", "detail-author"),
        ("thudomoi", "undated", "post-time", 'class="author'),
        ("tinnhanhviet", "undated", "datePublished", "author"),
        ("thudomoi", "unsigned", 'class="author ', "post-time"),
        ("thudomoi", "moved", ".html", "post-time"),
    ],
)
def test_a_redesign_takes_from_a_page_what_it_says(
    press: SamplePress, paper: str, name: str, gone: str, left: str
) -> None:
    path = press.press.papers[paper].articles[0].path
    before = press.answer(paper, path)
    press.redesigns = {paper: name}
    try:
        after = press.answer(paper, path)
        other = next(each for each in press.press.papers if each != paper)
        front = press.answer(other, "/")
    finally:
        press.redesigns = {}
    assert gone in before.body.decode()
    assert gone not in after.body.decode()
    assert left in after.body.decode()
    assert (after.status, after.modified) == (before.status, before.modified)
    assert front == press.answer(other, "/")


def test_a_paywall_leaves_the_first_paragraph(press: SamplePress) -> None:
    story = press.press.papers["thudomoi"].articles[0]
    html = press.answer("thudomoi", story.path).body.decode()
    cut = redesigned(html, "paywalled")
    assert story.paragraphs[0] in cut
    assert story.paragraphs[0] in html
    assert all(text not in cut for text in story.paragraphs[1:])


def test_an_unknown_redesign_is_refused() -> None:
    with pytest.raises(ConfigError, match="no redesign 'đỏ', only renamed, undated"):
        redesigned("<p>", "đỏ")
