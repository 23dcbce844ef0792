"""A given list of addresses: each goes to its newspaper, the others are kept aside by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.addresses import sort_addresses
from flows.nightly import nightly
from flows.report import NightReport
from flows.runner import PlainRunner
from kb.archive import Archive
from kb.errors import ConfigError
from kb.outlets import load_outlets
from kb.sample import SamplePress
from tests.flows.nights import articles, settings


def given(home: Path, papers: Path, lines: list[str], *ids: str) -> NightReport:
    own = settings(home)
    with Archive.open(own.url) as archive:
        return nightly(
            archive, PlainRunner(), own, folder=papers, ids=ids, urls=lines, urls_name="list.txt"
        )


def test_the_addresses_given_are_fetched_and_no_others(
    press: SamplePress, papers: Path, tmp_path: Path
) -> None:
    stories = [a.slug for a in press.press.papers["tinnhanhviet"].articles[:2]]
    urls = [press.url("tinnhanhviet", slug) for slug in stories]
    lines = [
        "# bài cần đọc lại", "", urls[0], f"  {urls[1]}?utm_source=thu\r", urls[0],
        "https://bao-la.example/mot-bai-1.html", "ftp://bao.example/x", "hai từ", "http://[::1",
    ]  # fmt: skip
    before = len(press.requests)
    report = given(tmp_path, papers, lines)
    assert list(report.outlets) == ["tinnhanhviet"]
    assert report.outlets["tinnhanhviet"].tally.count.new == 2
    assert sorted(row["url"] for row in articles(tmp_path)) == sorted(urls)
    assert (report.strangers, report.bad_lines, report.failures) == (1, 3, 4)
    assert {need.kind for need in report.needs} == {"strangers", "bad_lines"}
    assert report.alarms == []
    with Archive.open(settings(tmp_path).url) as archive:
        aside = {row["source"]: (row["stage"], row["reason"]) for row in archive.quarantine()}
    assert aside == {
        "https://bao-la.example/mot-bai-1.html": ("crawl", "on a host of no declared outlet"),
        "list.txt:7: ftp://bao.example/x": ("intake", "not a full http:// or https:// address"),
        "list.txt:8: hai từ": ("intake", "not an address: it holds a space"),
        "list.txt:9: http://[::1": ("intake", "not an address: Invalid IPv6 URL"),
    }
    asked = {one.path for one in press.requests[before:] if one.paper == "songhong"}
    assert all(press.press.papers["songhong"].articles[0].path != path for path in asked)


def test_a_list_may_be_restricted_to_outlets_and_names_those_switched_off(
    press: SamplePress, papers: Path
) -> None:
    outlets = load_outlets(papers)
    off = {name: one.model_copy(update={"enabled": False}) for name, one in outlets.items()}
    urls = [press.url(name, press.press.papers[name].articles[0].slug) for name in outlets]
    assert list(sort_addresses(urls, "x", off).by_outlet) == list(outlets)
    found = sort_addresses(urls, "x", outlets, only=["songhong"])
    assert found.by_outlet == {"songhong": (urls[0],)}
    assert {one.reason for one in found.strangers} == {"on a host of none of the outlets asked for"}


@pytest.mark.parametrize("lines", [[], ["", "# nothing"]])
def test_a_list_of_nothing_is_a_wrong_argument(
    papers: Path, tmp_path: Path, lines: list[str]
) -> None:
    with pytest.raises(ConfigError, match=r"list\.txt names no address"):
        given(tmp_path, papers, lines)


def test_more_addresses_than_a_night_asks_for_are_all_asked_for(
    papers: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import flows.crawling

    asked: dict[str, object] = {}
    monkeypatch.setattr(flows.crawling, "crawl", lambda *_, **more: asked.update(more))
    urls = tuple(f"http://127.0.0.1/bai-{n}.html" for n in range(5000))
    plan = flows.crawling.CrawlPlan(
        papers, tmp_path, tmp_path / "known.jsonl", "run", given={"songhong": urls}
    )
    flows.crawling.crawl_outlet(plan, "songhong", lambda line: None)
    assert (asked["urls"], asked["max_pages"]) == (urls, 5000)
    assert asked["timeout"] == 40_000.0
