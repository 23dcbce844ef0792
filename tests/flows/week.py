"""Nights of the sample press on a faked clock, with stories and edits every day; once in peace and
once with faults drawn by lot. At the end both archives must hold the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import delete, update

from flows.leftover import _writing
from kb.archive import Archive
from kb.archive.backup import backup
from kb.archive.tables import article, capture
from kb.article import VIETNAM
from kb.sample import Press, SamplePress, outlets
from kb.sample.model import Article, Block
from kb.sample.pages import Page, Site
from kb.settings import Settings

CLOCK = Path(__file__).with_name("clock")
KB = Path(sys.executable).with_name("kb")
FIRST = datetime(2026, 11, 20, 19, tzinfo=UTC)
"""The first night: 02:00 of 21 November in Vietnam."""
ADDED = "Bổ sung lúc {hour} giờ: ban tổ chức cho biết có thêm {count} chỗ cho khách đến sau."
GONE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Plan:
    """What the papers print each day, drawn by lot from a seed: paper → slug → day."""

    appears: dict[tuple[str, str], int]
    edited: dict[tuple[str, str], int]
    nights: int

    @classmethod
    def of(cls, press: Press, nights: int, seed: int) -> Plan:
        """Spread the stories over the nights; a third of them is edited two days later or more, so
        that a paper may be away for a night without a text being overwritten unseen."""
        lot = random.Random(seed)
        stories = [(p.id, a.slug) for p in press.papers.values() for a in p.articles]
        lot.shuffle(stories)
        appears = {story: max(0, at % (nights + 2) - 2) for at, story in enumerate(stories)}
        early = [story for story, day in appears.items() if day + 2 < nights]
        edited = {s: lot.randrange(appears[s] + 2, nights) for s in early[: len(stories) // 3]}
        return cls(appears, edited, nights)


class DailyPress(SamplePress):
    """The sample press on one of the days of a plan; papers may be in trouble."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan, self.day, self.whole = plan, 0, self.press
        self.trouble: dict[str, Callable[[str], Page | None]] = {}

    def turn(self, day: int) -> None:
        """Let a day begin."""
        self.day = day
        papers = {}
        for name, paper in self.whole.papers.items():
            own = [
                self._state(name, one)
                for one in paper.articles
                if self.plan.appears[name, one.slug] <= day
            ]
            papers[name] = replace(paper, articles=tuple(own))
        self.press = replace(self.whole, papers=papers)

    def _state(self, paper: str, one: Article) -> Article:
        if self.plan.edited.get((paper, one.slug), 99) > self.day:
            return replace(one, revised=None)
        words = ADDED.format(hour=len(one.slug) % 12 + 7, count=len(one.title))
        body = (*one.body, Block("paragraph", words))
        edited = FIRST + timedelta(days=self.plan.edited[paper, one.slug], hours=-5)
        return replace(one, revised=None, body=body, modified_at=edited.astimezone(VIETNAM))

    def answer(self, paper: str, path: str) -> Page:
        """Return what a paper answers on this day. A story's page shows that story alone: what
        stands beside it changes from day to day, and the captures with it."""
        fault = self.trouble.get(paper)
        page = fault(path) if fault else None
        if page is not None:
            return page
        whole = self.press.papers[paper]
        (*alone,) = (one for one in whole.articles if one.path == path)
        if not alone:
            return super().answer(paper, path)
        single = replace(whole, articles=tuple(alone), teasers=())
        return Site(single, self._bases[paper], self.press.today, 1).page(path)


# --- faults ----------------------------------------------------------------------------------


def down(path: str) -> Page:
    """Fail for every request."""
    return Page(503, "text/html", b"<h1>503</h1>")


def flaky(lot: random.Random) -> Callable[[str], Page | None]:
    """Fail for every fourth story."""
    failing: dict[str, bool] = {}

    def answer(path: str) -> Page | None:
        if failing.setdefault(path, path.count("/") > 0 and lot.random() < 0.25):
            return Page(500, "text/html", b"")
        return None

    return answer


def slow(path: str) -> None:
    """Take its time."""
    time.sleep(0.2)


CLOSING = (1, 5)
"""Days after the last day with news on which another night is run: the papers' older pages are
looked at again when they are three and seven days old."""
KINDS = ("down", "flaky", "slow", "kill", "kill child")


@dataclass
class Told:
    """What happened in a week."""

    faults: Counter[str] = field(default_factory=Counter)
    nights: int = 0
    killed: int = 0
    codes: list[int] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0


