"""Reading the archive again: what an older registry has read, once, and safe to repeat."""

from __future__ import annotations

from pathlib import Path

import pytest

import flows.reread
from flows.ingest import ingest
from flows.reread import count, reread
from flows.stages import _reader
from kb.archive import Archive, Query
from kb.article import Article
from kb.capture import Rejection
from kb.reading import Reading
from kb.settings import Settings

ENTRY = """
id: {name}
name: Lò gốm
entries:
  - {{id: {name}-guild, kind: org, name: Hội Lò Xanh, sources: [https://a.vn/1]}}
"""


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    body = "Hội Lò Xanh mở cửa. Khách từ Huế ra xem lò, mua bát và ở lại đến chiều mới về nhà."
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"Lò mở lần {number}\n{body}", "utf-8")
    (tmp_path / "registries").mkdir()
    return Settings(
        data_dir=tmp_path / "data", workers=1, registries=tmp_path / "registries", database_url=""
    )


def another_registry(tmp_path: Path, name: str) -> None:
    """Add a file; the reader of this process is that of the folder as it was, so forget it."""
    (tmp_path / "registries" / f"{name}.yaml").write_text(ENTRY.format(name=name), "utf-8")
    _reader.cache_clear()


def entities(archive: Archive) -> set[str | None]:
    rows = archive.mentions_rows(Query())
    return {row["entity_id"] for row in rows if row["surface"] == "Hội Lò Xanh"}


def test_a_new_entry_links_what_was_read_before(chosen: Settings, tmp_path: Path) -> None:
    with Archive.open(chosen.url) as archive:
        ingest(archive, chosen, sorted(tmp_path.glob("*.txt")))
        assert (count(archive, chosen), entities(archive)) == (0, {None})
        another_registry(tmp_path, "a")
        assert count(archive, chosen) == 3
        done: list[int] = []
        tally = reread(archive, chosen, progress=done.append)
        assert (tally.count.reread, tally.rejected, sum(done)) == (3, [], 3)
        assert (count(archive, chosen), entities(archive)) == (0, {"a-guild"})
        assert reread(archive, chosen).count.reread == 0
        runs = archive.runs(limit=2)
        assert [(run["kind"], run["status"]) for run in runs] == [("reread", "done")] * 2


def test_an_article_that_cannot_be_read_keeps_its_reading(
    chosen: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        registries: Path | None, articles: list[Article]
    ) -> tuple[list[Article], list[Reading | Rejection]]:
        _lost, *rest = real(registries, articles)[1]
        return articles, [Rejection("0.txt", "read", "boom"), *rest]

    real = flows.reread.read_batch
    with Archive.open(chosen.url) as archive:
        ingest(archive, chosen, sorted(tmp_path.glob("*.txt")))
        another_registry(tmp_path, "b")
        monkeypatch.setattr(flows.reread, "read_batch", broken)
        tally = reread(archive, chosen)
        assert (tally.count.reread, len(tally.rejected)) == (2, 1)
        assert entities(archive) == {None, "b-guild"}
        assert [row["reason"] for row in archive.quarantine()] == ["boom"]
        assert count(archive, chosen) == 1
