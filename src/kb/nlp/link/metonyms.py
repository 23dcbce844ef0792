"""The city that stands for its government: "Thành phố giao …", "Thủ đô sẽ …".

Such words are no names by the annotation guidelines, so they are no mentions either: they are
kept apart and serve only to say who promises and who is given a task.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from kb.nlp.link.cues import cues
from kb.nlp.passage import Name
from kb.registry import Entry

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

    A city counts for its government, as do the government's own name and its departments'.
    """
    seen: Counter[str] = Counter()
    for name in (name for names in fields for name in names if name.entity_id):
        entry = entries[name.entity_id or ""]
        for one in (entry.government, entry.id, entry.parent):
            if one in governing and one is not None:
                seen[one] += 1
                break
    return entries[seen.most_common(1)[0][0]] if seen else None


def committees(text: str, names: Sequence[Name], government: Entry) -> list[Name]:
    """Link what is called by its level alone (`UBND thành phố`) to the city's government."""
    return [
        replace(
            name, entity_id=government.id, name=government.name, method="registry:city", score=CITY
        )
        if name.entity_id is None
        and name.kind == "org"
        and cues().committee.fullmatch(text, name.start, name.end)
        else name
        for name in names
    ]


def metonyms(text: str, names: Sequence[Name], government: Entry) -> list[Name]:
    """Return where the city acts in a text, as names of its government, in order."""
    found = []
    for match in cues().city.finditer(text):
        start, end = match.span("city")
        if not any(one.start < end and start < one.end for one in names):
            found.append(Name(start, end, "org", government.id, government.name, METHOD, SURE))
    return found
