"""What stands before "do A": that which A leads, carries out or pays for, and who joins in."""

from __future__ import annotations

import re

from kb.nlp.assignments.actors import Actor, Turn
from kb.nlp.assignments.records import Records
from kb.reading import Role

_PARTNERS = 250
"""Characters before an actor within which "do A" may stand."""


class ByWhom(Records):
    """The readings of one sentence in which the task stands before those who act."""

    def _turn(
        self,
        match: re.Match[str],
        *,
        told: bool = False,
        order: bool = False,
        subject: int | None = None,
    ) -> Turn:
        actors = self.skeleton.actors(match, posts=told)
        office = () if actors else tuple(self.skeleton.actors(match, posts=True, persons=False))
        return Turn(actors, match.start(), match.end(), told, order, office, subject)

    def _by(self, match: re.Match[str], by: int) -> int:
        """Read "C do A đầu tư và vận hành": C stands before `by`, the verbs after A."""
        at = self.bounds.skip(match.end())
        partners: list[Actor] = []
        if together := self.rules.together.match(self.text, at):
            verb = self.bounds.verb_after(together.end(), True)
            done = None if verb is None else self.rules.verbs_only.match(self.text, verb)
            if verb is None or done is None:
                return 0
            one_way = self._with_others(together, verb)
            partners = self._named(together.end(), verb) if one_way else []
            roles: list[Role] = ["implement"] if one_way else ["coordinate"]
            used = done.end()
        elif lead := self.rules.lead.match(self.text, at):  # "do A chủ trì xây dựng"
            done = self.rules.chain.match(self.text, self.bounds.skip(lead.end()))
            roles, used = ["lead"], done.end() if done else lead.end()
            if not self.rules.after_by.match(self.text, used):
                return 0
        elif head := self.rules.heads_it.match(self.text, at):  # "do A chỉ đạo"
            if not self.rules.after_by.match(self.text, head.end()):
                return 0
            roles, used = ["lead"], head.end()
        else:
            chain = self.rules.chain.match(self.text, at)
            chain = chain or self.rules.chain.match(self.text, match.end() + 1)
            if chain is None or not self.rules.after_by.match(self.text, chain.end()):
                return 0
            roles, used = self._roles(chain.group()), chain.end()
        task = self.bounds.before(by)
        if task is None:
            return 0
        if not partners and (joined := self.rules.joined.match(self.text, used)):
            others = self.rules.actors.match(self.text, joined.end())
            partners = self.skeleton.actors(others, persons=False) if others else []
            used = others.end() if others else used
        actors = self.skeleton.actors(match, persons=False)
        self._add(actors, roles, task[0], *task, until=used)
        self._add(partners, ["coordinate"], task[0], *task, until=used)
        return used

    def _helped(self, match: re.Match[str], begin: int) -> int:
        """Read "(A tổ chức) C với sự phối hợp của B": C ends at `begin`."""
        done: tuple[int, int] | None = None
        for host in self.rules.actors.finditer(self.text, 0, begin):
            verb = self.bounds.skip(host.end())
            if self.rules.task.match(self.text, verb) and self.bounds.end(verb) >= begin:
                done = (verb, begin)
                self._add(self.skeleton.actors(host), ["implement"], host.start(), *done)
                break
        task = done or self.bounds.before(begin)
        if task is None:
            return 0
        partners = self.skeleton.actors(match, persons=False)
        self._add(partners, ["coordinate"], task[0], *task, until=match.end())
        return match.end()

    def _beside(self, match: re.Match[str]) -> int:
        """Read "C do A chỉ đạo, B tổ chức": what B organises stands before "do"."""
        first = max(0, match.start() - _PARTNERS)
        *_, by = [None, *self.rules.by_group.finditer(self.text, first, match.start())]
        named = self.rules.organiser.match(self.text, match.end())
        chain = self.rules.chain.match(self.text, named.end() if named else match.end() + 1)
        if by is None or chain is None:
            return 0
        end = chain.end()
        ends = self.rules.after_by.match(self.text, end) or self.rules.joined.match(self.text, end)
        task = self.bounds.before(by.start())
        if not ends or not task or not self.rules.over.search(self.text, by.end(), match.start()):
            return 0
        actors = self.skeleton.actors(match, persons=False)
        self._add(actors, self._roles(chain.group()), task[0], *task, until=end)
        return end

    def _holds(self, match: re.Match[str], holder: re.Match[str], first: int) -> int:
        """Read "đơn vị tổ chức C là A": `first` is where what `holder` looked at begins."""
        verbs = holder["verbs"] or ""
        joint = self.rules.together.match(verbs) is not None
        roles: list[Role] = ["coordinate"] if joint else self._roles(verbs) or ["invest"]
        task = (first + holder.start("what"), first + holder.end("what"))
        self._add(self.skeleton.actors(match, persons=False), roles, task[0], *task)
        return match.end()

    def _charged(self, turn: Turn) -> int:
        """Read "việc C được giao cho A", with nothing behind."""
        task = self.bounds.before(turn.subject) if turn.subject else None
        if task is None or not self.rules.charge.match(self.text, task[0]):
            return 0
        self._add(turn.actors, ["lead"], task[0], *task, until=turn.at)
        return turn.at

    def _organises(self, turn: Turn, at: int) -> int:
        """Read "A là đơn vị thi công C"."""
        chain = self.rules.chain.match(self.text, at)
        task = chain.end() + 1 if chain else at
        if chain is None or not self.rules.works.match(self.text, task):
            return 0
        end = self.bounds.end(task)
        self._add(turn.actors, self._roles(chain.group()), turn.start, task, end)
        return end

    def _said_before(self, turn: Turn, at: int, end: int) -> int:
        """Return the end of verbs whose object stands before: "(do A phối hợp với B) tổ chức"."""
        verbs = self.rules.verbs_only.match(self.text, at, end)
        if verbs is None or verbs.end() == end:
            return end if verbs else 0
        first = max(0, turn.start - _PARTNERS)
        passive = self.rules.done_by.search(self.text, first, turn.start + 1)
        return verbs.end() if passive and self.rules.after_by.match(self.text, verbs.end()) else 0

    def _of_what(self, turn: Turn, roles: list[Role], partners: list[Actor], end: int) -> int:
        """Read "C do A chỉ đạo, B phối hợp tổ chức": what B organises stands before "do"."""
        first = max(0, turn.start - _PARTNERS)
        *_, by = [None, *self.rules.done_by.finditer(self.text, first, turn.start + 1)]
        task = self.bounds.before(by.start()) if by else None
        if task is None:
            return 0
        self._add(turn.actors, roles, task[0], *task, until=end)
        self._add(partners, ["coordinate"], task[0], *task, until=end)
        return end

    def _with_others(self, together: re.Match[str], verb: int) -> bool:
        """Whether somebody stands between "phối hợp" and the verb, with "với" or without."""
        return bool(together["with"]) or bool(
            re.match(r" [^,:]", self.text[together.end() : verb - 1])
        )
