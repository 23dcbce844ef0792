"""The data of the sample press: what its stories hold together."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kb.sample import load_press
from kb.sample.expected import load_expected

INITIATIVES = {
    "design-festival",
    "sea-forum",
    "young-designers",
    "design-centre",
    "creative-spaces",
    "talent-tv",
}
STORIES = [(p.id, a.slug) for p in load_press().papers.values() for a in p.articles]


def test_three_papers_tell_the_story_of_all_six_initiatives() -> None:
    papers = load_press().papers
    assert tuple(papers) == ("songhong", "thudomoi", "tinnhanhviet")
    about = [e for e in load_expected().values() if e.about]
    assert len(about) >= 26
    for initiative in INITIATIVES:
        assert sum(initiative in e.initiatives for e in about) >= 5, initiative
    assert {e.published_at.year for e in about} == set(range(2019, 2027))
    assert sum(not e.about for e in load_expected().values()) >= 5


@pytest.mark.parametrize(("paper", "slug"), STORIES)
def test_a_body_has_the_length_of_a_news_story(paper: str, slug: str) -> None:
    article = next(a for a in load_press().papers[paper].articles if a.slug == slug)
    for state in filter(None, (article, article.revised)):
        assert 180 <= len(" ".join(state.paragraphs).split()) <= 500


def test_newest_stories_come_first_and_none_is_later_than_today() -> None:
    press = load_press()
    for paper in press.papers.values():
        assert all(a.published_at >= b.published_at for a, b in pairwise(paper.articles))
        assert paper.articles[0].published_at.date() <= press.today


def test_the_expectations_agree_with_the_data() -> None:
    expected = load_expected()
    assert sorted(expected) == sorted(STORIES)
    for (paper, slug), wanted in expected.items():
        article = next(a for a in load_press().papers[paper].articles if a.slug == slug)
        assert (wanted.title, wanted.bylines) == (article.title, article.authors)
        assert wanted.published_at == article.published_at
        assert wanted.revised_title == (article.revised.title if article.revised else None)
        assert set(wanted.initiatives + wanted.perhaps) <= INITIATIVES | {"uccn"}


def test_the_reprint_repeats_most_of_its_source() -> None:
    papers = load_press().papers
    (copy,) = [e for e in load_expected().values() if e.reprint_of]
    paper, slug = str(copy.reprint_of).split("/")
    source = next(a for a in papers[paper].articles if a.slug == slug)
    reprint = next(a for a in papers[copy.paper].articles if a.slug == copy.slug)
    assert reprint.source == papers[paper].name
    assert reprint.published_at > source.published_at
    shared = set(reprint.paragraphs) & set(source.paragraphs)
    assert len(shared) >= 4
    assert set(reprint.paragraphs) != set(source.paragraphs)
