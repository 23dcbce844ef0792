"""What a list of actors or a sentence opens with: whether it may hold or go on with a task."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.assignments.actors import Actor, Turn
from kb.nlp.assignments.bywhom import ByWhom
from kb.nlp.passage import Name, Passage, Sentence

ASKED = 120
"""Characters before an actor within which those stand who tell or ask."""


class Openings(ByWhom):
    """The readings of one sentence, and what the sentences before it leave open."""

    def __init__(self, passage: Passage, sentence: Sentence, names: Sequence[Name]) -> None:
        super().__init__(passage, sentence, names)
        self.carried: list[Actor] = []
        """Who was told to do something in a paragraph that ends with ";"."""
        self.before: Turn | None = None
        """Those who are told or do something in the sentence before."""

    def _may_act(self, match: re.Match[str]) -> bool:
        """Tell whether a word of giving or doing stands on one side of a list at least."""
        led_by, first = self.rules.led_by, max(0, match.start() - ASKED)
        return (
            self.rules.acts.match(self.text, self.bounds.skip(match.end())) is not None
            or led_by.search(self.text, first, match.start()) is not None
        )

    def _further(self) -> Turn | None:
        """Return those of the sentence before, whose tasks go on ("Đồng thời, phối hợp với …")."""
        start = self.rules.furthermore.match(self.text) if self.before else None
        if self.before is None or start is None:
            return None
        at = self.bounds.skip(start.end())
        if self.rules.direct.match(self.text, at) or self.rules.orders.match(self.text, at):
            return None
        acts = self.rules.together.match(self.text, at) or self.rules.any_task.match(self.text, at)
        return replace(self.before, start=0, at=at, subject=None) if acts else None

    def _goes_on(self) -> bool:
        """Tell whether a paragraph goes on with orders to the body of the one before."""
        at = self.bounds.skip(0)
        directs, tasks = self.rules.direct.match, self.rules.any_task.match
        return bool(directs(self.text, at) or tasks(self.text, at))

    def _title(self) -> re.Match[str] | None:
        """Return the actors if a paragraph names them and nothing else ("2. Sở A:")."""
        bullet = self.rules.bullet.match(self.text)
        whose = self.rules.actors.match(self.text, bullet.end() if bullet else 0)
        rest = self.text[whose.end() :].strip() if whose else None
        return whose if rest in ("", ":") else None

    def _is_point(self, match: re.Match[str]) -> bool:
        """Tell whether a paragraph is a body, a colon and its task ("2. Sở A: Bố trí vốn")."""
        bullet = self.rules.bullet.match(self.text)
        head = match.start() == (bullet.end() if bullet else 0)
        at = self.bounds.skip(match.end())
        acts = (self.rules.any_task, self.rules.lead, self.rules.together)
        task = any(one.match(self.text, at) for one in acts)
        return head and self.text.startswith(":", match.end()) and task

    def _shares(self, match: re.Match[str], at: int) -> bool:
        """Tell whether a list of actors is next in a row of shares; the last ends at a place."""
        task = self.rules.any_task.match(self.text, self.bounds.skip(match.end()))
        between = self.text[at : match.start()]
        owners = self.rules.name.match(self.text, at - 1)  # "của A, B"
        row = between == ", " and task is not None and owners is None
        return row or between.endswith("; ")

    def _heads_order(self, match: re.Match[str]) -> bool:
        """Tell whether a paragraph begins "Bộ trưởng Bộ A chỉ đạo …", as orders go on."""
        head = self.rules.post_head.fullmatch(self.text, 0, match.start())
        at = match.end() + 1
        return (
            bool(head)
            and (
                self.rules.any_task.match(self.text, self.bounds.skip(at)) is not None
                or self.rules.direct.match(self.text, self.bounds.skip(at)) is not None
                or self.rules.lead.match(self.text, self.bounds.skip(at)) is not None
            )
            and not self.rules.told_of.match(self.text, at)
        )

    def _carries_out(self, at: int) -> bool:
        """Tell whether what follows is to be carried out: with land or money only that counts."""
        chain = self.rules.chain.match(self.text, self.bounds.skip(at))
        return chain is not None and "implement" in self._roles(chain.group())

    def _bodies(self, turn: Turn) -> bool:
        """Tell whether all who act are bodies by their first word, not clubs or countries."""
        heads = self.rules.heads
        return bool(turn.actors) and all(heads.match(one.name.lower()) for one in turn.actors)