def week(
    home: Path,
    nights: int,
    seed: int,
    *,
    faults: bool,
    apart: tuple[str, ...] = (),
    closing: tuple[int, ...] = CLOSING,
) -> Told:
    """Run the nights of a week, and quiet ones behind it (`closing`: days after its end); with
    faults each night but the last of the week has one or two, and a night that was killed is run
    again, as a timer would. Papers that stand `apart` are left out.
    """
    told, began = Told(), time.monotonic()
    plan = Plan.of(SamplePress().press, nights, seed)
    lot = random.Random(seed + 1)
    with served(plan, home, apart) as (press, folder):
        for night in [*range(nights), *(nights + days for days in closing)]:
            press.turn(min(night, nights - 1))
            chosen: list[str] = []
            if faults and night < nights - 1:
                chosen = lot.sample(KINDS, lot.choice((1, 2)))
            told.faults.update(chosen)
            papers = [name for name in press.press.papers if name not in apart]
            lot.shuffle(papers)
            press.trouble = trouble(chosen, papers, lot)
            for attempt, kill in enumerate([one for one in chosen if "kill" in one] + [""]):
                shown = timedelta(days=night, minutes=9 * attempt + 30 * night)
                seconds = (FIRST + shown).timestamp()
                code = run(home, folder, seconds - time.time(), kill, lot, press)
                told.nights += 1
                told.codes.append(code)
                told.killed += code == -signal.SIGKILL
        told.requests = len(press.requests)
    told.seconds = time.monotonic() - began
    return told


def trouble(
    chosen: list[str], papers: list[str], lot: random.Random
) -> dict[str, Callable[[str], Page | None]]:
    """Give papers their troubles of a night."""
    made: dict[str, Callable[[str], Page | None]] = {}
    for kind, paper in zip(chosen, papers, strict=False):
        if kind in ("down", "flaky", "slow"):
            made[paper] = {"down": down, "flaky": flaky(lot), "slow": slow}[kind]
    return made


@contextmanager
def served(plan: Plan, home: Path, apart: tuple[str, ...]) -> Iterator[tuple[DailyPress, Path]]:
    """Serve the press, and declare its papers in a folder."""
    press = DailyPress(plan)
    press._port = PORT
    with press:
        folder = home / "outlets"
        outlets(press, folder)
        for name in apart:
            (folder / f"{name}.yaml").unlink()
        yield press, folder


PORT = 28821
"""The addresses are content: both weeks must have the same."""


def run(
    home: Path, folder: Path, later: float, kill: str, lot: random.Random, press: DailyPress
) -> int:
    """Run one night so many seconds later than now, killed at a moment drawn by lot."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}
    env |= {
        "PYTHONPATH": str(CLOCK), "FAKED_SECONDS": str(later), "KB_DATA_DIR": str(home),
        "KB_WORKERS": "1",
    }  # fmt: skip
    command = [str(KB), "nightly", "--no-server", "--outlets", str(folder)]
    log = (home / "nights.log").open("ab")
    before = len(press.requests)
    process = subprocess.Popen(
        command, env=env, cwd=home, stdout=log, stderr=log, start_new_session=True
    )
    ended = Event()
    if kill:
        at, wait = lot.randrange(3, 30), lot.random() * 4
        Thread(
            target=killer, args=(process, home, kill, press, before + at, wait, ended), daemon=True
        ).start()
    try:
        return process.wait(300)
    finally:
        ended.set()
        log.close()


def killer(
    process: subprocess.Popen[bytes],
    home: Path,
    kill: str,
    press: DailyPress,
    requests: int,
    wait: float,
    ended: Event,
) -> None:
    """Kill a night, or its crawls, some seconds after so many requests."""
    while len(press.requests) < requests and not ended.wait(0.02):
        pass
    if kill == "kill child":
        for folder in home.glob("captures/*/*-*"):
            for pid in _writing(folder):
                os.kill(pid, signal.SIGKILL)
        return
    if not ended.wait(wait):
        process.kill()


# --- what is left ------------------------------------------------------------------------------


def essence(home: Path, copy: Path) -> tuple[str, dict[str, str]]:
    """Return the content hash of an archive, and the sums of its tables, but for when something was
    fetched: the captures themselves, and since when a story is gone."""
    with Archive.open(Settings(data_dir=home, database_url="").url) as archive:
        backup(archive.engine, copy)
    with Archive.open(f"sqlite:///{copy}") as archive:
        with archive.engine.begin() as connection:
            connection.execute(delete(capture))
            gone = article.c.gone_at.is_not(None)
            connection.execute(update(article).where(gone).values(gone_at=GONE))
        sums = {name: str(one) for name, one in archive.content_sums().items()}
        return archive.content_hash(), sums
