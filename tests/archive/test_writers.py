"""Several writers at once, and one that is killed in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from kb.archive import Archive, LoadCount, Query
from tests.archive.stories import stories
from tests.archive.test_load import contents

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from kb.archive import Archive
from tests.archive.stories import pair
name = sys.argv[2]
with Archive.open(sys.argv[1]) as archive:
    print("ready", flush=True)
    sys.stdin.readline()
    for batch in range(25):
        pairs = [
            pair(f"Tin {name} {batch} {n}", "", "Bài.", url=f"http://x.example/{name}/{batch}/{n}")
            for n in range(8)
        ]
        shared = pair(f"Chung {name} {batch}", "", "Bài.", url="http://x.example/shared")
        archive.load([*pairs, shared], archive.start_run("test", {}))
"""
VICTIM = """
import sys
from kb.archive import Archive, bulk, fulltext
from tests.archive.stories import stories
archive = Archive.open(sys.argv[1])
archive.load(stories()[:3], None)
places = {"index": (fulltext, "add"), "commit": (bulk, "insert_records")}
module, last = places[sys.argv[2]]
whole = getattr(module, last)
def hang(connection, *rest):
    whole(connection, *rest)
    if last == "add" or rest[0].name == "holding":
        print("written, not committed", flush=True)
        sys.stdin.readline()
setattr(module, last, hang)
archive.load(stories()[2:], None)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_two_processes_open_and_write_at_once(url: str) -> None:
    writers = [start(WRITER, url, name) for name in ("a", "b")]
    assert [line(writer) for writer in writers] == ["ready", "ready"]
    for writer in writers:
        writer.communicate("go\n", timeout=900)
    assert [writer.returncode for writer in writers] == [0, 0]
    with Archive.open(url) as archive:
        assert archive.search(Query("tin")).total == 2 * 25 * 8
        shared = archive.search(Query("chung")).hits
        assert [hit.revisions for hit in shared] == [50]
        assert len(archive.runs(limit=100)) == 50
        rows = contents(archive)
        assert len(rows["revision"]) == len(rows["reading"]) == 400 + 50


def killed_in(url: str, moment: str) -> None:
    victim = start(VICTIM, url, moment)
    assert line(victim) == "written, not committed"
    victim.kill()
    victim.communicate(timeout=900)
    assert victim.returncode == -signal.SIGKILL
    with Archive.open(url) as archive:
        assert archive.search(Query()).total == 3
        assert len(contents(archive)["article"]) == len(contents(archive)["reading"]) == 3
        assert archive.search(Query("bàn ghế")).total == 1
        assert archive.load(stories(), None) == LoadCount(new=7, same=3)
        assert archive.search(Query('"không gian sáng tạo"')).total == 3


def test_a_writer_killed_after_it_indexed(url: str) -> None:
    killed_in(url, "index")


def test_a_writer_killed_before_its_commit(url: str) -> None:
    killed_in(url, "commit")
