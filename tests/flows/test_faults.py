"""What goes wrong below a night: its database goes away all the time, its clock is set back, its
disk is full. Nothing is lost, nothing doubled, and the report names it."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from flows.nightly import nightly
from flows.runner import PlainRunner
from kb.archive import Archive, Query
from kb.sample import SamplePress
from tests.archive.conftest import scratch
from tests.archive.test_durability import cut_off
from tests.cli.program import KB, OUTSIDE
from tests.flows.disk import small_disk
from tests.flows.nights import STORIES, Night, run, settings
from tests.flows.test_killed import content
from tests.flows.week import FIRST, Plan, essence, served
from tests.flows.week import run as run_at

PAPER = "songhong"


@pytest.fixture
def one_paper(papers: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "outlets"
    folder.mkdir()
    shutil.copy(papers / f"{PAPER}.yaml", folder)
    return folder


# --- the database ----------------------------------------------------------------------------


@contextmanager
def restarting(engine: Engine, url: str) -> Iterator[list[int]]:
    """End all connections to a database at ever rarer statements, so that every step of a night is
    met, and comes through in the end; yields at which."""
    at, count, gap = list[int](), 0, 2.0

    def restart(*_: object) -> None:
        nonlocal count, gap
        count += 1
        if count >= (at[-1] if at else 0) + gap:
            at.append(count)
            gap *= 1.3
            cut_off(url)

    event.listen(engine, "before_cursor_execute", restart)
    try:
        yield at
    finally:
        event.remove(engine, "before_cursor_execute", restart)


def held(archive: Archive) -> dict[str, Any]:
    """Return what an archive holds of the paper, without ids and times."""
    query = Query(outlets=(PAPER,))
    texts = {one["article_id"]: one for one in archive.articles_rows(query, full_text=True)}
    kept = ("url", "title", "lead", "body", "authors", "published_at", "revisions")
    spans = Counter(
        (texts[one["article_id"]]["url"], one["entity_id"], one["field"], one["start"], one["end"])
        for one in archive.mentions_rows(query)
    )
    return {"texts": sorted([str(row[name]) for name in kept] for row in texts.values()),
            "spans": spans}  # fmt: skip


def test_a_database_that_restarts_all_night(first: Night, one_paper: Path, tmp_path: Path) -> None:
    with scratch() as url:
        chosen = settings(tmp_path / "data").model_copy(update={"database_url": url})
        with Archive.open(url) as archive:
            with restarting(archive.engine, url) as cuts:
                report = nightly(archive, PlainRunner(), chosen, folder=one_paper)
            assert len(cuts) >= 8, "hardly anything was cut off"
            (row,) = archive.runs()
            assert (row["status"], report.failures) == ("done", 0)
            (need,) = [one for one in row["counts"]["needs"] if one["kind"] == "database"]
            assert need["facts"]["count"] >= 3
            assert archive.quarantine() == []
            assert [one.detail for one in archive.check() if one.wrong] == []
            found, captures = held(archive), list(archive.captures())
        assert len(captures) == len({(one.url, one.fetched_at) for one in captures})
        assert sum(one.status == 200 for one in captures) == STORIES[PAPER]
    with first.archive as calm:
        assert found == held(calm)


# --- the clock -------------------------------------------------------------------------------

APART = ("thudomoi", "tinnhanhviet")
NIGHTS = 3
RIGHT = {0: 0, 1: 1, 2: 2, 4: 4}
"""Day of what the papers print → day that the clock shows."""
BACK = RIGHT | {1: -3}


def nights(home: Path, days: dict[int, int], seed: int) -> Path:
    """Run nights whose clock shows other days than those of what is printed."""
    lot = random.Random(seed)
    with served(Plan.of(SamplePress().press, NIGHTS, seed), home, APART) as (press, folder):
        for later, (day, shown) in enumerate(days.items()):
            press.turn(min(day, NIGHTS - 1))
            # An hour later each: whether a look is due is no matter of a night's seconds.
            at = (FIRST + timedelta(days=shown, hours=later)).timestamp()
            assert run_at(home, folder, at - time.time(), "", lot, press) == 0
    return home


def test_a_clock_set_back_between_two_nights(tmp_path: Path) -> None:
    right, back = tmp_path / "right", tmp_path / "back"
    for home in (right, back):
        home.mkdir()
    nights(right, RIGHT, 5)
    nights(back, BACK, 5)
    one, sums = essence(right, tmp_path / "right.sqlite")
    other, found = essence(back, tmp_path / "back.sqlite")
    assert found == sums
    assert one == other
    stories, edits = (int(sums[name].partition(":")[0]) for name in ("article", "revision"))
    assert edits > stories, "nothing was edited: nothing was shown"
    with Archive.open(settings(back).url) as archive:
        runs = archive.runs()[::-1]
        assert archive.quarantine() == []
        assert [one.detail for one in archive.check() if one.wrong] == []
    assert [one["status"] for one in runs] == ["done"] * len(BACK)
    assert [one["id"] for one in runs] == [1, 2, 3, 4]
    assert runs[1]["started_at"] < runs[0]["started_at"], "the clock was not faked"
    clocks = [[n["facts"]["run"] for n in one["counts"]["needs"] if n["kind"] == "clock"]
              for one in runs]  # fmt: skip
    assert clocks == [[], [1], [], []]
    folders = [path.name for path in (back / "captures").iterdir()]
    assert len(folders) == len(set(folders)) == len(BACK)


# --- the disk --------------------------------------------------------------------------------


FULL = ("disk is full", "No space left", "File too large", "disk I/O error")


@pytest.mark.parametrize("room", [20_000, 120_000, 400_000])
def test_a_disk_that_fills_up_in_a_night(
    first: Night, one_paper: Path, tmp_path: Path, room: int
) -> None:
    with small_disk(tmp_path / "data") as disk:
        Archive.open(settings(disk.home).url).close()
        disk.leave(room)
        env = OUTSIDE | {"KB_DATA_DIR": str(disk.home), "KB_WORKERS": "1"}
        words = [KB, "nightly", "--no-server", "--outlets", str(one_paper)]
        done = subprocess.run(
            words, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False,
            preexec_fn=disk.before,
        )  # fmt: skip
        told = done.stdout + done.stderr
        assert done.returncode == 1, told
        assert "Traceback" not in done.stderr
        assert any(sign in told for sign in FULL), told
        disk.grow()
        night = run(disk.home, one_paper)
        assert content(disk.home) == content(first.home)
        with night.archive as archive:
            statuses = [one["status"] for one in archive.runs()]
            assert statuses[0] == "done"
            assert [one.detail for one in archive.check() if one.wrong] == []
            assert archive.quarantine() == []
        if "interrupted" in statuses:
            assert "interrupted" in [one.kind for one in night.report.needs]
        again = run(disk.home, one_paper)
        assert again.report.total.count.new == 0
        assert again.report.needs == []
