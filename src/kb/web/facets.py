"""What a result can be narrowed to, with counts: outlets, levels, initiatives, actors, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from kb.archive import Query
from kb.archive.actors import asked_as
from kb.archive.params import parameters
from kb.archive.records import Count, Facets
from kb.archive.records import Outlets as OutletCounts
from kb.web.clauses import FIELDS, clauses, narrowed
from kb.web.form import SearchForm
from kb.web.language import Words
from kb.web.sources import Sources

SHOWN = 6
"""Choices of a group that are seen at once; the others are behind a fold."""
_ONE_EACH: Final = {"outlet": "outlets", "level": "levels"}
"""Of these an article has one: several chosen mean any of them, and all others stay in sight."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: how many of the articles found have it, and where it leads.

    `on`: it is in force, and the address takes it back.
    """

    value: str
    label: str
    articles: int
    href: str
    on: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The choices of one filter, those of most articles first; `name` is that of its parameter."""

    name: str
    choices: tuple[Choice, ...]

    @property
    def seen(self) -> int:
        """How many are seen at once: a fold for one or two would only be in the way."""
        return len(self.choices) if len(self.choices) <= SHOWN + 2 else SHOWN

    @property
    def most(self) -> int:
        """Articles of the choice that has most."""
        return max((one.articles for one in self.choices), default=0)


def groups(here: Sources, form: SearchForm, words: Words) -> list[Group]:
    """Count what a form finds by each filter; groups of nothing to choose are left out."""
    query = form.going_on(None).query
    found = _found(here, query)
    wider = {
        name: _outlets_found(here, form.changed(**{many: ()}).query)
        for name, many in _ONE_EACH.items()
        if query[many]
    }
    outlets = here.archive.outlet_names()
    counted = {
        "initiative": _entries(found.initiatives, here, words),
        "outlet": _outlets(wider.get("outlet", found), outlets),
        "level": [
            (level, words(f"outlet.level.{level}") if level in LEVELS else level, count)
            for level, count in wider.get("level", found).levels
        ],
        "actor": _entries(found.actors, here, words),
        "place": _entries(found.places, here, words),
        "kind": [(str(kind), words(f"kind.{kind}"), count) for kind, count in found.kinds],
    }
    made = (
        Group(name, tuple(_choices(name, values, form, words))) for name, values in counted.items()
    )
    return [one for one in made if one.choices]


def _found(here: Sources, query: Query) -> Facets:
    """Return the counts of a query: kept, as each look at a frequent word costs most of a page."""
    plain = replace(query, order="newest", after=None)
    return here.kept.of(("facets", plain), lambda: here.archive.facets(plain))


def _outlets_found(here: Sources, query: Query) -> OutletCounts:
    plain = replace(query, order="newest", after=None)
    return here.kept.of(("outlets", plain), lambda: here.archive.by_outlet(plain))


LEVELS: Final = ("central", "hanoi", "trade", "local")
_Counted = tuple[str, str, int]


def _outlets(found: Facets | OutletCounts, names: dict[str, str]) -> list[_Counted]:
    return [(id_, names.get(id_, id_), count) for id_, count in found.outlets if id_]


def _entries(found: Iterable[Count], here: Sources, words: Words) -> list[_Counted]:
    return [
        (
            asked_as(one.kind, one.value, one.name),
            words.name(here.entries[one.value]) if one.value in here.entries else one.name,
            one.articles,
        )
        for one in found
    ]


def _choices(
    name: str, values: Iterable[_Counted], form: SearchForm, words: Words
) -> Iterator[Choice]:
    chosen = tuple(map(str, form.query[_many(name)]))
    typed = {value: text for kind, value, text in clauses(form.text) if kind == name}
    for value, label, articles in values:
        own = next((one for one in (value, label) if one in chosen), None)
        said = next((one for one in (value, label) if one in typed), None)
        if own is not None:
            left = tuple(one for one in chosen if one != own)
            href = form.changed(**{_many(name): left})
        elif said is not None:
            href = form.changed(text=typed[said])
        elif chosen and name in FIELDS:
            # A clause is read by people; of an initiative, no other bears its name.
            plain = label if name == "initiative" else value
            href = form.changed(text=narrowed(form.text, name, plain, words.language))
        else:
            href = form.changed(**{_many(name): (*chosen, value)})
        yield Choice(value, label, articles, href.address(), own is not None or said is not None)


def _many(name: str) -> str:
    """Return the attribute of a query for a parameter."""
    return next(one.name for one in parameters().values() if one.param == name)
