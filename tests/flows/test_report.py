"""What a night's report keeps, and what it asks a person to look at."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.child import CrawlReport
from crawlers.report import OutletCounts
from flows import report_text
from flows.crawling import Told, told
from flows.report import NightReport, OutletNight
from kb.capture import Rejection
from kb.outlets import Outlet
from tests.flows.nights import Night, settings

OUTLET = Outlet.model_validate(
    {
        "id": "thu", "name": "Báo Thử", "home": "https://bao-thu.example", "level": "local",
        "family": "generic", "sections": ["https://bao-thu.example/"], "article_url": r"\.html$",
    }
)  # fmt: skip
TODAY = date(2026, 11, 20)


def needs(**values: Any) -> list[tuple[str, dict[str, Any]]]:  # noqa: ANN401
    found = OutletNight(**values).needs(OUTLET, TODAY)
    return [(need.kind, need.facts) for need in found]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({}, None),
        ({"failed": 3, "told": Told(faults=Counter({"HTTP 503": 3}))}, None),
        ({"error": "killed"}, "error"),
        ({"given_up": "asked to wait 3600 s (HTTP 429)"}, "given_up"),
        ({"given_up": "asked only at 22:00-06:00 (Asia/Ho_Chi_Minh)"}, None),
        ({"given_up": "budget of 9 bytes is spent", "told": Told(over=4)}, "over"),
        ({"restarts": 1}, "restarts"),
        ({"crawler_errors": 1}, "crawler"),
        ({"unkept": ("a.warc.gz could not be taken",)}, "unkept"),
        ({"told": Told(listings=["/: refused"]), "listed": 0}, "unlisted"),
        ({"told": Told(listings=["/: 9 article links"]), "listed": 1}, None),
    ],
)
def test_what_a_person_has_to_look_at(values: dict[str, Any], kind: str | None) -> None:
    assert [name for name, _ in needs(**values)] == ([kind] if kind else [])


def test_a_listing_that_robots_txt_hides_is_told_with_what_happened_to_robots_txt() -> None:
    hidden = Told(
        listings=["/: Forbidden"],
        refusals=Counter({"Forbidden by robots.txt": 2}),
        faults=Counter({"the host refuses connections": 1}),
    )
    assert needs(told=hidden) == [("unlisted", {"reason": "the host refuses connections"})]
    hidden.faults.clear()
    assert needs(told=hidden) == [("unlisted", {"reason": "Forbidden by robots.txt"})]


def test_a_parser_past_its_date_is_told() -> None:
    for day, kinds in ((date(2026, 11, 19), ["valid"]), (TODAY, [])):
        outlet = OUTLET.model_copy(update={"valid_until": day})
        assert [need.kind for need in OutletNight().needs(outlet, TODAY)] == kinds


def line(kind: str, outcome: str, reason: str | None = None, status: int | None = None) -> str:
    row = {"kind": kind, "outcome": outcome, "reason": reason, "status": status}
    return json.dumps(row | {"url": f"https://bao-thu.example/{kind}"})


def test_a_crawl_log_tells_of_failures_refusals_and_budgets(tmp_path: Path) -> None:
    log = tmp_path / "crawl.jsonl"
    rows = [
        line("robots", "refused", "not counted"),
        line("section", "listed", "40 article links, 12 beyond the budget of 20 pages"),
        line("feed", "skipped", "asked only at night"),
        line("article", "failed", "no whole answer in time (took longer than 30 s)"),
        line("article", "failed", "no whole answer in time (took longer than 31 s)"),
        line("article", "failed", None, 503),
        line("article", "refused", "HTTP 403"),
        line("article", "skipped", "budget of 20 pages is spent"),
        line("article", "skipped", "known since yesterday"),
    ]
    log.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = told(log)
    assert found.faults == {"no whole answer in time": 2, "HTTP 503": 1}
    assert found.refusals == {"HTTP 403": 1}
    assert found.over == 13
    assert [text.partition(": ")[2][:16] for text in found.listings] == ["40 article links"]


def test_the_ledger_gets_all_of_it_as_json() -> None:
    counts = OutletCounts(found=9, stored=4, refused=1, bytes=1234, given_up="robots.txt")
    crawl = CrawlReport(False, "timeout", {"thu": counts}, (), Path("run/crawl.jsonl"), 2, 1)
    night = OutletNight(failed=2)
    night.note(crawl, Told(faults=Counter({"HTTP 500": 2})))
    night.tally.rejected = [Rejection("a", "extract", "no story")]
    night.seconds["crawl"] = 1.234
    report = NightReport(7, {"thu": night}, strangers=1)
    report.needs = night.needs(OUTLET, TODAY)
    kept = json.loads(json.dumps(report.counts()))
    thu = kept["outlets"]["thu"]
    assert (thu["found"], thu["fetched"], thu["bytes"], thu["restarts"]) == (9, 4, 1234, 1)
    assert (thu["faults"], thu["unused"]) == ({"HTTP 500": 2}, {"no story": 1})
    assert thu["error"] == "the crawl ended early (timeout); see run"
    assert kept["seconds"]["crawl"] == 1.23
    assert {need["kind"] for need in kept["needs"]} == {"error", "given_up", "restarts", "crawler"}
    assert report.failures == 2 + 1 + 1


NIGHT = {"strangers", "bad_lines", "interrupted", "resumed", "workers", "clock", "database"}
"""What concerns no single outlet: `flows.nightly` names it."""


def test_every_need_and_alarm_has_its_words() -> None:
    from flows import alarm, measures, report, silence

    sources = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8")
        for module in (alarm, measures, report, silence)
    )
    words = (files("kb.research") / "night.yaml").read_text("utf-8")
    for language in yaml.safe_load(words).values():
        for kind in (*language["need"], *language["alarm"]):
            assert f'"{kind}"' in sources or kind in NIGHT


def test_a_night_as_markdown_says_what_the_terminal_says(first: Night) -> None:
    with first.archive as archive:
        text = report_text.of_run(archive, 1, settings(first.home))
    assert text.startswith("# Kết quả lượt 1, ")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert "| Sông Hồng Online | 13 | 12 | 0 | 0 | 1 | 0 | 0 | 0 |" in rows
    assert len({row.count(" | ") for row in rows[:5]}) == 1
    assert "- Nhịp sống Thủ đô Mới: 1 × bị chặn: Forbidden by robots.txt" in text


def test_what_pages_say_is_no_markdown() -> None:
    need = {"kind": "error", "outlet": "thu", "facts": {"reason": "<b>[x](http://xau)|`y`*"}}
    counts = {"outlets": {"thu": {"new": 1, "changed": 0}}, "needs": [need]}
    run = {"id": 1, "started_at": datetime(2026, 5, 12, tzinfo=UTC), "status": "done",
           "counts": counts}  # fmt: skip
    text = report_text.markdown(run, {"thu": "Báo | Thử"}, {}, {}, "en")
    assert r"\<b\>\[x\](http://xau)|\`y\`\*" in text
    assert "| Báo / Thử | 0 | 1 |" in text
