"""What one sentence yields: a record for each actor, role and task."""

from __future__ import annotations

from collections.abc import Sequence

from kb.nlp.assignments.actors import Actor, Skeleton
from kb.nlp.assignments.bounds import Bounds
from kb.nlp.assignments.rules import rules
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Assignment, Role


class Records:
    """Keeps the records of one sentence; places are those of its skeleton."""

    def __init__(self, passage: Passage, sentence: Sentence, names: Sequence[Name]) -> None:
        self.rules = rules()
        self.passage = passage
        self.skeleton = Skeleton(passage, sentence, names)
        self.text = self.skeleton.text
        self.bounds = Bounds(self.skeleton, sentence)
        self.initiatives = [name for name in names if name.kind == "initiative"]
        self.found: list[Assignment] = []

    def _named(self, start: int, end: int) -> list[Actor]:
        """Return the bodies that stand between two places, but not in brackets."""
        return [
            one
            for match in self.rules.actors.finditer(self.text, start, end)
            if self.text[match.start() - 1] != "("
            and not self.text.endswith(("thuộc ", "của "), 0, match.start())
            for one in self.skeleton.actors(match, persons=False)
        ]

    def _roles(self, verbs: str) -> list[Role]:
        found = (self.rules.verbs[one.group().lower()] for one in self.rules.verb.finditer(verbs))
        return list(dict.fromkeys(found))

    def _add(
        self,
        actors: list[Actor],
        roles: list[Role],
        start: int,
        task: int,
        end: int,
        *,
        until: int = 0,
        ambiguous: bool = False,
    ) -> None:
        """Add a record for each actor and role; places are those of the skeleton."""
        source = self.skeleton.source
        first, last = source(task), source(end)
        inside = [one for one in self.initiatives if first <= one.start < last]
        near = (inside or self.initiatives)[:1]
        self.found += [
            Assignment(
                actor_id=one.entity_id,
                actor=one.name,
                role=role,
                task=self.passage.text[first:last].strip(" ,:;").removesuffix(" và"),
                initiative_id=near[0].entity_id if near else None,
                ambiguous=ambiguous,
                field=self.passage.field,
                start=source(start),
                end=source(max(end, until)),
            )
            for one in actors
            for role in roles
        ]
