"""Cutting files into portions: everything once, wherever the cuts fall, and of a fair size."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest

import flows.portions
from flows.backfill import place_of
from flows.parcel import folder_of, packed
from flows.portions import GOAL, MOST_PAGES, Mark, Measure, Portion, Receipt, portions
from kb.capture import Rejection
from kb.extract import Sieve, documents, pages_between
from kb.outlets import load_outlets
from tests.extract.test_captures import HTML, write

LIMIT = 20_000_000


def cut(*files: tuple[Path, int]) -> tuple[list[Portion], dict[str, str]]:
    """Return portions of files from their places on, and what could not be read."""
    failed: dict[str, str] = {}
    found = portions(
        [(str(path), after) for path, after in files],
        Measure(),
        max_bytes=LIMIT,
        sieve=None,
        place_of=place_of,
        fault=failed.setdefault,
    )
    return list(found), failed


def sources(found: list[Portion]) -> list[str]:
    """Return the source of every item in portions, as a worker finds them."""
    names = []
    for portion in found:
        for part in portion.parts:
            pages = pages_between(part.name, (part.start, part.stop), max_bytes=LIMIT)
            names += [item.source for item in pages]
        names += [item.source for item in portion.items]
    return names


def whole(path: Path) -> list[str]:
    return [item.source for item in documents([path], max_bytes=LIMIT)]


def lines(path: Path, count: int) -> Path:
    rows = (json.dumps({"title": f"Bài {n}", "body": "Lò gốm nhóm lửa."}) for n in range(count))
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    return path


@pytest.mark.parametrize("size", [97, 700, 5_000, 13_001, 10**9])
def test_parts_of_a_warc_file_hold_each_record_once(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.portions, "WARC_BYTES", size)
    path = tmp_path / "a.warc.gz"
    write(path, [("200 OK", HTML)] * 7)
    found, failed = cut((path, -1))
    assert sources(found) == whole(path)
    assert (len(found) == 1, failed) == (size > path.stat().st_size, {})
    marks = [portion.receipt.marks[str(path)] for portion in found]
    assert [mark.finished for mark in marks][-1]
    assert marks[-1].position == path.stat().st_size - 1


@pytest.mark.parametrize("where", [0, 1, 3, 6])
@pytest.mark.parametrize("size", [300, 9_000, 40_000])
def test_each_fault_is_told_once_by_parts_as_by_the_whole_file(
    where: int, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.portions, "WARC_BYTES", size)
    path = tmp_path / "a.warc.gz"
    offsets = write(path, [("200 OK", HTML)] * 7)
    data = bytearray(path.read_bytes())
    at = offsets[where]
    data[at : at + 40] = b"\0" * 40  # not even its beginning can be told
    later = offsets[where + 1] - 60
    data[later : later + 20] = b"\xff" * 20
    path.write_bytes(data)
    found, _ = cut((path, -1))
    assert Counter(sources(found)) == Counter(whole(path))


def test_a_file_goes_on_behind_the_place_that_was_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.portions, "WARC_BYTES", 8_000)
    path = tmp_path / "a.warc.gz"
    offsets = write(path, [("200 OK", HTML)] * 7)
    # As noted by a run that went item by item, and by one that went part by part.
    for after in (offsets[2], offsets[3] - 1):
        assert sources(cut((path, after))[0]) == whole(path)[3:]


def test_other_files_are_sent_along_and_small_ones_share_a_portion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows.portions, "PAGES", 10)
    one, two = lines(tmp_path / "a.jsonl.gz", 7), lines(tmp_path / "b.jsonl.gz", 16)
    plain = tmp_path / "c.warc"
    write(plain, [("200 OK", HTML)] * 2, packed=False)
    found, _ = cut((one, 4), (two, -1), (plain, -1))
    assert [len(portion.items) for portion in found] == [10, 10, 1]
    assert sources(found) == whole(one)[4:] + whole(two) + whole(plain)
    assert found[0].receipt.marks == {str(one): Mark(7, True), str(two): Mark(7)}
    assert found[1].receipt.marks[str(two)] == Mark(16, True)
    last = found[2].receipt.marks[str(plain)]
    assert (last.finished, f"{plain}@{last.position}") == (True, whole(plain)[-1])


def test_a_file_that_ends_too_early_is_never_noted_as_read(tmp_path: Path) -> None:
    cut_off, gone = lines(tmp_path / "a.jsonl.gz", 40), tmp_path / "gone.warc.gz"
    cut_off.write_bytes(cut_off.read_bytes()[:-9])
    found, failed = cut((cut_off, -1), (gone, -1))
    assert failed == {
        str(cut_off): "the gzip file is cut off",
        str(gone): "no such file or folder",
    }
    assert [mark.finished for one in found for mark in one.receipt.marks.values()] == [False]
    assert not any(isinstance(item, Rejection) for item in found[0].items)


def test_portions_grow_until_they_take_a_worker_long_enough() -> None:
    measure = Measure()
    pages, size = measure.pages, measure.warc_bytes
    measure.note(Receipt(pages=pages), GOAL / 2)
    measure.note(Receipt(warc_bytes=size), 4 * GOAL)
    assert (measure.pages, measure.warc_bytes) == (2 * pages, size // 2)
    for _ in range(9):
        measure.note(Receipt(pages=measure.pages), 0.0)
    assert measure.pages == MOST_PAGES
    before = measure.pages
    measure.note(Receipt(pages=3, warc_bytes=9), 60.0)  # of mixed ones nothing can be learned
    assert measure.pages == before


def test_a_parcel_is_the_folder_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "bao.yaml").write_text("name: Báo", encoding="utf-8")
    parcel = packed(tmp_path)
    there = folder_of(parcel)
    assert there is not None
    assert there != tmp_path
    assert {path.name: path.read_text("utf-8") for path in there.iterdir()} == {
        "bao.yaml": "name: Báo"
    }
    assert folder_of(packed(tmp_path)) == there
    assert folder_of(packed(None)) is None


def test_what_a_part_passes_over_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    offsets = write(path, [("200 OK", HTML)] * 3)
    sieve = Sieve(load_outlets(None).values())
    part = (offsets[1], offsets[3])
    assert list(pages_between(path, part, max_bytes=LIMIT, sieve=sieve)) == []
    assert sieve.skipped == {"foreign": 2}
