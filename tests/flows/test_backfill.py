"""Many files into the archive, each from where it was left."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import flows.runner
import flows.stages
from flows.backfill import Backfilled, backfill, find, in_range, place_of
from flows.fanout import FanOut
from flows.ingest import ingest, sieve_for
from flows.pool import Pool, batches
from flows.runner import PlainRunner
from flows.stages import Given, prepare
from kb.archive import Archive
from kb.archive.snapshots import reached
from kb.errors import ArchiveError, ConfigError
from kb.extract.frames import CUT
from tests.flows.nights import TEXTS, Night, articles, rows, settings

BODY = "Sáng nay lò gốm ven sông nhóm lửa mẻ đầu tiên của năm, khách đứng kín sân xem."


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.runner, "RETRY_SECONDS", 0.0)


def fill(home: Path, *names: Path | str, again: bool = False, **given: date) -> Backfilled:
    with Archive.open(settings(home).url) as archive:
        files = find([str(name) for name in names])
        return backfill(
            archive, PlainRunner(), settings(home), files, given=Given(**given), again=again
        )


def lines(path: Path, *days: int) -> Path:
    """Write one article for each day of November 2025."""
    text = "".join(
        json.dumps(
            {
                "url": f"https://bao-thu.example/{path.stem}-{day}.html",
                "title": f"Lò gốm nhóm lửa mẻ thứ {day} của {path.stem}",
                "body": BODY,
                "published_at": f"2025-11-{day:02}",
            },
            ensure_ascii=False,
        )
        + "\n"
        for day in days
    )
    path.write_text(text, encoding="utf-8")
    return path


def test_the_captures_of_a_night_are_loaded_once(first: Night, tmp_path: Path) -> None:
    captures = first.home / "captures"
    done = fill(tmp_path, captures)
    assert (done.files, done.failed, done.resumed) == (3, {}, 0)
    urls = {row["url"] for row in articles(first.home)}
    assert {row["url"] for row in articles(tmp_path)} == urls
    again = fill(tmp_path, captures)
    assert (again.files, again.finished_before, again.tally.articles) == (0, 3, 0)
    assert fill(tmp_path, captures, again=True).tally.count.same == len(urls)


def test_a_run_that_was_cut_off_goes_on_at_its_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = lines(tmp_path / "a.jsonl", *range(1, 11)), lines(tmp_path / "b.jsonl", 1, 2)
    monkeypatch.setattr(flows.stages, "batches", lambda items: batches(items, 2))
    monkeypatch.setattr(flows.stages, "LOAD", 2)
    read: list[str] = []
    extract = flows.stages.extract_batch

    def noting(folder: Path | None, documents: list[flows.stages.Document]) -> object:
        read.extend(one.source for one in documents)
        return extract(folder, documents)

    monkeypatch.setattr(flows.stages, "extract_batch", noting)
    load, loads = Archive.load, []

    def failing(self: Archive, *rest: object) -> object:
        loads.append(1)
        if len(loads) == 4:
            raise KeyboardInterrupt
        return load(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Archive, "load", failing)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / "data", first, second)
    with Archive.open(settings(tmp_path / "data").url) as archive:
        assert (reached(archive, str(first)).position, archive.runs()[0]["status"]) == (6, "failed")
    read.clear()
    done = fill(tmp_path / "data", first, second)
    assert [place_of(source) for source in read] == [7, 8, 9, 10, 1, 2]
    assert (done.files, done.resumed, done.tally.count.new) == (2, 1, 6)
    assert len(articles(tmp_path / "data")) == 12


@pytest.mark.parametrize(("wait", "sizes"), [(60.0, [4, 4, 2]), (0.0, [2, 2, 2, 2, 2])])
def test_small_batches_share_a_transaction_unless_they_would_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: float, sizes: list[int]
) -> None:
    load, loads, noted = Archive.load, list[int](), list[int]()
    name = str(lines(tmp_path / "a.jsonl", *range(1, 11)))

    def counting(self: Archive, pairs: list[object], *rest: object) -> object:
        loads.append(len(pairs))
        noted.append(reached(self, name).position)
        return load(self, pairs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.stages, "batches", lambda items: batches(items, 2))
    monkeypatch.setattr(flows.stages, "LOAD", 4)
    monkeypatch.setattr(flows.stages, "WAIT", wait)
    monkeypatch.setattr(Archive, "load", counting)
    fill(tmp_path / "data", Path(name))
    assert loads == sizes
    # A place is noted once what stands before it is loaded, never earlier.
    assert noted == [sum(sizes[:number]) or -1 for number in range(len(sizes))]


def test_a_failing_archive_is_tried_again_at_its_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load, loads = Archive.load, []

    def failing(self: Archive, *rest: object) -> object:
        loads.append(1)
        if len(loads) == 2:
            raise ArchiveError("locked")
        return load(self, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.stages, "batches", lambda items: batches(items, 2))
    monkeypatch.setattr(flows.stages, "LOAD", 2)
    monkeypatch.setattr(Archive, "load", failing)
    fill(tmp_path / "data", lines(tmp_path / "a.jsonl", *range(1, 7)))
    assert (len(loads), len(articles(tmp_path / "data"))) == (4, 6)


def test_a_file_that_ends_too_early_is_tried_again(tmp_path: Path) -> None:
    whole = lines(tmp_path / "a.jsonl", *range(1, 4)).read_bytes()
    cut = tmp_path / "b.jsonl.gz"
    cut.write_bytes(gzip.compress(whole)[:-9])
    home = tmp_path / "data"
    done = fill(home, cut)
    assert done.failed == {str(cut): "the gzip file is cut off"}
    assert done.files == 0
    with Archive.open(settings(home).url) as archive:
        assert [row["source"] for row in archive.quarantine()] == [str(cut)]
    cut.write_bytes(gzip.compress(whole))
    done = fill(home, cut)
    assert (done.files, done.failed, len(articles(home))) == (1, {}, 3)
    with Archive.open(settings(home).url) as archive:
        assert archive.quarantine() == []
    assert fill(home, cut).finished_before == 1


@pytest.mark.parametrize("into", [0.6, 0.999])
@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_file_that_did_not_arrive_whole_is_gone_on_with_when_it_has(
    first: Night, tmp_path: Path, packed: bool, into: float
) -> None:
    (file,) = min((first.home / "captures").glob("*/songhong-1")).glob("*.warc.gz")
    whole = file.read_bytes() if packed else gzip.decompress(file.read_bytes())
    home, cut = tmp_path / "data", tmp_path / "a.warc"
    cut.write_bytes(whole[: int(len(whole) * into)])
    done = fill(home, cut)
    assert (done.files, done.failed) == (0, {str(cut): CUT})
    before = len(articles(home))
    with Archive.open(settings(home).url) as archive:
        assert [row["source"] for row in archive.quarantine()] == [str(cut)]
    cut.write_bytes(whole)
    done = fill(home, cut)
    assert (done.files, done.failed, done.tally.count.new) == (1, {}, 12 - before)
    with Archive.open(settings(home).url) as archive:
        assert archive.quarantine() == []


def test_by_portions_too_a_warc_file_that_is_cut_is_not_noted_as_read(
    first: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = min((first.home / "captures").glob("*/songhong-1")).glob("*.warc.gz")
    monkeypatch.chdir(tmp_path)
    name, cut, chosen = "a.warc.gz", tmp_path / "a.warc.gz", settings(tmp_path / "data")
    cut.write_bytes(file.read_bytes()[:-20_000])
    with Archive.open(chosen.url) as archive, Pool(1) as pool:
        shop = prepare(archive, pool, "backfill", chosen, outlets=chosen.outlets)
        sieve = sieve_for(chosen, Given())
        job = FanOut(shop, chosen, sieve, Given(), [name], str, place_of)
        job.run()
        assert (job.failed, job.finished) == ({name: CUT}, set())
        assert not reached(archive, name).finished
        cut.write_bytes(file.read_bytes())
        job.run()
        assert (job.failed, job.finished, job.tally.count.new) == ({}, {name}, 12)


def test_only_the_days_asked_for_are_loaded(tmp_path: Path) -> None:
    home, file = tmp_path / "data", lines(tmp_path / "a.jsonl", *range(1, 11))
    done = fill(home, file, since=date(2025, 11, 4), until=date(2025, 11, 6))
    assert (done.tally.count.new, done.tally.skipped) == (3, {"days": 7})
    # Other days of the same file are another matter.
    assert fill(home, file, since=date(2025, 11, 7)).tally.count.new == 4
    assert fill(home, file, since=date(2025, 11, 7)).finished_before == 1


@pytest.mark.parametrize(
    ("name", "since", "until", "expected"),
    [
        ("CC-NEWS-20240301000000-00001.warc.gz", "2024-03-05", "2024-03-09", False),
        ("CC-NEWS-20240304000000-00001.warc.gz", "2024-03-05", "2024-03-09", True),
        ("CC-NEWS-20240320000000-00001.warc.gz", "2024-03-05", "2024-03-09", True),
        ("CC-NEWS-20240501000000-00001.warc.gz", "2024-03-05", "2024-03-09", False),
        ("CC-NEWS-20249901000000-00001.warc.gz", "2024-03-05", "2024-03-09", True),
        ("bao.warc.gz", "2024-03-05", "2024-03-09", True),
    ],
)
def test_files_are_left_out_by_the_day_in_their_name(
    name: str, since: str, until: str, expected: bool
) -> None:
    given = Given(since=date.fromisoformat(since), until=date.fromisoformat(until))
    assert in_range(f"https://bao.example/{name}", given) is expected
    assert in_range(name, Given())


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lists_name_files_beside_them_elsewhere_and_by_url(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    listed = tmp_path / ("warc.paths.gz" if pack is gzip.compress else "warc.paths")
    lines = "# 2024\na.warc.gz\n\n/data/b.warc.gz\nhttps://bao.example/c.warc.gz\na.warc.gz\n"
    listed.write_bytes(pack(lines.encode()))
    others = ["/data/b.warc.gz", "https://bao.example/c.warc.gz"]
    assert find([str(listed)]) == [f"{tmp_path}/a.warc.gz", *others]
    base = "https://data.example/"
    assert find([str(listed)], base) == ["https://data.example/a.warc.gz", *others]


def test_a_list_that_begins_with_a_mark_or_is_damaged(tmp_path: Path) -> None:
    listed = tmp_path / "warc.paths"
    listed.write_text("a.warc.gz\r\nb.warc.gz\r\n", encoding="utf-8-sig")
    assert find([str(listed)]) == [f"{tmp_path}/a.warc.gz", f"{tmp_path}/b.warc.gz"]
    packed = bytearray(gzip.compress(listed.read_bytes()))
    for at, byte in ((10, 0xFF), (len(packed) - 6, packed[-6] ^ 0xFF)):  # no block; a wrong sum
        damaged = packed.copy()
        damaged[at] = byte
        listed.write_bytes(damaged)
        with pytest.raises(ConfigError, match="the list cannot be read"):
            find([str(listed)])


def test_a_list_and_a_folder_through_fsspec(first: Night, tmp_path: Path) -> None:
    folder = min((first.home / "captures").glob("*/songhong-1"))
    (file,) = folder.glob("*.warc.gz")
    listed = tmp_path / "list.txt"
    listed.write_text(f"file://{file}\n", encoding="utf-8")
    assert find([f"file://{listed}"]) == [f"file://{file}"]
    assert fill(tmp_path / "data", f"file://{folder}").tally.count.new == 12


@pytest.mark.parametrize("name", ["gone.warc.gz", "gone.paths", "empty"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match=name):
        find([str(tmp_path / name)])


def test_a_backfill_finds_what_ingest_finds(first: Night, tmp_path: Path) -> None:
    captures = first.home / "captures"
    one, two = tmp_path / "one", tmp_path / "two"
    fill(one, captures)
    with Archive.open(settings(two).url) as archive:
        ingest(archive, settings(two), find([str(captures)]))
        other = archive.content_hash()
    with Archive.open(settings(one).url) as archive:
        assert archive.content_hash() == other
    assert rows(one, *TEXTS)["mention"]
