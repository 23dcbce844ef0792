"""A backfill by a Dask cluster: workers that share nothing with the writer, one of them killed."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from pydantic import ValidationError
from warcio.archiveiterator import ArchiveIterator

import flows.portions
from flows.backfill import Backfilled, backfill, find
from flows.cluster import DaskEngine, DaskPool, present
from flows.process import NICENESS
from flows.runner import PlainRunner
from flows.stages import Given
from kb.archive import Archive, Query
from kb.errors import ClusterError
from kb.settings import Settings
from tests.archive.conftest import scratch
from tests.cli.program import kb
from tests.extract.test_captures import record
from tests.flows.dask_cluster import Cluster, cluster
from tests.flows.nights import STORIES, Night
from tests.flows.steps import double, refuse

COPIES = 4
"""Of each page of the sample press, each another story at another address."""
LINES = 20
NIGHT = sum(STORIES.values())


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with scratch() as url:
        yield url


@pytest.fixture(scope="module")
def store(first: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of WARC files and JSON lines: 160 stories, all of them different."""
    folder = tmp_path_factory.mktemp("store")
    captures = sorted((first.home / "captures").rglob("*.warc.gz"))
    for number in range(COPIES):
        records = b"".join(one for path in captures for one in _copies(path, number))
        (folder / f"press-{number}.warc.gz").write_bytes(records)
    rows = "".join(
        json.dumps(
            {
                "url": f"https://bao-thu.example/lo-gom-{n}.html",
                "title": f"Lò gốm nhóm lửa mẻ thứ {n}",
                "body": f"Sáng ngày {n + 1}/11, ông Trần Văn Lâm, Giám đốc Bảo tàng Hà Nội, cho "
                f"biết mẻ gốm thứ {n} của Trung tâm Thiết kế sáng tạo Hà Nội đã ra lò.",
                "published_at": f"2025-11-{n + 1:02}",
            },
            ensure_ascii=False,
        )
        + "\n"
        for n in range(LINES)
    )
    (folder / "more.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    return folder


def _copies(path: Path, number: int) -> Iterator[bytes]:
    """Yield the pages of a WARC file, each for another address and with another number in it."""
    with path.open("rb") as file:
        for one in ArchiveIterator(file):
            if one.rec_type != "response":
                continue
            page = one.content_stream().read().decode()
            url = one.rec_headers.get_header("WARC-Target-URI")
            slug = url.rpartition("/")[2]
            page = page.replace(slug, f"so-{number}-{slug}")
            page = re.sub(r"(</p>)", rf" Bản in số {number}.\1", page)
            fields = {
                "WARC-Target-URI": url.replace(slug, f"so-{number}-{slug}"),
                "WARC-Date": one.rec_headers.get_header("WARC-Date"),
                "Content-Type": "application/http; msgtype=response",
            }
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            yield gzip.compress(record("response", fields, head + page.encode()))


@pytest.fixture(scope="module")
def plain(store: Path, papers: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content hash of the same by processes of this machine, in an embedded archive."""
    chosen = Settings(data_dir=tmp_path_factory.mktemp("plain"), outlets=papers, workers=1,
                      database_url="", dask="")  # fmt: skip
    with Archive.open(chosen.url) as archive:
        done = run(archive, chosen, named(store))
        assert done.tally.count.new == COPIES * NIGHT + LINES
        return archive.content_hash()


def named(store: Path | str) -> list[str]:
    return [str(store), f"{store}/more.jsonl.gz"]


def run(archive: Archive, chosen: Settings, names: list[str], **more: object) -> Backfilled:
    return backfill(archive, PlainRunner(), chosen, find(names), given=Given(), **more)  # type: ignore[arg-type]


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut portions so small that there are many."""
    for name, size in (("PAGES", 5), ("MOST_PAGES", 5), ("WARC_BYTES", 40_000)):
        monkeypatch.setattr(flows.portions, name, size)
    monkeypatch.setattr(flows.portions, "MOST_WARC_BYTES", 40_000)


def test_a_worker_that_is_killed_costs_nothing_and_doubles_nothing(
    dask: Cluster,
    store: Path,
    papers: Path,
    plain: str,
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    small(monkeypatch)
    monkeypatch.setattr("flows.cluster._LOOK_SECONDS", 1.0)
    monkeypatch.setattr("flows.runner.RETRIES", 0)  # Dask alone makes it good
    chosen = Settings(data_dir=tmp_path, outlets=papers, database_url=database, dask=dask.address)
    killed: list[int] = []

    def kill_a_busy_one(name: str, done: int) -> None:
        if killed:  # the scheduler may not know yet that it is gone, and would ask it
            return
        busy = dask.busy()
        busiest = max(busy, key=busy.__getitem__)
        if busy[busiest]:
            killed.append(busiest)
            dask.kill(busiest)

    with Archive.open(database) as archive:
        done = run(archive, chosen, named(f"file://{store}"), say=kill_a_busy_one)
        assert killed
        assert len(present(dask.address)) == 1
        assert (done.files, done.failed, done.tally.rejected) == (COPIES + 1, {}, [])
        assert done.tally.count.new == COPIES * NIGHT + LINES
        assert archive.content_hash() == plain
        assert [one for one in archive.check() if one.wrong] == []
        again = run(archive, chosen, named(f"file://{store}"))
        assert (again.finished_before, again.tally.articles) == (COPIES + 1, 0)
    assert "is gone; another one does what it had in hand" in caplog.text


def test_workers_of_another_release_are_refused(
    dask: Cluster, store: Path, papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.nlp.reader.Reader.version_with", lambda registry: "0+other")
    monkeypatch.setattr("flows.runner.RETRIES", 0)
    chosen = Settings(data_dir=tmp_path, outlets=papers, database_url="", dask=dask.address)
    with Archive.open(chosen.url) as archive:
        with pytest.raises(ClusterError, match=r"by 0\+other: the same release"):
            run(archive, chosen, [f"{store}/more.jsonl.gz"])
        assert archive.is_empty() is False  # registry and outlets
        assert list(archive.articles_rows(Query())) == []


def test_workers_give_way_to_who_writes(dask: Cluster) -> None:
    here = psutil.Process().nice()
    assert {psutil.Process(process).nice() for process in dask.busy()} == {min(here + NICENESS, 19)}


def test_a_step_that_fails_there_fails_here(dask: Cluster) -> None:
    with DaskPool(DaskEngine(dask.address)) as pool:
        assert [value for value, _ in pool.map(double, range(9))] == [2 * n for n in range(9)]
        with pytest.raises(ValueError, match="not two"):
            list(pool.map(refuse, range(8)))


def test_without_a_scheduler_the_message_says_what_to_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("flows.cluster._CONNECT_SECONDS", 0.2)
    with pytest.raises(ClusterError, match=r"127\.0\.0\.1:9 .*kb cluster scheduler"):
        DaskEngine("tcp://127.0.0.1:9")


def test_only_addresses_of_schedulers_are_taken(tmp_path: Path) -> None:
    assert Settings(dask="tls://10.0.0.5:8786").dask == "tls://10.0.0.5:8786"
    with pytest.raises(ValidationError, match=r"as in tcp://127\.0\.0\.1:8786"):
        Settings(dask="10.0.0.5:8786")
    done = kb(tmp_path, "cluster", "list")
    assert (done.code, "KB_DASK" in done.err) == (2, True)


def test_portions_are_tasks_of_prefect(dask: Cluster, store: Path, tmp_path: Path) -> None:
    """As the command does it, with a server of its own."""
    done = kb(tmp_path, "backfill", f"{store}/more.jsonl.gz", dask=dask.address, language="en")
    assert (done.code, f"{LINES} new" in done.err) == (0, True), done.err
    with sqlite3.connect(tmp_path / "data" / "prefect" / "prefect.db") as database:
        tasks = database.execute("SELECT name, state_type FROM task_run ORDER BY name").fetchall()
        flows = database.execute("SELECT state_type FROM flow_run").fetchall()
    database.close()
    assert [(name.rpartition("-")[0], state) for name, state in tasks] == [
        ("files", "COMPLETED"),
        ("read", "COMPLETED"),
    ]
    assert flows == [("COMPLETED",)]
