"""From the WARC files of two nights alone: the same archive again, and what damage costs."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from flows.checking import check
from flows.rebuild import Rebuilt, find, rebuild
from kb.archive import Archive
from kb.archive.backup import backup
from kb.errors import ConfigError
from kb.extract.answers import Answer, answers
from tests.flows.conftest import Later
from tests.flows.nights import Night, rows, settings

PARTS = ("mention", "quote")
SEEN = ("first_seen", "last_seen", "gone_at", "published_at", "capture_digest", "revisions")


def captured(first: Night, edition: Later) -> list[Path]:
    return [first.home / "captures", edition.night.home / "captures"]


def again(folders: list[Path], home: Path, papers: Path) -> Rebuilt:
    with Archive.open(settings(home).url) as archive:
        return rebuild(archive, settings(home), find(folders), outlets=papers)


def sums(home: Path) -> dict[str, str]:
    with Archive.open(settings(home).url) as archive:
        return {name: str(found) for name, found in archive.content_sums().items()}


def seen(home: Path) -> dict[str, list[Any]]:
    """Return by address what an article's row says of when it was seen."""
    with Archive.open(settings(home).url) as archive:
        known = {page.url: page.last_seen for page in archive.known_pages()}
    table = rows(home, "article")["article"]
    return {row["url"]: [known[row["url"]], *map(row.get, SEEN)] for row in table}


@pytest.fixture(scope="module")
def rebuilt(
    first: Night, edition: Later, papers: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Rebuilt]:
    home = tmp_path_factory.mktemp("rebuilt")
    return home, again(captured(first, edition), home, papers)


def test_two_nights_give_the_same_archive_again(
    rebuilt: tuple[Path, Rebuilt], edition: Later
) -> None:
    home, done = rebuilt
    assert (done.lost, done.tally.rejected) == ([], [])
    assert done.tally.count.changed == 1
    assert done.gone > 1
    assert sums(home) == sums(edition.night.home)
    with Archive.open(settings(home).url) as one, edition.night.archive as other:
        assert one.content_hash() == other.content_hash()


def test_when_it_was_seen_and_gone_comes_from_the_records(
    rebuilt: tuple[Path, Rebuilt], edition: Later
) -> None:
    found = seen(rebuilt[0])
    assert found == seen(edition.night.home)
    assert sum(row[3] is not None for row in found.values()) == 1, "one story is gone"


def test_a_rebuild_that_is_run_again_changes_nothing(
    rebuilt: tuple[Path, Rebuilt], first: Night, edition: Later, papers: Path, tmp_path: Path
) -> None:
    shutil.copy(rebuilt[0] / "kb.sqlite", tmp_path / "kb.sqlite")
    done = again(captured(first, edition), tmp_path, papers)
    assert (done.tally.count.new, done.tally.count.changed) == (0, 0)
    assert sums(tmp_path) == sums(rebuilt[0])


def test_what_people_judged_is_applied_again(
    rebuilt: tuple[Path, Rebuilt], edition: Later, tmp_path: Path
) -> None:
    for name, home in (("old", edition.night.home), ("new", rebuilt[0])):
        with Archive.open(f"sqlite:///{home / 'kb.sqlite'}") as archive:
            backup(archive.engine, tmp_path / f"{name}.sqlite")
    with (
        Archive.open(f"sqlite:///{tmp_path / 'old.sqlite'}") as old,
        Archive.open(f"sqlite:///{tmp_path / 'new.sqlite'}") as new,
    ):
        keys = sorted(old.keys(1).items())
        (mention, quote) = (next(k for (part, _), k in keys if part == p) for p in PARTS)
        old.judge(mention, "reject", who="an")
        old.judge(quote, "confirm", who="an", note="đã nghe băng ghi âm")
        assert old.content_hash() != new.content_hash()
        lines = [json.dumps(row, ensure_ascii=False) for row in old.export_judgements()]
        assert new.import_judgements(lines) == (2, 0)
        assert new.content_hash() == old.content_hash()


def test_an_archive_of_nights_is_not_overwritten(first: Night, papers: Path) -> None:
    with pytest.raises(ConfigError, match="--into"):
        again([first.home / "captures"], first.home, papers)


def test_paths_without_captures_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no WARC files in .*tmp|no WARC files"):
        find([tmp_path])
    with pytest.raises(ConfigError, match="no such file or folder: nirgendwo"):
        find(["nirgendwo"])


# --- twenty bytes flipped --------------------------------------------------------------------


@pytest.fixture(scope="module")
def damaged(first: Night, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    """The first night's data folder, with 20 bytes flipped inside one stored page."""
    home = tmp_path_factory.mktemp("damaged")
    shutil.copytree(first.home, home, dirs_exist_ok=True)
    file = min((home / "captures").rglob("songhong-*.warc.gz"))
    stored = [one for one in answers(file) if isinstance(one, Answer) and one.outcome == "stored"]
    victim = stored[len(stored) // 2]
    data = bytearray(file.read_bytes())
    for place in random.Random(5).sample(range(victim.offset + 40, victim.offset + 900), 20):
        data[place] ^= 0xFF
    file.write_bytes(data)
    return home, victim


def test_a_damaged_record_costs_itself_alone_and_is_named(
    damaged: tuple[Path, Answer], first: Night, papers: Path, tmp_path: Path
) -> None:
    home, victim = damaged
    done = again([home / "captures"], tmp_path, papers)
    (lost,) = done.lost
    assert lost.source.endswith(f"@{victim.offset}")
    assert f"lost: {victim.url}" in lost.reason
    assert [item.reason for item in done.tally.rejected] == [lost.reason]
    whole = {row["url"] for row in rows(first.home, "article")["article"]}
    assert {row["url"] for row in rows(tmp_path, "article")["article"]} == whole - {victim.url}
    with Archive.open(settings(tmp_path).url) as archive:
        assert [row["reason"] for row in archive.quarantine()] == [lost.reason]


def test_the_check_names_damaged_and_missing_captures(damaged: tuple[Path, Answer]) -> None:
    home, victim = damaged
    chosen = settings(home)
    with Archive.open(chosen.url) as archive:
        found = {one.check: one for one in check(archive, chosen)}
        assert {name for name, one in found.items() if one.wrong} == set()
        # The archive was copied with its folder: its captures' paths still lead to the whole ones.
        with archive.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE capture SET warc = replace(warc, 'first', 'fort')")
        found = {one.check: one for one in check(archive, chosen)}
        assert {name for name, one in found.items() if one.wrong} == {"captures"}
        assert victim.url in found["captures"].detail
        assert found["captures"].wrong == 1
        assert found["captures"].advice
        assert all(one.wrong == 0 for one in check(archive, chosen, quick=True))
        away = min((home / "captures").rglob("thudomoi-*.warc.gz"))
        away.rename(away.with_suffix(".away"))
        quick = {one.check: one for one in check(archive, chosen, quick=True)}
        away.with_suffix(".away").rename(away)
    assert f"{away.name} is missing" in quick["captures"].detail
