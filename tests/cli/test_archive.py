"""`kb archive`, `kb backup` and `kb restore` as an operator calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb.archive import Archive
from tests.cli.conftest import Call
from tests.cli.program import Done


@pytest.fixture
def data(folder: Path, tmp_path: Path) -> Path:
    """A data folder of its own with the archive of STORIES."""
    home = tmp_path / "data"
    home.mkdir()
    with Archive.open(f"sqlite:///{folder / 'data' / 'kb.sqlite'}") as archive:
        archive.engine.raw_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    shutil.copy(folder / "data" / "kb.sqlite", home / "kb.sqlite")
    return home


@pytest.fixture
def at(call: Call, data: Path) -> Call:
    """Run a command on that data folder."""

    def called(*words: str, **more: str) -> Done:
        return call(*words, **{"data_dir": str(data), "language": "en", **more})

    return called


def content(done: Done) -> str:
    return str(json.loads(done.out)[-1]["sum"])


def test_a_copy_holds_the_same(at: Call, data: Path) -> None:
    other = data / "other.sqlite"
    done = at("archive", "copy", str(data / "kb.sqlite"), str(other))
    assert done.code == 0
    assert "counts and hashes equal" in done.err
    assert done.out == ""
    hashes = [at("archive", "hash", "--format", "json")]
    hashes.append(at("archive", "hash", "--format", "json", database_url=f"sqlite:///{other}"))
    assert content(hashes[0]) == content(hashes[1])
    again = at("archive", "copy", str(data / "kb.sqlite"), str(other), database_url="")
    assert (again.code, "already holds an archive" in again.err) == (2, True)
    nothing = at("archive", "copy", str(data / "no.sqlite"), str(other))
    assert (nothing.code, "there is no archive at" in nothing.err) == (2, True)


def test_check_says_what_to_do_and_fails(at: Call, data: Path) -> None:
    done = at("archive", "check", "--format", "json")
    rows = {row["check"]: row for row in json.loads(done.out)}
    assert done.code == 0
    assert {"database", "index", "texts and facts", "captures"} <= rows.keys()
    assert "The archive is whole." in done.err
    url = f"sqlite:///{data / 'kb.sqlite'}"
    with Archive.open(url) as archive, archive.engine.begin() as connection:
        order = "INSERT INTO search_exact (search_exact) VALUES ('delete-all')"
        connection.exec_driver_sql(order)
        known = connection.exec_driver_sql("SELECT count(*) FROM sketch").scalar_one()
        connection.exec_driver_sql("DELETE FROM sketch")
    done = at("archive", "check", "--quick", "--format", "json")
    (broken,) = [row for row in json.loads(done.out) if row["wrong"]]
    assert done.code == 1
    assert broken["mend"] == "Build it anew: kb archive reindex"
    assert "Not in order: index" in done.err
    vietnamese = at("archive", "check", "--quick", language="vi")
    assert "Lập lại chỉ mục" in vietnamese.out
    assert at("archive", "reindex").code == 0
    assert at("archive", "check").code == 0
    with Archive.open(url) as archive, archive.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sketch").scalar_one() == known > 0


def test_backups_are_made_kept_in_number_and_restored(at: Call, data: Path) -> None:
    before = content(at("archive", "hash", "--format", "json"))
    folder = data / "backups"
    folder.mkdir()
    old = [folder / f"kb-2026010{day}T000000.sqlite" for day in range(1, 4)]
    for file in old:
        file.touch()
    done = at("backup", backups="2")
    made = Path(done.out.strip())
    assert done.code == 0
    assert sorted(folder.iterdir()) == [old[2], made]
    assert "read back and right" in done.err
    assert f"Old backup removed: {old[0]}" in done.err
    refused = at("restore", str(made))
    assert (refused.code, "--force" in refused.err) == (2, True)
    (data / "kb.sqlite").write_bytes(b"broken" * 1000)
    broken = at("search", "lễ hội")
    assert (broken.code, "kb restore" in broken.err) == (1, True)
    done = at("restore", str(made), "--force")
    assert done.code == 0
    assert "3 articles restored" in done.err
    assert "The earlier archive is whole, at" in done.err
    assert content(at("archive", "hash", "--format", "json")) == before


def test_a_rebuild_needs_captures_and_an_empty_archive(at: Call, data: Path) -> None:
    done = at("archive", "rebuild")
    assert (done.code, "no such file or folder" in done.err) == (2, True)
    (data / "captures").mkdir()
    done = at("archive", "rebuild")
    assert (done.code, "no WARC files" in done.err) == (2, True)
