"""The crawl child: `python -m crawlers --outlets FOLDER --out DIR` runs one crawl and ends.

A Twisted reactor starts only once a process, so each crawl is a process of its own. Exit code
2 means wrong arguments; of a crawl that ran, only `stats.json` tells how it ended.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from crawlers.job import MAX_PAGES, WARC_BYTES, Job, load_known
from crawlers.report import FINISHED, finish_reason
from crawlers.store import Store
from kb.errors import ConfigError
from kb.outlets import BUNDLED, load_outlets


def main(argv: Sequence[str] | None = None) -> int:
    """Run one crawl and return the exit code."""
    try:
        asked = _arguments().parse_args(argv)
        job = _job(asked)
        if asked.parent is not None:
            threading.Thread(target=_end_with, args=(asked.parent,), daemon=True).start()
        _run(job, asked.probe)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m crawlers", description="Run one crawl.")
    parser.add_argument("--outlets", default=BUNDLED, metavar="FOLDER|bundled")
    parser.add_argument("--ids", default="", help="outlet ids, comma-separated (all enabled)")
    parser.add_argument(
        "--out", type=Path, required=True, help="its folder; a broken-off crawl goes on"
    )
    parser.add_argument("--known", type=Path, help="known.jsonl of earlier crawls")
    parser.add_argument("--run", help="name of the run, part of the file names (the time)")
    parser.add_argument("--since", type=date.fromisoformat, help="YYYY-MM-DD")
    parser.add_argument("--max-pages", type=int, default=MAX_PAGES, help="articles an outlet")
    parser.add_argument("--urls", type=Path, help="file of addresses to fetch, one a line")
    parser.add_argument("--captures", metavar="URL", help="where WARC files are taken (fsspec)")
    parser.add_argument("--warc-bytes", type=int, default=WARC_BYTES, help="size of a WARC file")
    parser.add_argument("--probe", choices=("listings", "home"), help="only try an outlet out")
    parser.add_argument("--parent", type=int, help="stop when this process, the parent, is gone")
    return parser


def _end_with(parent: int) -> None:
    """Stop the crawl when the parent was killed: the next night must not meet this one."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _job(asked: argparse.Namespace) -> Job:
    outlets = load_outlets(None if asked.outlets == BUNDLED else Path(asked.outlets))
    ids = [name for name in asked.ids.split(",") if name]
    if unknown := [name for name in ids if name not in outlets]:
        raise ConfigError(f"no outlet {', '.join(unknown)}: there are {', '.join(outlets)}")
    chosen = {name: outlets[name] for name in ids or outlets if ids or outlets[name].enabled}
    asked.out.mkdir(parents=True, exist_ok=True)
    if finish_reason(asked.out) == FINISHED:
        raise ConfigError(f"{asked.out} already holds a crawl: give each run its own folder")
    if asked.captures:
        Store(asked.captures)
    return Job(
        outlets=chosen,
        out=asked.out,
        run=asked.run or datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"),
        known=load_known(asked.known, chosen) if asked.known else {},
        since=asked.since,
        max_pages=asked.max_pages,
        given=_urls(asked.urls) if asked.urls else (),
        captures=asked.captures,
        warc_bytes=asked.warc_bytes,
    )


def _urls(path: Path) -> tuple[str, ...]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    urls = tuple(line.strip() for line in lines if line.strip())
    if not urls:
        raise ConfigError(f"{path}: names no address")
    return urls


def _run(job: Job, probe: str | None) -> None:
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.config import scrapy_settings

    process = AsyncCrawlerProcess(scrapy_settings(job))
    if probe is None:
        from crawlers.spider import PressSpider

        process.crawl(PressSpider, job=job)
    else:
        from crawlers.probe_spider import ProbeSpider

        process.crawl(ProbeSpider, job=job, mode=probe)
    process.start()


if __name__ == "__main__":
    sys.exit(main())
