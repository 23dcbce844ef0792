"""Reuse as researchers get it: the frame and the files."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest

import kb
from kb.archive import Archive
from kb.research import BINARY, KINDS, frame, kind_of, make_query, typed_rows, writer_for
from kb.research.exports import TABLES
from tests.archive.reuse import MARKET, PLAN, RETOLD, own, told


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an archive in which b retells a plan of a."""
    made = f"sqlite:///{tmp_path_factory.mktemp('reuse') / 'kb.sqlite'}"
    with Archive.open(made) as archive:
        archive.load([told("a", MARKET, PLAN), told("b", *own("x", "y"), RETOLD, day=2)], None)
    return made


def test_a_frame_of_reuse(address: str) -> None:
    with kb.open(address) as desk:
        table = desk.reuse()
        assert list(table) == list(KINDS["reuse"].columns)
        (row,) = table.to_dict("records")
        assert desk.reuse(outlet="a").empty
    assert (row["outlet"], row["earlier_outlet"], row["kind"]) == ("b", "a", "source")
    assert row["text"] == RETOLD
    assert row["earlier_published_at"].isoformat() == "2026-03-01T08:00:00+07:00"
    assert 0 < row["resemblance"] < row["share"] < row["similarity"] < 1


@pytest.mark.parametrize("format", TABLES)
def test_every_format_holds_the_passage(address: str, format: str, tmp_path: Path) -> None:
    kind, out = kind_of("reuse"), BytesIO()
    with Archive.open(address) as archive:
        assert writer_for(format)(kind, typed_rows(kind, archive, make_query()), out) == 1
        assert len(frame("reuse", archive, make_query())) == 1
    if format not in BINARY:
        text = out.getvalue().decode()
        read = {
            "csv": lambda: next(csv.DictReader(StringIO(text))),
            "json": lambda: json.loads(text)[0],
            "jsonl": lambda: json.loads(text),
        }[format]()
        assert read["text"] == RETOLD and read["earlier_url"] == "https://a.example/a.html"
    else:
        assert out.getvalue()[:2] in (b"PK", b"PA")
