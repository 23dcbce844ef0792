"""A short week with faults drawn by lot: its archive equals that of a week without any."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.sample import SamplePress
from tests.flows.nights import settings
from tests.flows.week import Plan, Told, essence, week

APART = ("thudomoi",)
"""This paper asks for a pause between two requests: too slow for a test."""
NIGHTS, SEED = 3, 5


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Told]]:
    homes = {name: tmp_path_factory.mktemp(name) for name in ("calm", "faulty")}
    return {
        name: (home, week(home, NIGHTS, SEED, faults=name == "faulty", apart=APART, closing=(1,)))
        for name, home in homes.items()
    }


def test_the_archive_is_that_of_a_week_without_faults(
    weeks: dict[str, tuple[Path, Told]], tmp_path: Path
) -> None:
    (calm, peace), (faulty, told) = weeks["calm"], weeks["faulty"]
    assert (peace.codes, peace.killed) == ([0] * 4, 0)
    assert told.faults["kill"]
    assert told.killed == told.codes.count(-signal.SIGKILL) > 0
    assert set(told.codes) <= {0, 1, -signal.SIGKILL}
    one, sums = essence(calm, tmp_path / "calm.sqlite")
    other, found = essence(faulty, tmp_path / "faulty.sqlite")
    assert found == sums
    assert one == other
    # There was news every day, and edits: else nothing was shown.
    plan = Plan.of(SamplePress().press, NIGHTS, SEED)
    papers = ("songhong", "tinnhanhviet")
    stories = sum(paper in papers for paper, _ in plan.appears)
    edits = sum(paper in papers for paper, _ in plan.edited)
    assert edits > 0
    assert sums["article"].startswith(f"{stories}:")
    assert sums["revision"].startswith(f"{stories + edits}:")


def test_the_reports_name_what_was_cut_off(weeks: dict[str, tuple[Path, Told]]) -> None:
    home, told = weeks["faulty"]
    with Archive.open(settings(home).url) as archive:
        runs = archive.runs(100)
    assert sum(run["status"] == "interrupted" for run in runs) == told.killed
    needs = [need["kind"] for run in runs for need in (run["counts"] or {}).get("needs", [])]
    assert needs.count("interrupted") == told.killed
    days = {run["started_at"].date() for run in runs}
    assert len(days) == 4, "the clock was not faked"


def test_lots_are_drawn_from_the_seed() -> None:
    press = SamplePress().press
    assert Plan.of(press, 7, 1) == Plan.of(press, 7, 1) != Plan.of(press, 7, 2)
    plan = Plan.of(press, 7, 1)
    assert set(plan.appears.values()) == set(range(7))
    assert all(day >= plan.appears[story] + 2 for story, day in plan.edited.items())
