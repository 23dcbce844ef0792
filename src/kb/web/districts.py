"""Where coverage happens: a sketch of the city in squares, and the other places as a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kb.archive import Archive, Query
from kb.archive.actors import asked_as
from kb.archive.records import Company
from kb.registry import Entry
from kb.text import read_yaml
from kb.web.form import SearchForm

LISTED = 12
_SHADES = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the sketch: `column` and `row` from 1, `shade` 0 to 3 beside the figure."""

    entity_id: str
    column: int
    row: int
    articles: int = 0
    shade: int = 0
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the list with the articles that name it and what is asked for."""

    entity_id: str | None
    name: str
    articles: int
    href: str


@dataclass(frozen=True, slots=True)
class Where:
    """All squares, empty if none has anything, and the places that are no square."""

    tiles: Sequence[Tile]
    places: Sequence[Place]


@cache
def grid() -> dict[str, tuple[int, int]]:
    """Return column and row of each square by the id of its district."""
    found = {}
    for row, line in enumerate(_data()["rows"], start=1):
        for column, name in enumerate(str(line).split(), start=1):
            if name != ".":
                found[name] = (column, row)
    return found


@cache
def _inside() -> dict[str, str]:
    return {one: district for district, ones in _data()["inside"].items() for one in ones}


@cache
def _data() -> Mapping[str, Mapping[str, Sequence[str]]]:
    found: Mapping[str, Mapping[str, Sequence[str]]] = read_yaml(
        (Path(__file__).parent / "districts.yaml").read_text("utf-8")
    )
    return found


def where(
    archive: Archive, query: Query, named: Iterable[Company], entries: Mapping[str, Entry]
) -> Where:
    """Lay out the places that the articles of a query name (`named`, most first).

    Each figure is that of the search it leads to: a district's is of the articles that name it,
    a ward on its ground, or a place in it.
    """
    held: dict[str, list[str]] = {}
    others: list[Company] = []
    for one in named:
        district = _district(one.entity_id, entries)
        if district is not None:
            held.setdefault(district, []).append(str(one.entity_id))
        if one.entity_id not in grid():
            others.append(one)
    counted = {}
    for district, ids in held.items():
        wanted = replace(query, places=tuple(dict.fromkeys((district, *sorted(ids)))))
        counted[district] = (archive.count("articles", wanted), SearchForm(wanted).address())
    most = max((count for count, _ in counted.values()), default=0)
    tiles = [
        _tile(id_, place, *counted[id_], most) if id_ in counted else Tile(id_, *place)
        for id_, place in grid().items()
    ]
    return Where(tiles if counted else (), [_place(query, one) for one in others[:LISTED]])


def _tile(id_: str, place: tuple[int, int], count: int, address: str, most: int) -> Tile:
    return Tile(id_, *place, count, -(-count * _SHADES // most) if most else 0, address)


def _place(query: Query, one: Company) -> Place:
    wanted = replace(query, places=(asked_as(one.kind, one.entity_id, one.name),))
    return Place(one.entity_id, one.name, one.articles, SearchForm(wanted).address())


def _district(entity_id: str | None, entries: Mapping[str, Entry]) -> str | None:
    """Return the square that a place counts for."""
    if entity_id is None or entity_id in grid():
        return entity_id
    if entity_id in _inside():
        return _inside()[entity_id]
    entry = entries.get(entity_id)
    return next((one for one in entry.territory if one in grid()), None) if entry else None
