"""Start a crawl as a child process, follow its log, and judge how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from time import monotonic
from typing import IO, Any

from crawlers.job import MAX_PAGES, REVISIT_DAYS
from crawlers.report import FINISHED, LOG, STATS, OutletCounts
from kb.errors import CrawlError
from kb.outlets import BUNDLED

TIMEOUT = 3 * 3600.0
"""Seconds for one crawl: 500 pages two seconds apart, four times over."""
GRACE = 20.0
"""Seconds between asking a child to stop and killing it."""
STDERR = "child.log"

OnLine = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl ended. `finish_reason` is Scrapy's, or `timeout` or `killed`.

    The captures and the log are good as far as they go, finished or not.
    """

    finished: bool
    finish_reason: str
    outlets: Mapping[str, OutletCounts]
    warcs: tuple[Path, ...]
    log: Path
    errors: int
    """Errors in the crawler itself, told in `scrapy.log` beside the log."""


def crawl(
    outlets_folder: Path | None,
    ids: Sequence[str],
    out: Path,
    *,
    known: Path | None = None,
    since: date | None = None,
    timeout: float = TIMEOUT,
    on_line: OnLine | None = None,
    max_pages: int = MAX_PAGES,
    revisit_days: float = REVISIT_DAYS,
    run: str | None = None,
) -> CrawlReport:
    """Crawl outlets (no ids: all enabled ones) into `out`, a folder without a crawl in it.

    `outlets_folder` None means the bundled outlets; `timeout` is in seconds; `on_line` is
    called with each line of the log as it is written.

    Raises:
        CrawlError: the child could not be started or refused its arguments; the message says
            why. A crawl that began always yields a report.
    """
    if (out / LOG).exists() or (out / STATS).exists():
        raise CrawlError(f"{out} already holds a crawl: give each run its own folder")
    command = [sys.executable, "-m", "crawlers", "--out", str(out), "--ids", ",".join(ids)]
    command += ["--outlets", str(outlets_folder) if outlets_folder else BUNDLED]
    command += ["--max-pages", str(max_pages), "--revisit-days", str(revisit_days)]
    command += ["--parent", str(os.getpid())]
    for option, value in (("--known", known), ("--since", since), ("--run", run)):
        command += [option, str(value)] if value is not None else []
    follow = _follow(out / LOG, on_line)
    deadline = monotonic() + timeout
    timed_out = False
    with _child(command, out) as process:
        while process.poll() is None:
            next(follow)
            if monotonic() > deadline:
                timed_out = True
                break
            with _patience():
                process.wait(0.2)
    next(follow)
    if not timed_out and not (out / LOG).exists():
        raise CrawlError(f"the crawl did not start: {_last_words(out / STDERR)}")
    return _report(out, timed_out)


@contextmanager
def _child(command: list[str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the child; however the block is left, the child is gone afterwards."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / STDERR).open("wb") as errors:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors
            )
    except OSError as error:
        raise CrawlError(f"the crawl could not be started: {error}") from error
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            with _patience():
                process.wait(GRACE)
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def _patience() -> Iterator[None]:
    try:
        yield
    except subprocess.TimeoutExpired:
        return


def _follow(log: Path, on_line: OnLine | None) -> Iterator[None]:
    """Hand on the whole lines that were added to the log since the last step."""
    file: IO[bytes] | None = None
    rest = b""
    try:
        while True:
            if file is None and log.exists():
                file = log.open("rb")
            if file is not None and on_line is not None:
                *lines, rest = (rest + file.read()).split(b"\n")
                for line in lines:
                    on_line(json.loads(line))
            yield
    finally:
        if file is not None:
            file.close()


def _report(out: Path, timed_out: bool) -> CrawlReport:
    stats = _stats(out)
    reason = "timeout" if timed_out else str(stats.get("finish_reason", "killed"))
    warcs = tuple(sorted(out.glob("*.warc.gz")))
    names = {field.name for field in fields(OutletCounts)}
    counts = {
        outlet: OutletCounts(**{name: raw[name] for name in names})
        for outlet, raw in stats.get("outlets", {}).items()
    }
    return CrawlReport(
        finished=reason == FINISHED,
        finish_reason=reason,
        outlets=counts if stats else _recount(out / LOG),
        warcs=warcs,
        log=out / LOG,
        errors=int(stats.get("errors", 0)),
    )


def _stats(out: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((out / STATS).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _recount(log: Path) -> dict[str, OutletCounts]:
    """Count again from the log of a killed crawl; `found` are the articles that it names."""
    counts: dict[str, OutletCounts] = {}
    lines = log.read_bytes().split(b"\n")[:-1] if log.exists() else []
    for line in map(json.loads, lines):
        count = counts.setdefault(line["outlet"], OutletCounts())
        count.add(line["kind"], line["outcome"])
        count.found += line["kind"] == "article"
    return counts


def _last_words(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n".join(lines[-5:]) or "it said nothing"
