"""Who owns a commitment that names nobody: whom the same words give the task to."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from kb.article import Field
from kb.nlp.passage import Passage
from kb.reading import Assignment, Commitment

_ROLES = ("lead", "implement", "invest", "operate")
"""Roles that make an actor the owner, the surest first."""


def with_owners(
    commitments: Sequence[Commitment],
    assignments: Sequence[Assignment],
    passages: Sequence[Passage],
) -> list[Commitment]:
    """Return commitments, those without an owner with the actor of an assignment in their sentence.

    Only where one actor has the surest role there, and nothing is ambiguous.
    """
    starts = {one.field: [each.start for each in one.sentences] for one in passages}
    by_sentence: dict[tuple[Field, int], list[Assignment]] = defaultdict(list)
    for each in assignments:
        by_sentence[each.field, bisect_right(starts[each.field], each.start)].append(each)
    return [
        one
        if one.owner
        else _owned(
            one, by_sentence.get((one.field, bisect_right(starts[one.field], one.start)), [])
        )
        for one in commitments
    ]


def _owned(one: Commitment, same: Sequence[Assignment]) -> Commitment:
    for role in _ROLES:
        actors = {(each.actor_id, each.actor) for each in same if each.role == role}
        if actors:
            clear = len(actors) == 1 and not any(each.ambiguous for each in same)
            actor_id, actor = actors.pop()
            return replace(one, owner_id=actor_id, owner=actor) if clear else one
    return one
