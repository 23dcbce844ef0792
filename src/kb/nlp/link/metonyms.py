"""The city that stands for its government: "Thành phố giao …", "Thủ đô sẽ …".

Such words are no names by the annotation guidelines, so they are no mentions either: they are
kept apart and serve only to say who promises and who is given a task.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from kb.nlp.link.cues import Level, cues
from kb.nlp.names.gazetteer import gazetteer
from kb.nlp.passage import Name
from kb.registry import Entry
from kb.text import canonical

METHOD = "metonym"
CITY = 0.9
"""A committee called by its level: all 5 so linked in 2,000 articles of general press were right,
too few for more."""
SURE = 0.85
"""Of the 11 found in 302 articles (the programme's, and press that says "thành phố") 10 meant the
city's government."""


def government_of(
    fields: Sequence[Sequence[Name]], entries: Mapping[str, Entry], governing: Set[str]
) -> Entry | None:
    """Return the government of the city that an article is on: the one named most often.

    A city counts for its government, as do the government's own name and its departments'. None
    if a city or province whose government is no entry is named more often.
    """
    seen: Counter[str] = Counter()
    for name in (name for names in fields for name in names):
        entry = entries[name.entity_id] if name.entity_id else None
        own = (entry.government, entry.id, entry.parent) if entry else ()
        known = next((one for one in own if one in governing), None)
        if known or (known := _elsewhere(name)):
            seen[known] += 1
    first = max(seen, key=seen.__getitem__, default="")
    return entries[first] if first in governing else None


def _elsewhere(name: Name) -> str | None:
    """Return the city or province that is named, or whose committee is, if it is one."""
    form = canonical(name.name)
    if name.kind == "org":
        form = form.removeprefix(found[0]) if (found := _COMMITTEE.match(form)) else ""
    elif name.kind != "place":
        return None
    bare = _UNIT.sub("", form)
    known = bare in gazetteer().provinces or bare in cues().other_cities
    return f"province {bare}" if known else None


_COMMITTEE = re.compile(r"(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|chính quyền) ")
_UNIT = re.compile(r"(?:thành phố |tp\.? ?|tỉnh )")


def committees(text: str, names: Sequence[Name], government: Entry) -> list[Name]:
    """Link what is called by its level alone (`UBND thành phố`) to the city's government."""
    level = _level(government)
    return [
        replace(
            name, entity_id=government.id, name=government.name, method="registry:city", score=CITY
        )
        if name.entity_id is None
        and name.kind == "org"
        and level.committee.fullmatch(text, name.start, name.end)
        else name
        for name in names
    ]


def metonyms(text: str, names: Sequence[Name], government: Entry) -> list[Name]:
    """Return where the city acts in a text, as names of its government, in order."""
    found = []
    for match in _level(government).acts.finditer(text):
        start, end = match.span("who")
        if not any(one.start < end and start < one.end for one in names):
            found.append(Name(start, end, "org", government.id, government.name, METHOD, SURE))
    return found


def _level(government: Entry) -> Level:
    """Return how a government is called: that of a province by its name, else a city's."""
    return cues().province if "tỉnh" in canonical(government.name).split() else cues().city
