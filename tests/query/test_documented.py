"""docs/querying.md names every filter, field, value, kind and address that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kb.archive.grammar import field_names
from kb.archive.params import parameters
from kb.research import KINDS, Desk
from kb.web import create_app
from kb.web.answers import WHOLE
from kb.web.unapi import FORMATS

TEXT = (Path(__file__).parents[2] / "docs/querying.md").read_text("utf-8")
PLAIN = re.sub(r"```.*?```", "", TEXT, flags=re.S)
SAID = set(re.findall(r"`([^`\n]+)`", PLAIN))


@pytest.mark.parametrize("name", parameters())
def test_every_filter_is_documented(name: str) -> None:
    one = parameters()[name]
    assert one.param in SAID
    assert one.option in SAID
    assert set(one.choices) <= set(re.findall(r"\w+", TEXT))


def test_every_parameter_of_the_api_and_every_address_is_documented() -> None:
    paths = create_app().openapi()["paths"]
    assert set(paths) <= SAID
    asked = {
        parameter["name"]
        for path in paths.values()
        for parameter in path["get"].get("parameters", ())
        if parameter["in"] == "query"
    }
    assert len(asked) > 15
    assert asked - {"id", "format"} <= SAID
    assert "?id=kb:article:NUMBER&format=ris" in SAID
    assert {"application/json", *WHOLE} <= SAID
    assert set(FORMATS) - {"ris"} <= SAID


@pytest.mark.parametrize("name", sorted(set(field_names().values())))
def test_every_field_is_documented_in_both_languages(name: str) -> None:
    assert name in SAID
    spellings = [spelling for spelling, field in field_names().items() if field == name]
    assert {spelling for spelling in SAID if spelling in spellings} - {name}


def test_every_field_that_is_documented_is_one() -> None:
    (table,) = re.findall(r"\| field \| Vietnamese.*?\n\n", TEXT, flags=re.S)
    for row in table.strip().splitlines()[2:]:
        names, vietnamese, _ = (cell.strip() for cell in row.strip("|").split("|", 2))
        known = set(re.findall(r"`([^`]+)`", names))
        for spelling in re.findall(r"`([^`]+)`", vietnamese):
            assert field_names()[spelling] in known


def test_every_frame_is_documented() -> None:
    own = {name for name in vars(Desk) if not name.startswith("_")} - {"close", "count"}
    assert {name for name in own if name not in SAID and f"archive.{name}(" not in TEXT} == set()
    assert set(KINDS) <= SAID
