"""Captures kept elsewhere: the night writes them there, reads them there, and names them so."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.nightly import nightly
from flows.runner import PlainRunner
from kb.archive import Archive, LoadCount
from kb.extract import read_capture
from kb.settings import Settings
from tests.flows.nights import STORIES, articles

PAPER = "tinnhanhviet"


def chosen(home: Path, captures: str) -> Settings:
    return Settings(data_dir=home, workers=1, database_url="", captures=captures)


def night(home: Path, captures: str, papers: Path) -> tuple[LoadCount, list[str]]:
    own = chosen(home, captures)
    with Archive.open(own.url) as archive:
        report = nightly(archive, PlainRunner(), own, folder=papers, ids=(PAPER,))
    return report.outlets[PAPER].tally.count, [need.kind for need in report.needs]


@pytest.mark.parametrize("form", ["file://{}/press/2026", "{}/press/2026"])
def test_captures_lie_where_they_shall_and_nowhere_else(
    papers: Path, tmp_path: Path, form: str
) -> None:
    home, there = tmp_path / "data", form.format(tmp_path / "elsewhere")
    count, needs = night(home, there, papers)
    assert (count.new, needs) == (STORIES[PAPER], [])
    stored = sorted((tmp_path / "elsewhere").rglob("*.warc.gz"))
    assert stored
    assert list(home.rglob("*.warc.gz")) == []
    for row in articles(home):
        place, _, offset = row["source_file"].rpartition("@")
        assert place.startswith(there)
        assert read_capture(place, int(offset)).url == row["url"]
    # The next night knows them, and they can be read into another archive from there.
    count, _ = night(home, there, papers)
    assert (count.new, count.changed) == (0, 0)
    own = chosen(tmp_path / "second", "")
    with Archive.open(own.url) as archive:
        tally = ingest(archive, own, [there])
    assert tally.count.new == STORIES[PAPER]


def test_captures_that_cannot_be_taken_there_stay_and_are_told(
    papers: Path, tmp_path: Path
) -> None:
    home, blocked = tmp_path / "data", tmp_path / "file"
    blocked.write_text("không phải thư mục", encoding="utf-8")
    count, needs = night(home, f"file://{blocked}/warc", papers)
    assert (count.new, needs) == (STORIES[PAPER], ["unkept"])
    (kept,) = home.rglob("*.warc.gz")
    assert {row["source_file"].rpartition("@")[0] for row in articles(home)} == {str(kept)}


def test_a_folder_named_without_a_scheme_holds_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert chosen(tmp_path, "warc").captures == str(tmp_path / "warc")
    assert chosen(tmp_path, "s3://bucket/warc").captures == "s3://bucket/warc"
    assert chosen(tmp_path, "").captures == ""
