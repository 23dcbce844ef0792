"""Start a crawl as a child process, follow its log, and judge how it ended."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from time import monotonic

from crawlers.job import MAX_PAGES, WARC_BYTES
from crawlers.report import FINISHED, LOG, UNWRITTEN, OutletCounts, finish_reason, stats
from kb.errors import CrawlError
from kb.outlets import BUNDLED

TIMEOUT = 3 * 3600.0
"""Seconds for one crawl: 500 pages two seconds apart, four times over."""
GRACE = 20.0
"""Seconds between asking a child to stop and killing it."""
RESTARTS = 2
"""How often a child that died is started again to go on where it stopped."""
STDERR = "child.log"
URLS = "urls.txt"

OnLine = Callable[[dict[str, object]], None]


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """How a crawl ended. `finish_reason` is Scrapy's, `timeout`, `killed`, or a sentence.

    The captures and the log are good as far as they go, finished or not.
    """

    finished: bool
    finish_reason: str
    outlets: Mapping[str, OutletCounts]
    warcs: tuple[Path, ...]
    log: Path
    errors: int
    """Errors in the crawler itself, told in `scrapy.log` beside the log."""
    restarts: int = 0
    """How often the child died and was started again."""
    strangers: tuple[str, ...] = ()
    """Given addresses that belong to none of the outlets."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Where each finished WARC file was taken (URL by file name), if it was to be."""
    faults: tuple[str, ...] = ()
    """WARC files that could not be taken there, and why; they are still in the folder."""


def crawl(
    outlets_folder: Path | None,
    ids: Sequence[str],
    out: Path,
    *,
    known: Path | None = None,
    since: date | None = None,
    urls: Sequence[str] = (),
    timeout: float = TIMEOUT,
    on_line: OnLine | None = None,
    max_pages: int = MAX_PAGES,
    run: str | None = None,
    captures: str | None = None,
    warc_bytes: int = WARC_BYTES,
    restarts: int = RESTARTS,
    probe: str | None = None,
) -> CrawlReport:
    """Crawl outlets (no ids: all enabled ones) into `out`; a crawl there that was broken off
    goes on where it stopped.

    `outlets_folder` None means the bundled outlets; `urls` are fetched instead of what the
    outlets list; `timeout` is in seconds; `on_line` is called with each line of the log as it
    is written; `captures` is the fsspec URL of a place to which finished WARC files are copied,
    `warc_bytes` the size beyond which a file gets no further record; `probe` makes it a probe
    (see `crawlers.probe`) of one outlet.

    Raises:
        CrawlError: the child could not be started or refused its arguments; the message says
            why. A crawl that began always yields a report.
    """
    if finish_reason(out) == FINISHED:
        raise CrawlError(f"{out} already holds a crawl: give each run its own folder")
    command = [sys.executable, "-m", "crawlers", "--out", str(out), "--ids", ",".join(ids)]
    command += ["--outlets", str(outlets_folder) if outlets_folder else BUNDLED]
    command += ["--max-pages", str(max_pages), "--parent", str(os.getpid())]
    command += ["--warc-bytes", str(warc_bytes)]
    command += ["--urls", str(_write(out / URLS, urls))] if urls else []
    for option, value in (
        ("--known", known),
        ("--since", since),
        ("--run", run),
        ("--captures", captures),
        ("--probe", probe),
    ):
        command += [option, str(value)] if value is not None else []
    follow = _follow(out / LOG, on_line)
    deadline = monotonic() + timeout
    started = 0
    while True:
        code = _run(command, out, follow, deadline)
        started += 1
        # On a full disk it would die again.
        died = code not in (None, UNWRITTEN) and not finish_reason(out) and (out / LOG).exists()
        if not died or started > restarts:
            break
    if code is not None and not (out / LOG).exists():
        raise CrawlError(f"the crawl did not start: {_last_words(out / STDERR)}")
    return _report(out, code, started - 1)


def _run(command: list[str], out: Path, follow: Iterator[None], deadline: float) -> int | None:
    """Run the child to its end and return its exit code, None if it took too long."""
    with _child(command, out) as process:
        while process.poll() is None:
            next(follow)
            if monotonic() > deadline:
                return None
            with _patience():
                process.wait(0.2)
    next(follow)
    return process.returncode


def _write(path: Path, urls: Sequence[str]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{url}\n" for url in urls), encoding="utf-8")
    except OSError as error:
        raise CrawlError(f"the crawl could not be started: {error}") from error
    return path


@contextmanager
def _child(command: list[str], out: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the child; however the block is left, the child is gone afterwards."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with (out / STDERR).open("ab") as errors:
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
    """Hand on the whole lines that were added to the log since the last step.

    What a continued crawl wrote before is not handed on again.
    """
    done = _whole(log)
    while True:
        if on_line is not None and log.exists():
            with log.open("rb") as file:
                file.seek(done)
                data = file.read()
            whole = data.rfind(b"\n") + 1  # a line that a killed child cut short is no line
            done += whole
            for line in data[:whole].splitlines():
                on_line(json.loads(line))
        yield


def _whole(log: Path) -> int:
    return log.read_bytes().rfind(b"\n") + 1 if log.exists() else 0


def _report(out: Path, code: int | None, restarts: int) -> CrawlReport:
    told = stats(out)
    reason = "timeout" if code is None else str(told.get("finish_reason", "killed"))
    if code == UNWRITTEN:
        reason = "No space left, or no right to write its files"
    counts = {
        outlet: OutletCounts(**{each.name: raw[each.name] for each in fields(OutletCounts)})
        for outlet, raw in told.get("outlets", {}).items()
    }
    return CrawlReport(
        finished=reason == FINISHED,
        finish_reason=reason,
        outlets=counts if told else _recount(out / LOG),
        warcs=tuple(sorted(out.glob("*.warc.gz"))),
        log=out / LOG,
        errors=int(told.get("errors", 0)),
        restarts=restarts,
        strangers=tuple(told.get("strangers", ())),
        kept=told.get("kept", {}),
        faults=tuple(told.get("faults", ())),
    )


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
