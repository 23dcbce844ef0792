"""The verdicts of a probe: what works, what does not, and by which words it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.probing import Verdict, draft_outlet, try_outlet
from kb.cli.output import words
from kb.cli.probed import WORDS
from kb.outlets import load_outlet, load_outlets
from kb.outlets.draft import LINES
from tests.crawlers.paper import ARTICLES, FILM, article, outlet, put_up
from tests.crawlers.serve_pages import serve
from tests.crawlers.site import Answer, Site, site

Change = Callable[[Site], dict[str, object]]


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        put_up(served)
        yield served


def verdict(paper: Site, folder: Path, **more: object) -> Verdict:
    return try_outlet(load_outlet(outlet(paper, folder, **more)), folder / "out")


def codes(found: Verdict, *results: str) -> set[str]:
    return {check.code for check in found.checks if check.result in results}


def test_a_good_outlet_works_with_every_field(paper: Site, tmp_path: Path) -> None:
    story = yaml.safe_load(
        (Path(__file__).parents[1] / "extract" / "story.yaml").read_text("utf-8")
    )
    found = verdict(paper, tmp_path)
    assert found.works
    assert codes(found, "note", "failed") == set()
    fields = {check.target: check for check in found.checks if check.part == "field"}
    assert (fields["title"].value, fields["title"].generic) == (story["title"], story["title"])
    assert str(fields["published_at"].value).startswith("2024-05-11 17:42")
    assert (fields["published_from"].value, fields["section"].value) == ("meta", "Văn hóa")
    assert fields["authors"].value == ("Đoàn Hải",)
    assert (fields["parser"].value, fields["parser"].generic) == ("vccorp/1", "generic/1")
    assert fields["words"].value > 100  # type: ignore[operator]
    assert fields["agreement"].value == 1.0


def _no_feed(paper: Site) -> dict[str, object]:
    paper.pages["/rss/home.rss"] = Answer(status=404)
    return {}


def _empty_feed(paper: Site) -> dict[str, object]:
    paper.feed("/rss/home.rss")
    return {}


def _undated(paper: Site) -> dict[str, object]:
    paper.feed("/rss/home.rss", *((path, "") for path in ARTICLES))
    return {}


def _old(paper: Site) -> dict[str, object]:
    put_up(paper, age=timedelta(days=40))
    return {}


def _closed(paper: Site) -> dict[str, object]:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", type="text/plain")
    return {}


def _faulty(paper: Site) -> dict[str, object]:
    paper.pages["/robots.txt"] = Answer(status=500, headers={"Retry-After": "0"})
    return {}


def _slow(paper: Site) -> dict[str, object]:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 900\n", type="text/plain")
    return {}


def _slower(paper: Site) -> dict[str, object]:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.05\n", type="text/plain")
    return {}


def _part_closed(paper: Site) -> dict[str, object]:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /rss/\n", type="text/plain")
    return {}


def _other_system(paper: Site) -> dict[str, object]:
    for path in ARTICLES:
        paper.pages[path] = Answer(article("epi"))
    return {}


def _no_stories(paper: Site) -> dict[str, object]:
    for path in ARTICLES:
        paper.section(path, "/a.htm", "/b.htm")
    return {}


def _no_articles(paper: Site) -> dict[str, object]:
    for path in ARTICLES:
        paper.pages[path] = Answer(status=403)
    return {}


def _two_readings(paper: Site) -> dict[str, object]:
    box = (
        b"<section>" + b"<p>" + "Thể lệ cuộc thi ảnh về phố nghề năm nay. ".encode() * 30 + b"</p>"
    )
    for path in ARTICLES:
        page = article().replace(b"<body>", b'<body><div class="the-le">' + box * 3 + b"</div>")
        paper.pages[path] = Answer(page)
    return {}


FAULTS: dict[str, tuple[Change, str, str]] = {
    "a feed that is gone": (_no_feed, "failed", "failed"),
    "a feed that names nothing": (_empty_feed, "failed", "empty"),
    "a feed without dates": (_undated, "note", "undated"),
    "listings of last month": (_old, "note", "stale"),
    "a robots.txt that forbids all": (_closed, "failed", "robots_refused"),
    "a robots.txt that fails": (_faulty, "failed", "robots_closed"),
    "a Crawl-delay of minutes": (_slow, "failed", "given_up"),
    "a longer Crawl-delay": (_slower, "note", "robots_delay"),
    "no robots.txt": (lambda paper: paper.pages.pop("/robots.txt") and {}, "ok", "robots_none"),
    "a feed that robots.txt forbids": (_part_closed, "failed", "refused"),
    "articles of another system": (_other_system, "failed", "other_family"),
    "articles without a story": (_no_stories, "failed", "no_story"),
    "articles that are refused": (_no_articles, "failed", "refused"),
    "a family that is not declared": (lambda _: {"family": "generic"}, "note", "could_be"),
    "a pattern that fits nothing": (lambda _: {"article_url": "x-y"}, "failed", "unmatched"),
    "no listing": (
        lambda _: {"feeds": [], "sitemaps": [], "sections": []}, "failed", "no_listing",
    ),
    "a parser that is overdue": (lambda _: {"valid_until": "2020-01-01"}, "note", "overdue"),
    "too little for expect": (
        lambda _: {"expect": {"min_per_week": 5000}},
        "note",
        "unexpected",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_and_what_to_do(paper: Site, tmp_path: Path, fault: str) -> None:
    change, result, code = FAULTS[fault]
    found = verdict(paper, tmp_path, **change(paper))
    assert code in codes(found, result), found.checks
    assert found.works == (result != "failed")
    for language in ("vi", "en"):
        said = words(language, WORDS)
        assert {one.code for one in found.checks} - {"field"} <= said.keys() | FIELD_CODES
        assert result == "ok" or f"todo_{code}" in said


FIELD_CODES = {"disagree", "few_words", "lower_bound", "no_title", "no_lead", "no_authors",
               "no_section", "no_published_at"}  # fmt: skip


def test_every_field_code_says_what_to_do() -> None:
    for language in ("vi", "en"):
        assert {f"todo_{code}" for code in FIELD_CODES} <= words(language, WORDS).keys()


def test_a_film_does_not_stand_for_the_articles(paper: Site, tmp_path: Path) -> None:
    paper.section(FILM, "/a.htm")
    paper.section("/van-hoa.htm", FILM, *ARTICLES)
    found = verdict(paper, tmp_path, feeds=[], sitemaps=[])
    assert found.works
    assert FILM not in {check.target for check in found.checks if check.code == "read"}


# --- a new outlet ----------------------------------------------------------------------------


def draft(paper: Site, folder: Path, **more: Any) -> Verdict:  # noqa: ANN401
    return draft_outlet(f"{paper.home}/", folder, id="moi", delay=0, allow_private=True, **more)


@pytest.mark.parametrize("family", ["vccorp", "epi", "unknown"])
def test_a_new_outlet_is_drafted_and_tried(paper: Site, tmp_path: Path, family: str) -> None:
    put_up(paper, family=family)
    for path in ARTICLES:
        paper.pages[path] = Answer(article(family))
    if family != "vccorp":
        front = paper.pages["/"]
        assert isinstance(front, Answer)
        paper.pages["/"] = Answer(front.body.replace(b"hdZoneId", b"zone"))
    found = draft(paper, tmp_path)
    assert found.draft is not None
    assert found.works, found.checks
    outlet = found.draft.outlet()
    assert (outlet.name, outlet.id, outlet.home) == ("Báo Phố Nghề", "moi", paper.home)
    assert outlet.family == ("generic" if family == "unknown" else family)
    assert outlet.feeds == (f"{paper.home}/rss/home.rss", f"{paper.home}/rss/van-hoa.rss")
    assert outlet.sitemaps == (f"{paper.home}/sitemap.xml",)
    assert outlet.sections == (f"{paper.home}/van-hoa.htm", f"{paper.home}/kinh-te.htm")
    assert outlet.article_url == r"-197\d{12,15}\.htm$"
    assert outlet.expect.min_per_week <= 7 <= outlet.expect.max_per_week
    assert not outlet.enabled
    assert len(found.draft.yaml().splitlines()) <= LINES
    assert {"decide_level", "decide_name", "decide_pattern"} <= codes(found, "note")


def test_what_does_not_work_is_left_out_of_the_draft(paper: Site, tmp_path: Path) -> None:
    paper.pages["/rss/van-hoa.rss"] = Answer(status=500, headers={"Retry-After": "0"})
    paper.section("/kinh-te.htm")
    found = draft(paper, tmp_path)
    assert found.works
    assert found.outlet.feeds == (f"{paper.home}/rss/home.rss",)
    assert found.outlet.sections == (f"{paper.home}/van-hoa.htm",)
    left = {check.target for check in found.checks if check.facts.get("left_out")}
    assert left == {f"{paper.home}/rss/van-hoa.rss", f"{paper.home}/kinh-te.htm"}


def test_without_an_article_the_front_page_gives_the_family_away(
    paper: Site, tmp_path: Path
) -> None:
    _no_articles(paper)
    found = draft(paper, tmp_path)
    assert (found.outlet.family, found.works) == ("vccorp", False)
    assert "refused" in codes(found, "failed")


def test_the_pace_that_robots_txt_asks_for_stands_in_the_draft(paper: Site, tmp_path: Path) -> None:
    text = b"User-agent: *\nCrawl-delay: 0.2\nDisallow: /van-hoa\nDisallow: /kinh\nDisallow: /rss"
    paper.pages["/robots.txt"] = Answer(text, type="text/plain")
    paper.pages.pop("/sitemap.xml")
    found = draft(paper, tmp_path)
    assert found.outlet.delay == 0.2
    assert found.outlet.feeds == ()
    assert not {hit.path for hit in paper.hits} & {"/rss/home.rss", "/van-hoa.htm"}


def test_a_front_page_that_is_closed_gives_no_draft(paper: Site, tmp_path: Path) -> None:
    _closed(paper)
    found = draft(paper, tmp_path)
    assert (found.draft, found.works) == (None, False)
    assert codes(found, "failed") == {"robots_refused", "home_refused"}
    assert paper.paths() == []


def test_a_front_page_without_articles_leaves_the_pattern_to_a_person(
    paper: Site, tmp_path: Path
) -> None:
    paper.section("/", "/van-hoa.htm", "/kinh-te.htm")
    found = draft(paper, tmp_path)
    assert found.draft is not None
    assert "no_pattern" in codes(found, "failed")


# --- saved pages of real newspapers ------------------------------------------------------------


def test_saved_pages_of_real_newspapers_pass(shared: Path, tmp_path: Path) -> None:
    with serve(shared / "pages", tmp_path / "yaml"):
        found = {
            name: try_outlet(outlet, tmp_path / name)
            for name, outlet in load_outlets(tmp_path / "yaml").items()
        }
    assert len(found) >= 6
    for name, each in found.items():
        assert each.works, (name, each.checks)
        fields = {check.target: check.value for check in each.checks if check.part == "field"}
        assert str(fields["parser"]).startswith(each.outlet.family)
        assert fields["published_at"]
        assert fields["authors"] or name in {"chinhphu"}
