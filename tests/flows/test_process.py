"""Runs whose process is gone are noted as interrupted; those at work are left alone."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.process import LONGEST, cut_off, this_process
from kb.archive import Archive
from kb.archive.tables import run


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive.open(f"sqlite:///{tmp_path}/kb.sqlite")


def gone() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("owner", "dead"),
    [
        ({}, False),
        ({"began": None}, False),
        ({"began": "another boot 7"}, True),  # its number was given out again
        ({"pid": gone()}, True),
        ({"host": "another-machine"}, False),
        (None, True),  # of a program that did not say
    ],
)
def test_a_run_is_interrupted_when_its_process_is_gone(
    archive: Archive, owner: dict[str, Any] | None, dead: bool
) -> None:
    detail = {} if owner is None else {"process": this_process() | owner}
    number = archive.start_run("nightly", detail)
    ended = archive.start_run("ingest", {})
    archive.finish_run(ended, "done", {"new": 1})
    assert cut_off(archive) == ((number,) if dead else ())
    status = {row["id"]: row["status"] for row in archive.runs()}
    assert status == {number: "interrupted" if dead else "running", ended: "done"}
    assert cut_off(archive) == ()
    archive.close()


def test_a_run_of_another_machine_is_not_believed_in_for_ever(archive: Archive) -> None:
    number = archive.start_run("nightly", {"process": this_process() | {"host": "elsewhere"}})
    old = datetime.now(UTC) - LONGEST - timedelta(minutes=1)
    with archive.engine.begin() as connection:
        connection.execute(run.update().values(started_at=old))
    assert cut_off(archive) == (number,)
    archive.close()
