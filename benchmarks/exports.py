"""Every export format on a million mentions: rows a second of CPU, and peak memory.

Usage: python -m benchmarks.exports [--articles 25500] [--loaded FILE] [--formats csv,xlsx]

Each format is written by `kb export` in a process of its own, so that the peak (the operating
system's, interpreter and libraries included) is its own. Articles are drawn as for
`benchmarks.archive`, 40 mentions each; formats that hold articles only get those.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

from kb.research.columns import KINDS
from kb.research.exports import FORMATS

LIMIT = 200
"""Megabytes that no export may take."""
BATCH = 500


def main() -> None:
    """Load, export, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--articles", type=int, default=25_500)
    parser.add_argument("--loaded", type=Path, help="a SQLite archive that is there already")
    parser.add_argument("--formats", default=",".join(FORMATS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.loaded or Path(folder) / "kb.sqlite"
        if options.loaded is None:
            # In a process of its own: a child's peak is never told as lower than its parent's.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                pool.submit(load, path, options.articles).result()
        worst = max(
            measure(path, name, Path(folder) / "out") for name in options.formats.split(",")
        )
    print(f"highest peak: {worst:.0f} MB (limit {LIMIT})")
    sys.exit(worst > LIMIT)


def load(path: Path, count: int) -> None:
    """Fill an archive; passages that stand in earlier articles are not looked for."""
    from benchmarks.archive_articles import Press
    from kb.archive import Archive
    from kb.archive.reuse import store

    with (
        patch.object(store, "add", lambda *_: None),
        Archive.open(f"sqlite:///{path}") as archive,
    ):
        articles = Press().articles(count)
        while batch := list(islice(articles, BATCH)):
            archive.load(batch, None)


def measure(archive: Path, format: str, out: Path) -> float:
    """Export mentions, or articles where it holds nothing else; print and return the peak in MB."""
    kind = "mentions" if "mentions" in (FORMATS[format].kinds or KINDS) else "articles"
    program = Path(sys.executable).with_name("kb")
    command = [str(program), "export", kind, "--format", format, "-o", str(out)]
    environment = os.environ | {"KB_DATABASE_URL": f"sqlite:///{archive}"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as child:
        said = child.stderr.read() if child.stderr else ""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{format}: {said}")
    rows = int(said.split()[0])
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    size = out.stat().st_size / 1e6
    out.chmod(0o600)
    print(
        f"{format:9} {rows:9,} {kind:9} {rows / cpu:7,.0f}/s of CPU {peak:5.0f} MB peak "
        f"{size:7.1f} MB",
        flush=True,
    )
    return peak


if __name__ == "__main__":
    main()
