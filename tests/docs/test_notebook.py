"""The notebook shows what a run gives, and its numbers are those computed without it."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kb.sample.expected import Expected, load_expected
from scripts.notebook import executed
from tests.docs.conftest import Night
from tests.docs.page import DOCS

BOOK = DOCS / "notebooks" / "five-questions.ipynb"
LARGEST = 100_000
"""Bytes of a picture, and of the notebook."""
SIX = (
    "design-festival", "sea-forum", "young-designers", "design-centre", "creative-spaces",
    "talent-tv",
)  # fmt: skip
_TEXTS = re.compile(r"<text[^>]*>([^<]*)</text>")
Shown = list[tuple[str, Any]]


@pytest.fixture(scope="module")
def data(night: Night, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a night on the sample press."""
    folder = tmp_path_factory.mktemp("notebook") / "data"
    shutil.copytree(night.place.folder / "data", folder)
    return folder


@pytest.fixture(scope="module")
def run(data: Path) -> dict[str, Shown]:
    """What a run on that press shows, by the beginning of a cell."""
    return shown(executed(BOOK, data))


@pytest.fixture(scope="module")
def stored(data: Path) -> sqlite3.Connection:
    """The archive, asked in SQL."""
    return sqlite3.connect(data / "kb.sqlite")


@pytest.fixture(scope="module")
def written(stored: sqlite3.Connection) -> list[Expected]:
    """What those stories say that the night could read, as their authors noted it."""
    titles = {title for (title,) in stored.execute("SELECT title FROM article")}
    found = [one for one in load_expected().values() if one.title in titles]
    assert len(found) == 35
    return found


def shown(book: Any) -> dict[str, Shown]:  # noqa: ANN401 - a notebook of nbformat
    """Return the outputs of a notebook: texts, and of pictures their labels and their parts."""
    found: dict[str, Shown] = {}
    for cell in book.cells:
        if cell.cell_type == "code":
            found[cell.source.strip()] = [_plain(one) for one in cell.outputs]
    return found


def _plain(output: Any) -> tuple[str, Any]:  # noqa: ANN401
    if output.output_type == "stream":
        return output.name, output.text
    picture = output.data.get("image/svg+xml")
    if picture is None:
        return "text", output.data["text/plain"]
    return "picture", (_TEXTS.findall(picture), picture.count("<use "), picture.count("<path "))


def text_of(run: dict[str, Shown], source: str) -> str:
    """Return the text that the one cell with some source shows."""
    (found,) = [outputs for cell, outputs in run.items() if source in cell]
    return "".join(said for _, said in found)


def table(text: str) -> dict[str, list[str]]:
    """Return the rows of a printed frame whose index has no blanks."""
    return {row.split()[0]: row.split()[1:] for row in text.splitlines()[2:]}


def test_what_is_committed_is_what_a_run_gives(run: dict[str, Shown]) -> None:
    kept = shown(nbformat.read(BOOK, as_version=4))
    again = ".venv/bin/python scripts/notebook.py writes it anew"
    assert kept == run, again
    assert sum(kind == "picture" for outputs in kept.values() for kind, _ in outputs) == 3
    assert all(outputs for outputs in kept.values()), "every cell shows something"


def test_it_is_small_and_tells_nothing_of_the_computer() -> None:
    text = BOOK.read_text("utf-8")
    assert len(text.encode()) < LARGEST
    for own in (str(DOCS.parent), str(Path.home()), socket.gethostname(), "/tmp/", "dc:date"):
        assert own not in text
    assert "ipykernel" not in text


def test_coverage_by_year_is_what_the_stories_say(
    run: dict[str, Shown], written: list[Expected]
) -> None:
    articles, total = Counter[int](), Counter[int]()
    for one in written:
        total[one.published_at.year] += 1
        articles[one.published_at.year] += bool(set(one.initiatives) & set(SIX))
    rows = table(text_of(run, 'attention = archive.attention(by="year"'))
    assert len(rows) == len(total) == 8
    for year, all_of_them in total.items():
        share = f"{articles[year] / all_of_them:.1f}"
        assert rows[f"{year}-01-01"] == [str(articles[year]), str(all_of_them), share]


