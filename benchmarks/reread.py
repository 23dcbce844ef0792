"""Reading an archive again after one alias was added: `python -m benchmarks.reread`.

Usage: python -m benchmarks.reread [--articles 100000] [--alias NAME] [--url DATABASE_URL]

Articles are drawn anew from sentences of real press (`archive_articles.py`) and loaded as read by
the bundled registry; then an entry with one more name comes, and `kb reread` does its work.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from benchmarks.archive_articles import Press
from flows.pool import Pool
from flows.reread import plan, reread
from flows.stages import prepare
from kb.archive import Archive
from kb.archive.reuse import store
from kb.reading import Reading
from kb.settings import Settings

BATCH = 500
ENTRY = """
id: added
name: Thêm
entries:
  - {{id: added-one, kind: place, name: "{name}", sources: [https://bao.example/1]}}
"""


def load(archive: Archive, own: Settings, count: int) -> None:
    """Fill the archive with texts as the bundled registry's reader has read them."""
    with Pool(1) as pool, patch.object(store, "add"):
        shop = prepare(archive, pool, "benchmark", own, outlets=None)
        articles = (article for article, _ in Press().articles(count))
        while batch := list(islice(articles, BATCH)):
            pairs = [(one, Reading((), shop.reader, 1, one.words)) for one in batch]
            archive.load(pairs, shop.run_id)
        archive.finish_run(shop.run_id, "done", {})


def main() -> None:
    """Load, add, read again, print."""
    parser = argparse.ArgumentParser("python -m benchmarks.reread")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--alias", default="Nhà hát Lớn")
    parser.add_argument("--url", help="default: SQLite in a scratch folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        own = Settings(data_dir=folder, database_url=asked.url or f"sqlite:///{folder}/kb.sqlite")
        with Archive.open(own.url) as archive:
            began = time.monotonic()
            load(archive, own, asked.articles)
            print(f"{asked.articles} articles loaded in {time.monotonic() - began:.0f} s")
            (folder / "own").mkdir()
            (folder / "own" / "added.yaml").write_text(ENTRY.format(name=asked.alias), "utf-8")
            own = own.model_copy(update={"registries": folder / "own"})
            began = time.monotonic()
            found = plan(archive, own)
            decided = time.monotonic() - began
            tally = reread(archive, own, made=found)
            seconds = time.monotonic() - began
            left = plan(archive, own).total
    print(
        f"{asked.alias!r} added: {found.unread} articles may hold it, {found.spared} need no "
        f"reading; decided in {decided:.1f} s, all done in {seconds:.1f} s "
        f"({tally.count.reread} read, {left} left)"
    )


if __name__ == "__main__":
    main()
