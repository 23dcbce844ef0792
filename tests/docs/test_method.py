"""The figures of the method are those that the pages with the whole tables give."""

from __future__ import annotations

import re

import pytest

from tests.docs.page import DOCS, ROOT

METHOD = (DOCS / "method.md").read_text("utf-8")
READING = (DOCS / "reading.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
_FIGURE = re.compile(r"\b\d\.\d+\b")


def row(text: str, begins: str) -> str:
    """Return the cells of the table row that begins so, without its first; the last such row."""
    found = [line for line in text.splitlines() if line.startswith(f"| {begins}")]
    assert found, begins
    return found[-1].removeprefix(f"| {begins}")


def figures(text: str, begins: str) -> list[str]:
    return _FIGURE.findall(row(text, begins))


@pytest.mark.parametrize(
    ("method", "reading"),
    [
        ("names, exact span and kind, general press", "general press, held back (`--alone`: 0.82)"),
        ("names in articles on the programme", "articles on the programme"),
        ("links to the initiatives, exact spans", "initiatives, exact spans"),
        ("people with posts", "people with posts"),
        ("direct quotes", "direct quotes (any speaker)"),
        ("reported quotes", "reported quotes (any speaker)"),
        ("dates", "dates (span alone)"),
        ("commitments, general press held back", "commitments (any days)"),
        ("assignments, the same", "assignments"),
    ],
)
def test_a_figure_of_the_method_is_that_of_the_table_it_comes_from(
    method: str, reading: str
) -> None:
    stated = figures(METHOD, method)
    known = figures(READING, reading)
    assert stated
    agree = {"0.74", "0.49"}  # two annotators, told in the text below the table
    assert [one for one in stated if one not in known and one not in agree] == []
    assert all(one in READING for one in stated)


def test_every_figure_of_known_errors_names_its_command() -> None:
    _, _, table = METHOD.partition("## Known errors")
    rows = [line for line in table.splitlines() if line.startswith("| ") and "| ---" not in line]
    commands = [line.rstrip("| ").rpartition("| ")[2] for line in rows[1:] if _FIGURE.search(line)]
    assert len(commands) > 10
    assert set(commands) == {"`make score`", "`python -m benchmarks.linking ../shared`"}
    assert all(command.strip("`") in README for command in commands)
