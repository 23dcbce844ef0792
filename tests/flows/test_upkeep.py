"""Maintenance: the backup, and what follows from the rest made anew where it is out of step."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from flows.upkeep import upkeep
from kb.archive import Archive, tables
from tests.flows.nights import Night, copied, settings


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "chỉ mục và số đếm khớp"), ("en", "index and counts in step")]
)
def test_all_in_step_is_said_and_changes_nothing(
    first: Night, tmp_path: Path, language: str, said: str
) -> None:
    home = copied(first, tmp_path / "data")
    with Archive.open(settings(home).url) as archive:
        before = archive.content_hash()
        told = upkeep(archive, settings(home).model_copy(update={"language": language}))
        assert archive.content_hash() == before
        run = archive.runs()[0]
    assert said in told
    assert (run["kind"], run["counts"]["mended"]) == ("maintenance", [])
    assert len(list((home / "backups").glob("kb-*.sqlite"))) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        delete(tables.tally),
        delete(tables.facet),
        update(tables.recent).values(mentions=tables.recent.c.mentions + 1),
    ],
    ids=["tallies", "facets", "appearances"],
)
def test_counts_out_of_step_are_made_anew(first: Night, tmp_path: Path, spoil: object) -> None:
    home = copied(first, tmp_path / "data")
    with Archive.open(settings(home).url) as archive:
        with archive.engine.begin() as connection:
            connection.execute(spoil)  # type: ignore[call-overload]
        assert "counts" in upkeep(archive, settings(home)).partition("đã lập lại: ")[2]
        assert archive.runs()[0]["counts"]["mended"] == ["counts"]
        assert [one.check for one in archive.check() if one.wrong] == []
