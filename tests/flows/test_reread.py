"""Reading the archive again: what an older registry has read, once, and safe to repeat."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

import flows.reread
from flows.ingest import ingest
from flows.parcel import Registries
from flows.reread import plan, reread
from flows.stages import _reader
from kb.archive import Archive, Query
from kb.archive.snapshots import parsers
from kb.article import Article
from kb.capture import Rejection
from kb.extract.families import FAMILIES
from kb.reading import Reading
from kb.settings import Settings
from tests.archive.conftest import scratch
from tests.flows.nights import Night, copied, settings

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
        assert (plan(archive, chosen).total, entities(archive)) == (0, {None})
        another_registry(tmp_path, "a")
        assert plan(archive, chosen).total == 3
        done: list[int] = []
        tally = reread(archive, chosen, progress=done.append)
        assert (tally.count.reread, tally.rejected, sum(done)) == (3, [], 3)
        assert (plan(archive, chosen).total, entities(archive)) == (0, {"a-guild"})
        assert reread(archive, chosen).count.reread == 0
        runs = archive.runs(limit=2)
        assert [(run["kind"], run["status"]) for run in runs] == [("reread", "done")] * 2


def test_an_article_that_cannot_be_read_keeps_its_reading(
    chosen: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(
        registry: Registries, articles: list[Article]
    ) -> tuple[list[Article], list[Reading | Rejection]]:
        _lost, *rest = real(registry, articles)[1]
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
        assert plan(archive, chosen).total == 1


# --- only what can change ------------------------------------------------------------------------

LIST = """
id: crafts
name: Nghề
entries:
  - id: oven
    kind: place
    name: Lò Bát Xanh
    aliases: [{aliases}]
    sources: [https://a.vn/1]
  - {{id: culture, kind: org, name: Sở {culture}, sources: [https://a.vn/1]}}
{more}
"""
TEXTS = {
    "phrase": "Khách đến Lò Bát Đỏ từ sáng. Sân kín người đến tận trưa mới vãn.",
    "broken": "Lò nung nhiều bát men đỏ. Sân kín người đến tận trưa mới vãn.",
    "joined": "Khách đến lò bát – đỏ từ sáng. Sân kín người đến tận trưa mới vãn.",
    "list": "Các sở Xây dựng, Nghề cổ và Nội vụ cùng họp. Sân kín người đến trưa mới vãn.",
    "city": "Thành phố yêu cầu các xã giữ nghề. Sân kín người đến tận trưa mới vãn.",
}


def crafts(
    tmp_path: Path, aliases: str = "", culture: str = "Văn hóa Nghề", more: str = ""
) -> None:
    text = LIST.format(aliases=aliases, culture=culture, more=more)
    (tmp_path / "registries" / "crafts.yaml").write_text(text, "utf-8")
    _reader.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def read_once(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Archive, Settings]]:
    folder = tmp_path / "texts"
    folder.mkdir()
    (tmp_path / "registries").mkdir()
    for name, body in TEXTS.items():
        (folder / f"{name}.txt").write_text(f"Lò mở cửa ngày {name}\n{body}", "utf-8")
    crafts(tmp_path)
    own = Settings(
        data_dir=tmp_path / "data", workers=1, registries=tmp_path / "registries", database_url=""
    )
    with ExitStack() as stack:
        url = own.url if request.param == "sqlite" else stack.enter_context(scratch())
        archive = stack.enter_context(Archive.open(url))
        ingest(archive, own, [folder])
        yield archive, own


def again(archive: Archive, own: Settings, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Read again what may have changed, and return which texts were read."""
    found: set[str] = set()
    real = flows.reread.read_batch

    def noting(registry: Registries, articles: list[Article]) -> object:
        found.update(Path(str(one.source_file)).stem for one in articles)
        return real(registry, articles)

    monkeypatch.setattr(flows.reread, "read_batch", noting)
    reread(archive, own)
    monkeypatch.setattr(flows.reread, "read_batch", real)
    _reader.cache_clear()
    assert plan(archive, own).total == 0
    return found


def as_if_new(archive: Archive, own: Settings, tmp_path: Path) -> None:
    """See that the archive holds what a reading of everything with this registry gives."""
    file = tmp_path / f"new-{len(list(tmp_path.iterdir()))}.sqlite"
    with Archive.open(f"sqlite:///{file}") as new:
        ingest(new, own, [tmp_path / "texts"])
        one, other = archive.content_sums(), new.content_sums()
        del one["entry"]  # what was taken out stays there for old readings
        assert {name: str(one[name]) for name in one} == {name: str(other[name]) for name in one}
        assert other["mention"].rows


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"aliases": "Lò Bát Đỏ"}, {"phrase", "joined"}),
        ({"aliases": "{text: Lò Bát Đỏ, needs: [sân]}"}, {"phrase", "joined"}),
        ({"aliases": "Lò Bát Tím"}, set()),
        ({"culture": "Nghề cổ"}, {"list"}),
        (
            {"more": "  - {id: xa, kind: place, name: Xã Nghề, sources: [https://a.vn/1]}"},
            set(),
        ),
        (
            {
                "more": "  - {id: tp, kind: place, name: Thành phố Nghề, government: culture, "
                "sources: [https://a.vn/1]}"
            },
            set(TEXTS),
        ),
    ],
)
def test_only_texts_are_read_again_that_hold_what_changed(
    read_once: tuple[Archive, Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    expected: set[str],
) -> None:
    archive, own = read_once
    crafts(tmp_path, **changed)
    made = plan(archive, own)
    assert (made.unread, made.spared) == (len(expected), len(TEXTS) - len(expected))
    assert again(archive, own, monkeypatch) == expected
    as_if_new(archive, own, tmp_path)
    # And back again: what an alias gave goes with it.
    crafts(tmp_path)
    assert again(archive, own, monkeypatch) == expected
    as_if_new(archive, own, tmp_path)


def test_another_program_reads_everything(
    chosen: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(chosen.url) as archive:
        ingest(archive, chosen, sorted(tmp_path.glob("*.txt")))
        monkeypatch.setattr("kb.nlp.reader.VERSION", "next")
        assert (plan(archive, chosen).unread, plan(archive, chosen).spared) == (3, 0)


# --- a newer parser ----------------------------------------------------------------------------


def test_pages_are_parsed_again_where_their_parser_is_newer(
    first: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(first, tmp_path / "data")
    own = settings(home)
    family = FAMILIES["vccorp"]
    newer = replace(family, version=family.version + 1, drop=(*family.drop, "p:last-of-type"))
    with Archive.open(own.url) as archive:
        before = {row["url"]: row for row in archive.articles_rows(Query(), full_text=True)}
        pages = parsers(archive)[family.parser]
        assert plan(archive, own).total == 0
        monkeypatch.setitem(FAMILIES, "vccorp", newer)
        assert plan(archive, own).parsers == {family.parser: pages}
        tally = reread(archive, own)
        after = {row["url"]: row for row in archive.articles_rows(Query(), full_text=True)}
        assert (tally.rejected, plan(archive, own).total) == ([], 0)
        assert parsers(archive)[newer.parser] == pages
        other = {url for url in before if after[url] != before[url]}
        assert len(other) == tally.count.changed > 0
        assert {after[url]["revisions"] for url in other} == {2}
        assert all(after[url]["words"] < before[url]["words"] for url in other)
        assert reread(archive, own).count.changed == 0


def test_pages_whose_capture_is_gone_stay_as_they_are(
    first: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = copied(first, tmp_path / "data")
    family = FAMILIES["vccorp"]
    monkeypatch.setitem(FAMILIES, "vccorp", replace(family, version=family.version + 1))
    monkeypatch.setattr("flows.reparse.locate", lambda name, own: tmp_path / "gone.warc.gz")
    with Archive.open(settings(home).url) as archive:
        assert reread(archive, settings(home)).count.changed == 0
        assert archive.quarantine() == []