def test_voices_are_what_the_stories_say(run: dict[str, Shown], written: list[Expected]) -> None:
    rows = table(text_of(run, "voice = archive"))
    any_of_them = sum(bool(set(one.initiatives) & set(SIX)) for one in written)
    assert list(rows) == list(SIX)
    for name, (articles, total, share) in rows.items():
        surely = sum(name in one.initiatives for one in written)
        perhaps = sum(name in one.perhaps for one in written)  # its words as a common noun
        assert surely <= int(articles) <= surely + perhaps
        assert int(total) == any_of_them
        assert float(share) == pytest.approx(int(articles) / int(total), abs=0.0005)
    first = text_of(run, "archive.count(), ")
    reprints = sum(one.reprint_of is not None for one in written)
    assert first == f"({len(written)}, {any_of_them}, {any_of_them - reprints})"


def test_roles_are_those_that_the_archive_holds(
    run: dict[str, Shown], stored: sqlite3.Connection
) -> None:
    rows = stored.execute(
        "SELECT article.published_at, outlet, role, actor FROM assignment JOIN article"
        " ON article.revision_id = assignment.revision_id WHERE initiative_id = 'design-centre'"
    )
    expected = sorted((day(at), outlet, role, actor) for at, outlet, role, actor in rows)
    lines = text_of(run, "assigned = archive").splitlines()[1:]
    assert len(lines) > 3
    assert sorted(tuple(line.split(maxsplit=3)) for line in lines) == expected


def test_promises_and_silence_are_those_that_the_archive_holds(
    run: dict[str, Shown], stored: sqlite3.Connection
) -> None:
    lines = text_of(run, "course = archive").splitlines()
    events = [tuple(line.split(maxsplit=2)) for line in lines]
    rows = stored.execute(
        "SELECT article.published_at, text, due_to FROM commitment JOIN article"
        " ON article.revision_id = commitment.revision_id WHERE initiative_id = 'design-centre'"
    ).fetchall()
    made = [row for row in rows if day(row[0]) <= "2026-10-01"]
    assert [(at, text) for at, event, text in events if event == "promised"] == sorted(
        (day(at), text[:70].strip()) for at, text, _ in made
    )
    for at, event, text in events:
        if event == "silent":
            (due,) = [due for _, whole, due in made if whole[:70] == text]
            assert at == due < "2026-10-01"
    assert sorted(at for at, *_ in events) == [at for at, *_ in events]
    assert [event for _, event, _ in events].count("silent") == 1


def test_speakers_are_those_that_the_archive_holds(
    run: dict[str, Shown], stored: sqlite3.Connection, written: list[Expected]
) -> None:
    named = {one.title for one in written if set(one.initiatives) & set(SIX)}
    quotes, direct, outlets = Counter[str](), Counter[str](), dict[str, set[str]]()
    for speaker, own, outlet, title in stored.execute(
        "SELECT speaker, direct, outlet, title FROM quote JOIN article"
        " ON article.revision_id = quote.revision_id WHERE speaker IS NOT NULL"
    ):
        if title in named:
            quotes[speaker] += 1
            direct[speaker] += own
            outlets.setdefault(speaker, set()).add(outlet)
    lines = text_of(run, "quotes = archive").splitlines()[2:]
    assert len(lines) == 6
    found = [line.rsplit(maxsplit=3) for line in lines]
    for name, *counts in found:
        assert [int(one) for one in counts] == [quotes[name], direct[name], len(outlets[name])]
    least = min(int(row[1]) for row in found)
    assert all(count <= least for name, count in quotes.items() if [name] not in
               [row[:1] for row in found])  # fmt: skip


def day(stored_at: str) -> str:
    """Return the day in Vietnam of a moment that SQLite keeps in UTC."""
    return f"{datetime.fromisoformat(stored_at) + timedelta(hours=7):%Y-%m-%d}"
