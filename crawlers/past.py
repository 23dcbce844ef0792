"""What an interrupted crawl had done, and what it still had before it.

The log says what became of each address; beside it `pending.jsonl` keeps every address that a
listing named, written before the listing's own line. A crawl started in a folder with both goes
on from there: listings that have a line and articles that have an answer are not asked again.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import IO, Any

from crawlers.report import LOG, Line, PageKind

PENDING = "pending.jsonl"


@dataclass(frozen=True, slots=True)
class Pending:
    """One address to be asked for; `page` is the number of a section's page."""

    outlet: str
    url: str
    kind: PageKind
    found_by: str | None = None
    page: int = 1


class Past:
    """The record of a folder's earlier crawl, empty if there was none, and of this one."""

    def __init__(self, folder: Path, outlets: Container[str]) -> None:
        names = {field.name for field in fields(Line)}
        rows = _rows(folder / LOG)
        lines = (Line(**{name: row[name] for name in row.keys() & names}) for row in rows)
        pending = (Pending(**row) for row in _rows(folder / PENDING))
        self.lines = [each for each in lines if each.outlet in outlets]
        self.pending = [each for each in pending if each.outlet in outlets]
        self.listed = {line.url for line in self.lines if line.outcome == "listed"}
        """Listings that were read."""
        self._path = folder / PENDING
        self._file: IO[str] | None = None

    def add(self, pending: Pending) -> None:
        """Write an address down at once."""
        if self._file is None:
            self._file = self._path.open("a", encoding="utf-8", buffering=1)
        self._file.write(json.dumps(asdict(pending), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file is not None:
            self._file.close()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a file, and cut away a last one that was cut short."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with path.open("rb+") as file:
            file.truncate(whole)
    for line in data[:whole].splitlines():
        yield json.loads(line)
