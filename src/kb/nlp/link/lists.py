"""Bodies that share one head: `UBND các quận, huyện: A, B và thị xã C` names three committees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kb.nlp.link.cues import cues
from kb.nlp.passage import Name
from kb.registry import Entry
from kb.text import canonical

RULE = "coordinated"
SURE = 0.99
"""Head, unit and place stand in the text, as in a name written out; all 7 seen were right."""


def resolve(text: str, names: Sequence[Name], bodies: Mapping[str, Entry]) -> list[Name]:
    """Give each member of a list the body that head, unit and place make, where it is known.

    Args:
        text: the field.
        names: its names in order; members have the rule `coordinated` and the head as `title`.
        bodies: bodies of the registry by every name of theirs, as compared.
    """
    done: list[Name] = []
    units: list[str] = []
    last: Name | None = None
    for name in names:
        if name.method != RULE:
            done.append(name)
            continue
        head = name.title or ""
        at = text.rfind(head, 0, name.start)
        between = text[at + len(head) : name.start]
        if last is None or text.find(head, last.end, name.start) >= 0:
            units = cues().units.findall(between)
        last = name
        done.append(_member(text, name, head, units, bodies))
    return done


def _member(
    text: str, name: Name, head: str, units: Sequence[str], bodies: Mapping[str, Entry]
) -> Name:
    surface = text[name.start : name.end]
    tries = [surface]
    if not cues().units.match(surface):
        own = cues().units.findall(text[max(0, name.start - 10) : name.start])
        beside = own and text[name.start - len(own[-1]) - 1 : name.start - 1] == own[-1]
        tries = [f"{unit.lower()} {surface}" for unit in (own[-1:] if beside else units)]
    for one in tries:
        entry = bodies.get(canonical(f"{head} {one}"))
        if entry is not None:
            return replace(
                name, entity_id=entry.id, name=entry.name, method="registry:list", score=SURE
            )
    return replace(name, name=f"{head} {tries[0] if len(tries) == 1 else surface}")
