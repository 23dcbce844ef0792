"""`kb nightly` as an operator sees it: what it prints, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import kb.cli.jobs
from tests.cli.conftest import Call
from tests.flows.silent import closed_port, declare


def test_the_sample_night_says_what_it_found_and_how_to_look_further(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Free ports: the usual ones may be in use by a night that runs beside the tests.
    monkeypatch.setattr(kb.cli.jobs, "SAMPLE_PORT", 0)
    night = call("nightly", "--sample", "--no-server", data_dir=str(tmp_path), language="en")
    assert night.code == 0, night.err
    assert re.search(r"Sông Hồng Online\W+13\W+12\W", night.out)
    assert re.search(r"Trung tâm Thiết kế sáng tạo Hà Nội\W+\d+", night.out)
    for name in ("songhong", "thudomoi", "tinnhanhviet"):
        assert f"{name}: done" in night.err
    further = [re.sub(r" *#.*", "", part) for part in re.findall(r"\.venv/bin/kb (.*)", night.out)]
    assert {line.split()[0] for line in further} >= {"search", "export", "serve"}
    query = next(line for line in further if line.startswith("search")).split(" ", 1)[1]
    found = call("search", query.strip("'\""), "--format", "json")
    assert json.loads(found.out)


def test_a_night_with_a_dead_outlet_ends_with_1_and_names_it(call: Call, tmp_path: Path) -> None:
    declare(tmp_path, "dead", f"http://127.0.0.1:{closed_port()}")
    words = ("nightly", "--outlets", str(tmp_path), "--no-server")
    night = call(*words, data_dir=str(tmp_path / "data"))
    assert night.code == 1
    assert "Dead" in night.out
    assert "kb quarantine" in night.out
    assert "Traceback" not in night.err
    rows = json.loads(call("quarantine", "--format", "json").out)
    assert rows
    assert all(row["stage"] == "crawl" and "127.0.0.1" in row["source"] for row in rows)
