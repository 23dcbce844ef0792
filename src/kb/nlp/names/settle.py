"""The whole article decides on the capitals that no rule knew in their sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter, itemgetter
from typing import cast

from kb.nlp.names.line import Found, Line
from kb.nlp.names.signs import signs
from kb.reading import Kind

SURE = frozenset(("titled", "full name", "club", "known body", "team", "body of words"))
"""Rules whose names speak for the same name elsewhere in the article."""
_SURE_VOTES = 3.0
_ELSEWHERE = 0.6
"""What the votes for the same name elsewhere in the article count here."""
_MOST = 6.0
"""and at most."""
_PART_OF_PERSON = 2.5
_PART_OF_BODY = 1.5
_LIST = 0.3
"""What the votes for a neighbour in a list count here."""
_START = attrgetter("start")
_SPAN = itemgetter(0, 1)
_COUNT = itemgetter(1)
_JOINTS = frozenset((", ", " và ", ", và ", " & ", " - ", " – ", "; ", "-", "–"))


Votes = dict[str, float]


def settle(lines: Sequence[Line]) -> list[list[Found]]:
    """Return the names of each sentence of an article, in order."""
    said = _said(lines)
    parts = _parts(lines, said)
    return [
        sorted(line.found + (_settled(line, said, parts) if line.undecided else []), key=_START)
        for line in lines
    ]


def _said(lines: Sequence[Line]) -> dict[str, Votes]:
    """Count the votes of the whole article for each name."""
    said: dict[str, Votes] = defaultdict(lambda: defaultdict(float))
    for line in lines:
        for name in line.found:
            if name.rule in SURE:
                said[line.text[name.start : name.end]][name.kind] += _SURE_VOTES
        for one in line.undecided:
            whole = said[one.surface]
            for kind, votes in one.votes.items():
                whole[kind] += votes
    return said


def _parts(lines: Sequence[Line], said: Mapping[str, Votes]) -> dict[str, tuple[str, float]]:
    """Return single words that stand in a longer name of the article: `Baker`, `Villa`."""
    parts: dict[str, tuple[str, float]] = {}
    for surface, votes in said.items():
        if " " not in surface or len(words := surface.split(" ")) > 5:
            continue
        kind, most = max(votes.items(), key=_COUNT)
        if kind == "person" and most >= 1.5:
            for word in (words[0], words[-1]):
                parts[word] = ("person", _PART_OF_PERSON)
        elif kind == "org" and most >= 1.5:
            parts.setdefault(words[-1], ("org", _PART_OF_BODY))
    return parts


def _settled(
    line: Line, said: Mapping[str, Votes], parts: Mapping[str, tuple[str, float]]
) -> list[Found]:
    found = []
    around = _lists(line)
    for number, one in enumerate(line.undecided):
        surface = one.surface
        total: dict[str, float] = defaultdict(float, one.votes)
        whole = said[surface]
        for kind, votes in whole.items() if whole != one.votes else ():
            total[kind] += min(_MOST, (votes - one.votes.get(kind, 0.0)) * _ELSEWHERE)
        last = said.get(surface.rpartition(" ")[2]) if " " in surface else None
        if last and last.get("person", 0.0) >= _SURE_VOTES:
            total["person"] += _PART_OF_PERSON
        if surface in parts:
            kind, votes = parts[surface]
            total[kind] += votes
        if number in around:
            for kind, votes in around[number].items():
                total[kind] += min(_MOST, votes * _LIST)
        if not total:
            continue
        best = max(total, key=total.__getitem__)
        if best != "nothing" and total[best] >= signs().least:
            share = total[best] / sum(total.values())
            found.append(Found(one.start, one.end, cast(Kind, best), "evidence", votes=share))
    return found


def _lists(line: Line) -> dict[int, Votes]:
    """Return what the neighbours of undecided names in lists (`A, B và C`) say for each."""
    items: list[tuple[int, int, Mapping[str, float], int | None]] = [
        (name.start, name.end, {name.kind: _SURE_VOTES}, None) for name in line.found
    ]
    items += [(one.start, one.end, one.votes, number) for number, one in enumerate(line.undecided)]
    items.sort(key=_SPAN)
    around: dict[int, Votes] = {}
    first = 0
    for here in range(1, len(items) + 1):
        if here < len(items) and line.text[items[here - 1][1] : items[here][0]] in _JOINTS:
            continue
        row = items[first:here] if here > first + 1 else ()
        first = here
        whole: Votes = defaultdict(float)
        for _, _, votes, _ in row:
            for kind, count in votes.items():
                whole[kind] += count
        for _, _, votes, number in row:
            if number is not None:
                around[number] = {kind: whole[kind] - votes.get(kind, 0.0) for kind in whole}
    return around
