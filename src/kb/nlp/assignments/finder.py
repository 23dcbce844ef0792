"""Who has or is given which role in a task, from the phrases of the administrative press.

Every list of bodies in a sentence is looked at once: what stands before it (giao, yêu cầu, do)
and after it (chủ trì, phối hợp với …) gives the roles, and the verb that follows begins the task.
Words, and what counts: `verbs.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.assignments.actors import Actor, Skeleton, Turn, with_names
from kb.nlp.assignments.bounds import Bounds
from kb.nlp.assignments.rules import PERSON, rules
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Assignment, Role

_LEFT = 90
_ASKED = 120
"""Characters before an actor within which those stand who tell or ask."""
_PARTNERS = 250
"""Characters before an actor within which "do A" may stand."""


def find_assignments(passages: Sequence[Passage]) -> list[Assignment]:
    """Return the roles that bodies (or persons) are given or take in tasks, in order.

    Args:
        passages: the fields of one article with their sentences and names.

    `start:end` of a record is the clause in its passage, from the list of actors to the end of
    the task. Several actors with one list of several tasks each get what the tasks share, marked
    ambiguous: who has which is not said.
    """
    return [found for passage in passages for found in _in_passage(passage)]


def _in_passage(passage: Passage) -> list[Assignment]:
    found: list[Assignment] = []
    signs = rules().signs
    if not signs.search(passage.text):
        return found
    ordered = False
    giving: list[Actor] | None = None
    """After "giao A:" or "giao:", those who are told what the points below say; else None."""
    for sentence, names in with_names(passage):
        text = passage.text[sentence.start : sentence.end]
        bullet = rules().bullet.match(text) if giving is not None else None
        begins = sentence.start == 0 or passage.text[sentence.start - 1] == "\n"
        if begins and bullet is None:
            giving = None
        if (names and signs.search(text)) or (bullet and begins):
            clauses = _Clauses(passage, sentence, names)
            clauses.find(giving if begins else None, bullet.end() if bullet else 0, ordered)
            found += clauses.found
            if clauses.giving is not None:
                giving, ordered = clauses.giving, clauses.ordered
    return found


class _Clauses:
    """The assignments of one sentence."""

    def __init__(self, passage: Passage, sentence: Sentence, names: Sequence[Name]) -> None:
        self.rules = rules()
        self.passage = passage
        self.skeleton = Skeleton(passage, sentence, names)
        self.text = self.skeleton.text
        self.bounds = Bounds(
            self.skeleton, {one.start + sentence.start: one.pos for one in sentence.words}
        )
        self.initiatives = [name for name in names if name.kind == "initiative"]
        self.found: list[Assignment] = []
        self.giving: list[Actor] | None = None
        """Who is given what the points below this sentence say; empty if they name the actors."""

    def find(self, giving: list[Actor] | None, bullet: int, ordered: bool) -> None:
        """Read the sentence; `giving` are those that the line above a point gives tasks to.

        `ordered`: that line says "yêu cầu", not "giao".
        """
        self.ordered = ordered
        at = 0
        if giving:
            at = self._read_on(Turn(giving, bullet, bullet, told=True))
        while match := self.rules.actors.search(self.text, at):
            named = giving is not None and not giving and match.start() == bullet
            at = max(match.end(), self._read(match, named=named))
        if self.giving is None and (heading := self.rules.heading.search(self.text)):
            self.giving, self.ordered = [], bool(self.rules.orders.match(heading.group()))

    # --- one list of actors -----------------------------------------------------------------

    def _read(self, match: re.Match[str], *, named: bool) -> int:
        """Read the clause around one list; return how far it was used up."""
        left = self.text[max(0, match.start() - _LEFT) : match.start()]
        given, told = self.rules.given.search(left), self.rules.told.search(left)
        if given is None and self.text[match.start()] == PERSON:
            given = self.rules.given_whom.search(left)
        if given is None and told is None:
            if submitted := self.rules.submitted.search(left):
                return self._approves(match, match.start() - len(left) + submitted.start())
            if left.endswith("được ") and (used := self._approved(match)):
                return used
            given = self.rules.given_for.search(left)
            given = given if self._carries_out(match.end()) else None
            said = self.text[max(0, match.start() - _ASKED) : match.start()]
            told = None if given else self.rules.asked.search(said)
        if (order := given or told) is not None:
            if self.rules.not_given.search(order.string[: order.start()]):
                return 0
            passive = self.rules.passive.search(left[: order.start()]) if given else None
            subject = match.start() - len(left) + passive.start() if passive else None
            turn = self._turn(match, told=True, order=given is None, subject=subject)
            if self.text.endswith(":") and match.end() == len(self.text) - 1:
                self.giving = turn.actors
            return self._list(turn, self._read_on(turn))
        if by := self.rules.by.search(left):
            return self._by(match, match.start() - len(left) + by.start())
        partner = self.rules.partner.search(left)
        if partner is not None and partner["with"]:
            return 0 if self.rules.denied.search(left) else self._partners(match)
        if self.rules.of.search(left):
            # "của A, B phối hợp …": the list that acts begins after the comma
            comma = self.text.find(", ", match.start(), match.end())
            rest = self.rules.actors.match(self.text, comma + 2) if comma >= 0 else None
            return self._read_on(self._turn(rest)) if rest else 0
        return self._read_on(self._turn(match, told=named, order=named and self.ordered))

    def _list(self, turn: Turn, end: int) -> int:
        """Read on in the list of tasks that one is told: "…; tổ chức C; lập D"."""
        if len(turn.actors) != 1:
            return end
        last, end = end, end or self.bounds.end(turn.at)
        while self.text.startswith("; ", end):
            begin = end + 2
            at, end = self.bounds.skip(begin), self.bounds.end(begin)
            directs, tasks = self.rules.direct.match, self.rules.any_task.match
            if self.rules.together.match(self.text, at):
                last = end = max(end, self._read_on(replace(turn, at=at)))
            elif directs(self.text, at) or tasks(self.text, at):
                last = end = max(end, self._alone(turn, at, True))
            elif self.rules.name.search(self.text, begin, end):
                break
        return last

    def _carries_out(self, at: int) -> bool:
        """Tell whether what follows is to be carried out: with land or money only that counts."""
        chain = self.rules.chain.match(self.text, self.bounds.skip(at))
        return chain is not None and "implement" in self._roles(chain.group())

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
        decides = self.rules.decides.match(self.text, self.bounds.skip(match.end()))
        task = self.bounds.before(match.start() - len("được ")) if decides else None
        if decides is None or task is None or task[1] == task[0] + 1:
            return 0
        actors = self.skeleton.actors(match, posts=True, persons=False)
        self._add(actors, ["approve"], task[0], *task, until=decides.end())
        return decides.end()

    def _turn(
        self,
        match: re.Match[str],
        *,
        told: bool = False,
        order: bool = False,
        subject: int | None = None,
    ) -> Turn:
        actors = self.skeleton.actors(match, posts=told)
        return Turn(actors, match.start(), match.end(), told, order, subject)

    def _read_on(self, turn: Turn) -> int:
        """Read what follows the actors: "chủ trì", "phối hợp với B", the task."""
        text, at = self.text, self.bounds.skip(turn.at)
        must = not turn.told and self.rules.must.search(text, turn.at, at)
        if must and self.rules.any_task.match(text, at) and self._bodies(turn):
            turn = replace(turn, told=True, order=True)
        told = turn.told
        if was := self.rules.was_given.match(text, at):
            told, at = True, self.bounds.skip(was.end())
        roles: list[Role] = []
        partners: list[Actor] = []
        if lead := self.rules.lead.match(text, at):
            at = self.bounds.skip(lead.end())
            if not told and self.rules.meeting.match(text, at):
                return 0
            roles.append("lead")
        if together := self.rules.together.match(text, at):
            verb = self.bounds.verb_after(together.end(), told or bool(roles))
            if verb is None:
                return 0
            one_way = self._with_others(together, verb)
            partners = self._named(together.end(), verb) if one_way else []
            if not told and not partners and any(one.person for one in turn.actors):
                return 0  # footballers
            first: Role = "lead" if told and not turn.order else "implement"
            roles = roles or ([first] if one_way else ["coordinate"])
            at = verb
        elif not roles:
            return self._alone(turn, at, told)
        elif not self.bounds.is_task(at):
            return 0
        end = self.bounds.end(at)
        if self.rules.verbs_only.fullmatch(self.text, at, end):
            return self._of_what(turn, roles, partners, end)
        if len(turn.actors) > 1 and (shared := self.bounds.shared(at, end)):
            end, last = shared
            self._add(turn.actors, roles, turn.start, at, end, until=last, ambiguous=True)
        else:
            last = end
            self._add(turn.actors, roles, turn.start, at, end)
            if self.rules.guide.match(text, at):
                self._guided(turn, at, end)
        self._add(partners, ["coordinate"], turn.start, at, end, until=last)
        return last

    def _of_what(self, turn: Turn, roles: list[Role], partners: list[Actor], end: int) -> int:
        """Read "C do A chỉ đạo, B phối hợp tổ chức": what B organises stands before "do"."""
        first = max(0, turn.start - _PARTNERS)
        *_, by = [None, *self.rules.any_by.finditer(self.text, first, turn.start)]
        task = self.bounds.before(by.start()) if by else None
        if task is None:
            return 0
        self._add(turn.actors, roles, turn.start, *task, until=end)
        self._add(partners, ["coordinate"], turn.start, *task, until=end)
        return end

    def _with_others(self, together: re.Match[str], verb: int) -> bool:
        """Whether somebody stands between "phối hợp" and the verb, with "với" or without."""
        return bool(together["with"]) or bool(
            re.match(r" [^,:]", self.text[together.end() : verb - 1])
        )

    def _alone(self, turn: Turn, at: int, told: bool) -> int:
        """Read what no "chủ trì" or "phối hợp" introduces: the verb gives the role."""
        if what := told and self.rules.given_what.match(self.text, at - 1):
            at = self.bounds.skip(what.end())
        text, end = self.text, self.bounds.end(at)
        given = turn.told and not turn.order
        actors = [one for one in turn.actors if given or not one.person]
        if not told and (invests := self.rules.invests.match(text, at)):
            self._add(turn.actors, ["invest"], turn.start, invests.end(), end)
            return end
        if alone := self.rules.alone.match(text, at):
            role: Role = "invest" if "đầu tư" in alone.group() else "approve"
            if role == "approve" and not self._bodies(turn):
                return 0
            task = self.bounds.skip(alone.end())
            if task >= end or (role == "approve" and not self.rules.approved.match(text, task)):
                return 0
            self._add(actors, [role], turn.start, task, end)
            return end
        if self.rules.guide.match(text, at) and self._guided(turn, at, end):
            return end
        if not told:
            return 0
        if self.rules.direct.match(text, at):
            if not self._guided(turn, at, end):
                self._add(turn.actors, ["lead"], turn.start, at, end)
            return end
        if turn.order and not (self.rules.any_task.match(text, at) or self._bodies(turn)):
            return 0
        chain = self.rules.chain.match(text, at)
        roles = self._roles(chain.group()) if chain else []
        if turn.subject is not None and chain and self.rules.after_by.match(text, chain.end()):
            if task_span := self.bounds.before(turn.subject):
                self._add(actors, roles, task_span[0], *task_span, until=chain.end())
            return chain.end()
        if not self.bounds.is_task(at) or any(
            self.rules.cut_off.search(one.name) for one in actors
        ):
            return 0
        roles = roles or ["implement" if turn.order else "lead"]
        if self.rules.verbs_only.fullmatch(text, at, end):
            return self._of_what(turn, roles, [], end)
        self._add(actors, roles, turn.start, at, end)
        return end

    def _bodies(self, turn: Turn) -> bool:
        """Tell whether all who act are bodies by their first word, not clubs or countries."""
        heads = self.rules.heads
        return bool(turn.actors) and all(heads.match(one.name.lower()) for one in turn.actors)

    def _by(self, match: re.Match[str], by: int) -> int:
        """Read "C do A đầu tư và vận hành": C stands before `by`, the verbs after A."""
        at = self.bounds.skip(match.end())
        partners: list[Actor] = []
        if together := self.rules.together.match(self.text, at):
            verb = self.bounds.verb_after(together.end(), True)
            done = None if verb is None else self.rules.any_task.match(self.text, verb)
            if verb is None or done is None:
                return 0
            one_way = self._with_others(together, verb)
            partners = self._named(together.end(), verb) if one_way else []
            roles: list[Role] = ["implement"] if one_way else ["coordinate"]
            used = done.end()
        else:
            chain = self.rules.chain.match(self.text, at)
            if chain is None or not self.rules.after_by.match(self.text, chain.end()):
                return 0
            roles, used = self._roles(chain.group()), chain.end()
        task = self.bounds.before(by)
        if task is None:
            return 0
        actors = self.skeleton.actors(match, persons=False)
        self._add(actors, roles, task[0], *task, until=used)
        self._add(partners, ["coordinate"], task[0], *task, until=used)
        return used

    def _partners(self, match: re.Match[str]) -> int:
        """Read "phối hợp với B tổ chức C" of someone who is no known name."""
        verb = self.bounds.verb_after(match.end(), False)
        if verb is None:
            return 0
        end = self.bounds.end(verb)
        self._add(self._named(match.start(), verb), ["coordinate"], match.start(), verb, end)
        return end

    def _guided(self, turn: Turn, at: int, end: int) -> bool:
        """Read "hướng dẫn (chỉ đạo) B xây dựng C" at the head of a task: B carries C out."""
        guide, direct = self.rules.guide.match(self.text, at), None
        if guide is None and turn.told:
            guide = direct = self.rules.direct.match(self.text, at)
        whom = self.rules.actors.match(self.text, guide.end()) if guide else None
        if whom is None:
            return False
        verb = self.bounds.skip(whom.end())
        named = self.skeleton.actors(whom)
        if not named or not self.bounds.is_task(verb):
            return False
        self._add(turn.actors, ["lead" if direct else "guide"], turn.start, at, end)
        self._add(named, ["implement"], whom.start(), verb, end)
        return True

    # --- records ----------------------------------------------------------------------------

    def _named(self, start: int, end: int) -> list[Actor]:
        """Return the bodies that stand between two places, but not in brackets."""
        return [
            one
            for match in self.rules.actors.finditer(self.text, start, end)
            if self.text[match.start() - 1] != "("
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
