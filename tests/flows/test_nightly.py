"""The nightly job on the sample press: over real HTTP from the front page to the archive."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

from kb.archive import Query
from kb.sample import SamplePress
from kb.sample.expected import load_expected
from tests.flows.conftest import WITHDRAWN, Later
from tests.flows.nights import STORIES, TEXTS, Night, articles, mentions, stories

EXPECTED = load_expected()
REWRITTEN = next(key for key, story in EXPECTED.items() if story.revised_title)

# --- the first night ---------------------------------------------------------------------------


def test_the_report_counts_each_outlet(first: Night) -> None:
    found = {name: night.tally.count.new for name, night in first.report.outlets.items()}
    assert found == STORIES
    for night in first.report.outlets.values():
        assert night.fetched == night.tally.articles == night.tally.count.new
        assert (night.failed, night.error, night.unchanged) == (0, None, 0)
    gone = {name: night.gone for name, night in first.report.outlets.items()}
    assert gone == {"songhong": 1, "thudomoi": 0, "tinnhanhviet": 1}
    refused = {name: night.refused for name, night in first.report.outlets.items()}
    assert refused == {"songhong": 0, "thudomoi": 1, "tinnhanhviet": 0}
    assert first.report.failures == 0


def test_every_story_of_the_press_is_in_the_archive(first: Night, press: SamplePress) -> None:
    found = {row["url"]: row["outlet"] for row in articles(first.home)}
    assert found == {url: paper for url, (paper, _) in stories(press).items()}


def test_the_outlets_say_what_they_do(first: Night) -> None:
    for name in STORIES:
        lines = [line for outlet, line in first.said if outlet == name]
        assert lines[-2:] == ["reading", "done"]
        assert any(line.endswith("pages") for line in lines)


def test_the_ledger_keeps_the_run(first: Night) -> None:
    with first.archive as archive:
        (run,) = archive.runs()
        captures = list(archive.known_pages())
        assert archive.quarantine() == []
    assert (run["kind"], run["status"], run["id"]) == ("nightly", "done", first.report.run_id)
    assert run["started_at"] < run["finished_at"]
    assert {name: counts["new"] for name, counts in run["counts"]["outlets"].items()} == STORIES
    assert run["counts"]["initiatives"] == dict(first.report.total.initiatives)
    assert len(captures) == sum(STORIES.values())
    assert all(page.etag and page.digest for page in captures)


def test_titles_are_those_of_the_stories(first: Night, press: SamplePress) -> None:
    assert _by_story(first, press, "title") == {key: s.title for key, s in EXPECTED.items()}


def test_dates_are_right_to_the_minute(first: Night, press: SamplePress) -> None:
    found = _by_story(first, press, "published_at")
    wrong = {
        key: found[key]
        for key, story in EXPECTED.items()
        if not timedelta(0) <= found[key] - story.published_at < timedelta(minutes=1)
    }
    assert wrong == {}


def test_bylines_are_people_and_nothing_else(first: Night, press: SamplePress) -> None:
    assert _by_story(first, press, "authors") == {key: s.bylines for key, s in EXPECTED.items()}


def test_bodies_hold_nothing_of_the_boxes_beside_the_story(
    first: Night, press: SamplePress
) -> None:
    bodies = _by_story(first, press, "body")
    assert any(story.not_in_body for story in EXPECTED.values())
    wrong = {
        key: text
        for key, story in EXPECTED.items()
        for text in story.not_in_body
        if text in bodies[key]
    }
    assert wrong == {}


def test_bodies_hold_the_whole_story(first: Night, press: SamplePress) -> None:
    bodies = _by_story(first, press, "body")
    missing = {
        (paper.id, article.slug): paragraph
        for paper in press.press.papers.values()
        for article in paper.articles
        for paragraph in article.paragraphs
        if paragraph not in bodies[paper.id, article.slug].split("\n")
    }
    assert missing == {}


def test_stories_name_the_initiatives_that_a_reader_finds(first: Night, press: SamplePress) -> None:
    ids = {row["article_id"]: row["url"] for row in articles(first.home)}
    where = stories(press)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in mentions(first.home):
        if row["kind"] in {"initiative", "programme"}:
            found[where[ids[row["article_id"]]]].add(row["entity_id"])
    wrong = {
        key: (found[key], set(story.initiatives))
        for key, story in EXPECTED.items()
        if found[key] - set(story.perhaps) != set(story.initiatives) - set(story.perhaps)
        or not set(story.initiatives) <= found[key]
    }
    assert wrong == {}


def test_spans_lie_where_they_say(first: Night) -> None:
    texts = {row["article_id"]: row for row in articles(first.home)}
    spans = mentions(first.home)
    assert len(spans) > 500
    for row in spans:
        text = texts[row["article_id"]][row["field"]]
        assert text[row["start"] : row["end"]] == row["surface"]
        assert row["surface"] in row["sentence"]
        assert row["sentence"] in text


def test_a_page_that_robots_forbid_was_never_asked_for(first: Night, press: SamplePress) -> None:
    forbidden = press.press.papers["thudomoi"].planted.path
    asked = [request.path for request in press.requests if request.paper == "thudomoi"]
    assert "/robots.txt" in asked
    assert forbidden not in asked


def test_the_papers_saw_who_was_calling(first: Night, press: SamplePress) -> None:
    agents = {request.user_agent for request in press.requests}
    assert all("(+" in agent and "Mozilla" not in agent for agent in agents)


def test_the_captures_lie_where_the_articles_say(first: Night) -> None:
    for row in articles(first.home):
        path, _, offset = row["source_file"].rpartition("@")
        with open(path, "rb") as file:  # noqa: PTH123
            file.seek(int(offset))
            assert file.read(2) == b"\x1f\x8b"


# --- the nights after --------------------------------------------------------------------------


def test_a_second_night_changes_nothing(second: Later) -> None:
    assert second.before == second.after
    assert second.before["mention"]
    for name, night in second.night.report.outlets.items():
        assert (night.fetched, night.unchanged) == (0, STORIES[name])
        assert (night.tally.count.new, night.tally.count.changed, night.failed) == (0, 0, 0)


def test_a_rewritten_story_is_the_only_one_that_changes(edition: Later, press: SamplePress) -> None:
    url = press.url(*REWRITTEN)
    counts = [night.tally.count for night in edition.night.report.outlets.values()]
    assert [(count.new, count.changed) for count in counts] == [(0, 1), (0, 0)]
    gone = press.url(*WITHDRAWN)
    before = {row["url"]: row for row in edition.before["article"]}
    after = {row["url"]: row for row in edition.after["article"]}
    assert {name for name in after if after[name] != before[name]} == {url, gone}
    assert after[url]["title"] == EXPECTED[REWRITTEN].revised_title
    assert (before[url]["revisions"], after[url]["revisions"]) == (1, 2)
    assert after[url]["published_at"] == before[url]["published_at"]
    kept = [row for row in edition.after["revision"] if row["article_id"] == after[url]["id"]]
    assert [row["number"] for row in kept] == [1, 2]
    assert "120 hoạt động" in kept[0]["title"]


def test_mentions_are_those_of_the_current_text(edition: Later, press: SamplePress) -> None:
    url = press.url(*REWRITTEN)
    (row,) = (row for row in articles(edition.night.home) if row["url"] == url)
    spans = [m for m in mentions(edition.night.home) if m["article_id"] == row["article_id"]]
    assert spans
    assert all(row[m["field"]][m["start"] : m["end"]] == m["surface"] for m in spans)
    stored = edition.after["mention"]
    (current,) = (r["revision_id"] for r in edition.after["article"] if r["url"] == url)
    assert len(spans) == sum(m["revision_id"] == current for m in stored)


def test_search_finds_the_new_text_and_not_the_old(edition: Later, press: SamplePress) -> None:
    with edition.night.archive as archive:
        new = archive.search(Query('"135 hoạt động"')).hits
        old = archive.search(Query('"120 hoạt động"', outlets=("songhong",))).hits
    url = press.url(*REWRITTEN)
    assert url in {hit.url for hit in new}
    assert url not in {hit.url for hit in old}


def test_a_withdrawn_story_stays_and_is_marked_as_gone(edition: Later, press: SamplePress) -> None:
    url = press.url(*WITHDRAWN)
    gone = {row["url"] for row in edition.after["article"] if row["gone_at"] is not None}
    assert gone == {url}
    assert all(row["gone_at"] is None for row in edition.before["article"])
    assert edition.night.report.outlets["thudomoi"].gone == 1
    assert url in {row["url"] for row in articles(edition.night.home)}
    assert edition.night.report.failures == 0


def test_nothing_else_is_touched_by_a_new_edition(edition: Later) -> None:
    for table in TEXTS[1:]:
        before = [tuple(map(str, row.values())) for row in edition.before[table]]
        after = {tuple(map(str, row.values())) for row in edition.after[table]}
        assert set(before) <= after


def _by_story(night: Night, press: SamplePress, column: str) -> dict[tuple[str, str], Any]:
    where = stories(press)
    return {where[row["url"]]: row[column] for row in articles(night.home)}
