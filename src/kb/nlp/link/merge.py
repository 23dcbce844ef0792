"""Names of one text: what the registry knows joined with what the grammar finds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.nlp.link.cues import cues
from kb.nlp.names import Found
from kb.nlp.passage import Name
from kb.registry import Match
from kb.text import lower


def merge(text: str, matches: Sequence[Match], found: Sequence[Found]) -> list[Name]:
    """Join the registry's matches with the grammar's names of one text, in order.

    The registry is surer, but a longer name of the grammar takes in the places and bodies that
    it is made of: `Công an quận Tây Hồ` is no mention of the district. A longer number makes
    another document of it.
    """
    longer = [
        one
        for one in found
        if one.rule in _FIRM
        and (inside := [m for m in matches if m.start < one.end and one.start < m.end])
        and all(_part_of(m, one) for m in inside)
    ]
    headed = {one.end: one.start for one in longer if _headed(text, one, matches)}
    longer = [one for one in longer if one.end not in headed]
    kept = [m for m in matches if not any(m.start < x.end and x.start < m.end for x in longer)]
    ends = dict(_whole_titles(kept, found))
    kept = [
        m
        for m in kept
        if m.start in ends or not any(start < m.start < end for start, end in ends.items())
    ]
    taken = [(headed.get(m.end, m.start), ends.get(m.start, m.end)) for m in kept]
    free = [x for x in found if not any(start < x.end and x.start < end for start, end in taken)]
    names = [
        Name(
            headed.get(m.end, _begin(text, m)) if m.entry.kind == "org" else _begin(text, m),
            ends.get(m.start, m.end),
            m.entry.kind,
            m.entry.id,
            m.entry.name,
            f"registry:{m.rule}",
            m.score,
        )
        for m in kept
    ]
    names += [
        Name(
            x.start, x.end, x.kind, None, text[x.start : x.end], x.rule,
            x.votes or _score(x.rule), x.title,
        )
        for x in free
    ]  # fmt: skip
    return sorted(names, key=lambda name: name.start)


def _whole_titles(matches: Sequence[Match], found: Sequence[Found]) -> Iterator[tuple[int, int]]:
    """Yield where a document of the registry begins and where its title ends, if the text has more
    of it than the registry, and no initiative in it."""
    for x in found:
        if x.kind != "document":
            continue
        inside = [m for m in matches if x.start <= m.start and m.end <= x.end]
        first = next((m for m in inside if m.start == x.start and m.end < x.end), None)
        about = any(m.entry.kind in ("initiative", "programme") for m in inside)
        if first is not None and first.entry.kind == "document" and not about:
            yield x.start, x.end


def _begin(text: str, match: Match) -> int:
    """Leave a unit in lower case outside a place (`sông Hồng` → `Hồng`), as guidelines ask."""
    if match.entry.kind != "place":
        return match.start
    unit = cues().unit_before.match(text, match.start, match.end)
    return unit.end() if unit else match.start


def _part_of(match: Match, name: Found) -> bool:
    inside = name.start <= match.start and match.end <= name.end
    same = match.start == name.start and match.end == name.end
    if inside and match.entry.kind == name.kind == "document":
        return not same and match.rule == "context"
    if not inside or match.entry.kind not in ("place", "org"):
        return False
    if not same:
        return True
    # "chị Huế" is no city, the team called "Việt Nam" no country.
    other = name.rule == "team" or (name.kind == "person" and name.rule == "titled")
    return name.rule == "coordinated" or (other and match.entry.kind == "place")


def _headed(text: str, name: Found, matches: Sequence[Match]) -> bool:
    """Whether a name is a body of the registry with what it is before it: `CLB Sao Khuê`."""
    return any(
        one.entry.kind == "org"
        and one.end == name.end
        and cues().kinds.fullmatch(lower(text[name.start : one.start].rstrip()))
        for one in matches
        if name.start < one.start < name.end
    )


def _score(rule: str) -> float:
    return _SCORES.get(rule, _FEW)


_FIRM = frozenset(
    ("document", "admin body", "body of a field", "body of words", "coordinated", "event head",
     "team", "club", "known body", "known event", "known place", "full name", "titled")
)  # fmt: skip
"""Rules whose names take in the registry's places and bodies that they are made of."""
_SCORES = {
    "known body": 0.83, "unit": 0.85, "body of words": 0.87, "known event": 0.88,
    "admin body": 0.89, "known place": 0.92, "team": 0.92, "titled": 0.96, "full name": 0.98,
    "club": 0.99,
}  # fmt: skip
"""How often a rule was right on 592 annotated sentences of the building half and the programme;
rules with fewer than 15 names there get `_FEW`. Where votes decided, their share is the score."""
_FEW = 0.8
