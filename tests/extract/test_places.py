"""Files elsewhere, by fsspec URL, are read as those of a folder are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from kb.capture import Rejection
from kb.errors import ConfigError, UnreadableFile
from kb.extract import documents, read_capture
from kb.extract.places import Remote, is_url, located
from tests.flows.test_bad_input import STORY, page, warc

WARC = warc("Bài thứ nhất", "Bài thứ hai")


@pytest.fixture
def bucket() -> Iterator[str]:
    """A place that is no folder: an object store in memory."""
    files = fsspec.filesystem("memory")
    names = ("warc/a.warc.gz", "warc/more/b.warc.gz", "texts/c.txt", "warc/.hidden.warc")
    for name in names:
        files.pipe(f"/press/{name}", STORY.encode() if name.endswith("txt") else WARC)
    files.pipe("/press/pages/d.html.gz", page("Trang lẻ"))
    yield "memory://press"
    files.rm("/press", recursive=True)


def sources(*names: Path | str) -> list[tuple[str, bool]]:
    found = documents(names, max_bytes=10**6)
    return [(one.source, isinstance(one, Rejection)) for one in found]


def test_a_folder_elsewhere_is_read_as_one_here(bucket: str, tmp_path: Path) -> None:
    (tmp_path / "warc" / "more").mkdir(parents=True)
    for name in ("a.warc.gz", "more/b.warc.gz", ".hidden.warc"):
        (tmp_path / "warc" / name).write_bytes(WARC)
    here = [(name.replace(str(tmp_path), bucket), bad) for name, bad in sources(tmp_path / "warc")]
    assert sources(f"{bucket}/warc/") == here
    assert len(here) == 4
    assert sources(f"file://{tmp_path}/warc/a.warc.gz") == [
        (f"file://{tmp_path}/warc/a.warc.gz@{offset}", False)
        for offset in (0, int(here[1][0].rpartition("@")[2]))
    ]


def test_a_record_elsewhere_is_found_by_its_offset(bucket: str) -> None:
    (_, (source, _), *_) = sources(f"{bucket}/warc/a.warc.gz")
    place, _, offset = source.rpartition("@")
    assert "Bài thứ hai" in read_capture(place, int(offset)).payload.decode()
    with pytest.raises(UnreadableFile):
        read_capture(place, int(offset) + 1)


def test_texts_and_pages_elsewhere_are_read_too(bucket: str) -> None:
    assert sources(f"{bucket}/texts", f"{bucket}/pages/d.html.gz") == [
        (f"{bucket}/texts/c.txt", False),
        (f"{bucket}/pages/d.html.gz", False),
    ]


def test_what_is_not_there_is_told_in_a_line_and_the_rest_is_read(bucket: str) -> None:
    found = list(documents([f"{bucket}/none.warc", f"{bucket}/texts"], max_bytes=10**6))
    assert isinstance(found[0], Rejection)
    assert found[0].reason == "no such file or folder"
    assert len(found) == 2


def test_an_unknown_kind_of_place_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        located("nowhere://bucket/warc")


def test_a_place_that_fails_is_an_unreadable_file(monkeypatch: pytest.MonkeyPatch) -> None:
    place = Remote("memory://press/x.warc")

    def fail(path: str) -> None:
        raise RuntimeError("token expired")

    monkeypatch.setattr(place._files, "info", fail)
    with pytest.raises(UnreadableFile, match="token expired"):
        place.stat()


def test_names_with_a_scheme_are_urls() -> None:
    assert is_url("s3://bucket/press")
    assert not is_url("bai/viet.html")
    assert not is_url(Path("a") / "b")
