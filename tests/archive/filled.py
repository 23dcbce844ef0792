"""An archive that holds something in every table, and the sums of what it holds."""

from __future__ import annotations

from datetime import UTC, datetime

from kb.archive import Archive, CaptureRow
from kb.archive.content import exact
from kb.archive.copy import metadata_tables
from kb.archive.engine import reading
from kb.capture import Rejection
from tests.archive.facts import fair, kiln, note
from tests.archive.stories import ENTRIES, pair, stories

NIGHT = datetime(2024, 3, 5, 2, 0, 0, 123456, tzinfo=UTC)


def fill(archive: Archive) -> None:
    """Write what a night and a person write."""
    archive.sync_registry(ENTRIES)
    run = archive.start_run("nightly", {"từ": "hôm qua"})
    archive.load([*stories(), kiln(), fair(), note()], run)
    edited = pair("Lò gốm tắt lửa", "", "Đất hết.", url="https://bao-a.example/lo-gom.html")
    archive.load([edited], run)
    archive.reject([Rejection("tệp.html", "extract", "trang trống")], run)
    address = "https://bao-a.example/{}.html"
    archive.add_captures(
        [
            CaptureRow(address.format(n), NIGHT, 200, "stored", "bao-a", "a.warc.gz", n, 9)
            for n in range(40)
        ],
        run,
    )
    archive.reject_candidates(archive.candidates()[:1])
    archive.finish_run(run, "done", {"new": 13})


def sums(archive: Archive) -> dict[str, str]:
    """Return rows and sum of every table, ids and all."""
    with reading(archive.engine) as connection:
        return {table.name: str(exact(connection, table)) for table in metadata_tables()}
