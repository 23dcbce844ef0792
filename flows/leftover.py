"""Captures of runs that were cut off: they are loaded first, and what those crawls still had before
them is gone on with; nothing is fetched a second time.

The ledger says which runs came to their end: a later one looks only at folders of runs after the
last of those. In them a WARC file is loaded if any of its records is in the table of captures,
since those of one crawl come in one transaction, after their texts.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from crawlers.past import PENDING
from crawlers.report import LOG, stats
from flows.crawling import log_lines
from flows.rebuild import Rebuilt, load_file
from flows.stages import Tally, Workshop
from kb.archive import Archive
from kb.archive.usual import ended_runs, loaded_files
from kb.settings import Settings

_RUN = re.compile(r"\d{8}T\d{6}-(\d+)")
_ATTEMPT = re.compile(r"(.+)-\d+")
PATIENCE = 40.0
"""Seconds that an orphaned crawl gets to end by itself: it stops when it sees that its parent is
gone, but answers under way are waited for."""


@dataclass(slots=True)
class Resumed:
    """What was taken up from earlier runs, by outlet."""

    files: int = 0
    captures: int = 0
    pending: int = 0
    """Addresses that the crawls which were cut off still had before them."""
    tallies: dict[str, Tally] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return it as the ledger keeps it."""
        total = sum(self.tallies.values(), Tally())
        return {
            "files": self.files,
            "captures": self.captures,
            "pending": self.pending,
            "new": total.count.new,
            "changed": total.count.changed,
            "rejected": len(total.rejected),
        }


def attempts(archive: Archive, captures: Path, own: int) -> list[Path]:
    """Return the folders of crawls that belong to no run which came to its end, oldest first.

    Args:
        captures: the folder of all runs' captures.
        own: the run that asks.
    """
    if not captures.is_dir():
        return []
    ended = ended_runs(archive, "nightly")
    last = max((one for one in ended if one < own), default=0)
    found = []
    for folder in captures.iterdir():
        match = _RUN.fullmatch(folder.name)
        if match is None or not folder.is_dir():
            continue
        number = int(match[1])
        # A number beyond the ledger's is that of a run after the backup that was restored.
        if number > last and number not in ended:
            found.append((number, folder.name, folder))
    return [
        attempt
        for *_, folder in sorted(found)
        for attempt in sorted(folder.iterdir())
        if attempt.is_dir() and _ATTEMPT.fullmatch(attempt.name)
    ]


def take_up(
    shop: Workshop,
    settings: Settings,
    folders: list[Path],
    say: Callable[[str, str], None] = lambda outlet, line: None,
) -> Resumed:
    """Load the captures in some crawls' folders that are not loaded yet.

    Raises:
        ArchiveError: the archive cannot be written.
    """
    done = Resumed()
    known = loaded_files(shop.archive) if folders else set()
    for folder in folders:
        outlet = outlet_of(folder)
        _let_end(folder)
        kept: dict[str, str] = stats(folder).get("kept", {})
        for file in sorted(folder.glob("*.warc.gz")):
            if not file.is_file():
                continue
            if file.name not in known:
                say(outlet, f"taking up {file.name} of a run that was cut off")
                place = kept.get(file.name) or _settled(file, settings)
                rebuilt = Rebuilt()
                load_file(shop, settings, place, rebuilt)
                done.files += 1
                done.captures += rebuilt.captures
                done.tallies[outlet] = done.tallies.get(outlet, Tally()) + rebuilt.tally
                kept.setdefault(file.name, str(place))
            if kept.get(file.name, str(file)) != str(file):
                file.unlink(missing_ok=True)
    return done


def outlet_of(folder: Path) -> str:
    """Return the outlet of a crawl's folder."""
    match = _ATTEMPT.fullmatch(folder.name)
    return match[1] if match else folder.name


def carry_over(folders: list[Path], outlet: str, out: Path) -> int:
    """Let a new crawl of an outlet ask for what earlier ones were still to ask for; return how many
    addresses that is."""
    left: dict[str, str] = {}
    for folder in folders:
        if outlet_of(folder) != outlet:
            continue
        settled: set[str] = set()
        for line in log_lines(folder / LOG):
            if line["outcome"] != "failed":
                settled.update(filter(None, (line["url"], line["asked"])))
        for row in _rows(folder / PENDING):
            said = json.loads(row)
            # Listings are read anew in any case.
            if said["kind"] == "article":
                left[said["url"]] = row
        left = {url: row for url, row in left.items() if url not in settled}
    if left:
        out.mkdir(parents=True, exist_ok=True)
        with (out / PENDING).open("a", encoding="utf-8") as file:
            file.writelines(left.values())
            file.flush()
            os.fsync(file.fileno())
    return len(left)


def _rows(path: Path) -> Iterator[str]:
    """Yield the whole lines of a file."""
    if path.exists():
        # By line feeds alone: addresses may hold what Unicode ends lines with, too.
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from (line for line in file if line.endswith("\n"))


def _settled(file: Path, settings: Settings) -> str:
    """Bring a file that its crawl did not close to where captures are kept; return that place."""
    from crawlers.captures import mend  # Scrapy, which a night without leftovers does not load
    from crawlers.store import Store

    mend(file)
    if not settings.captures:
        return str(file)
    try:
        return Store(settings.captures).put(file)
    except Exception:  # each kind of place has errors of its own; here it can be read all the same
        return str(file)


def _let_end(folder: Path) -> None:
    """Wait until no crawl writes into a folder, and end one that does not."""
    until = time.monotonic() + PATIENCE
    while crawls := _writing(folder):
        if time.monotonic() > until:
            for pid in crawls:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.1)


def _writing(folder: Path) -> list[int]:
    """Return the crawls that write into a folder; none where the system does not tell."""
    found, own = [], os.fsencode(f"/{folder.parent.name}/{folder.name}")
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = place.read_bytes().split(b"\0")
            if b"crawlers" in words and any(word.endswith(own) for word in words):
                found.append(int(place.parent.name))
    return found
