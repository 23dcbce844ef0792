"""Who approves or grants what: "A phê duyệt C", "C được A phê duyệt", "C trình A phê duyệt"."""

from __future__ import annotations

import re
from dataclasses import replace

from kb.nlp.assignments.actors import Actor, Turn
from kb.nlp.assignments.openings import Openings
from kb.reading import Role

_POST = 30
"""Characters before a person within which the office stands that he decides by."""


class Approvals(Openings):
    """The readings of one sentence in which somebody decides on a task."""

    def _approves(self, match: re.Match[str], submitted: int) -> int:
        """Read "C trình A phê duyệt", "trình A xem xét, quyết định C"."""
        decides = self.rules.decides.match(self.text, self.bounds.skip(match.end()))
        if decides is None:
            return 0
        task: tuple[int, int] | None = (decides.end(), self.bounds.end(decides.end()))
        if self.rules.after_by.match(self.text, decides.end()):
            task = self.bounds.before(submitted)
        if task is None or task[1] == task[0] + 1:
            return decides.end()
        actors = self.skeleton.actors(match, posts=True, persons=False)
        start = min(match.start(), task[0])
        self._add(actors, ["approve"], start, *task, until=decides.end())
        return max(decides.end(), task[1])

    def _approved(self, match: re.Match[str]) -> int:
        """Read "C được A phê duyệt"."""
        decides = self.rules.agrees.match(self.text, self.bounds.skip(match.end()))
        task = self.bounds.before(match.start() - len("được ")) if decides else None
        if decides is None or task is None or task[1] == task[0] + 1:
            return 0
        places = (self.bounds.skip(decides.end()), task[0])
        if any(self.rules.appoints.match(self.text, at) for at in places):
            return decides.end()
        actors = self.skeleton.actors(match, posts=True, persons=False)
        self._add(actors, ["approve"], task[0], *task, until=decides.end())
        return decides.end()

    def _decides(self, turn: Turn, own: list[Actor], at: int, end: int) -> int | None:
        """Read "(A) phê duyệt C", "(A) làm chủ đầu tư C"; None if it says nothing of the kind.

        `own`: those of the actors that may invest.
        """
        text = self.text
        signed = self.rules.signed.match(text, at)
        alone = self.rules.alone.match(text, signed.end() if signed else at)
        if alone is None:
            return None
        role: Role = "invest" if "đầu tư" in alone.group() else "approve"
        if role == "approve" and not turn.actors and turn.office:
            turn = replace(turn, actors=[*turn.office])
            own = turn.actors
        rules_over = self.rules.rulers.search(text, max(0, turn.start - _POST), turn.start)
        actors = turn.actors if rules_over else own
        if role == "approve" and not self._bodies(turn) and not rules_over:
            return 0
        after = self.rules.with_what.match(text, alone.end()) or alone
        task = self.bounds.skip(after.end())
        if role == "approve" and self.rules.appoints.match(text, task):
            return end  # who holds which post is no task
        if role == "approve" and self.rules.hands_out.match(text, task):
            return 0  # "quyết định giao A …": what A is given counts
        named = role == "invest" or self.rules.approves.fullmatch(alone.group())
        if role == "invest" and turn.subject is not None and task >= end:
            built = self.bounds.before(turn.subject)  # "C được giao cho A làm chủ đầu tư"
            if built is not None:
                self._add(actors, [role], built[0], *built, until=alone.end())
            return alone.end()
        if task >= end or not (named or self.rules.approved.match(text, task)):
            return 0
        self._add(actors, [role], turn.start, task, end)
        if role == "approve" and (grantee := self._grantee(task, end)):
            self._read_on(grantee)
        return end

    def _grantee(self, at: int, end: int) -> Turn | None:
        """Return who may do something: B in "(A chấp thuận) cho B tổ chức C"."""
        granted = self.rules.granted.match(self.text, at, end)
        whom = self.rules.actors.match(self.text, granted.end()) if granted else None
        if granted is None or whom is None:
            return None
        verb = self.bounds.skip(whom.end())
        acts = (self.rules.lead, self.rules.any_task, self.rules.together)
        if not any(one.match(self.text, verb) for one in acts):
            return None
        return self._turn(whom, told=True, order=granted["give"] is None)

    def _read_on(self, turn: Turn) -> int:
        """Read what follows the actors."""
        raise NotImplementedError
