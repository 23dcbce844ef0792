"""The assignments of one sentence.

Every list of bodies in it is looked at once: what stands before it (giao, yêu cầu, do) and after
it (chủ trì, phối hợp với …) gives the roles, and the verb that follows begins the task. Words,
and what counts: `verbs.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.assignments.actors import Actor, Turn
from kb.nlp.assignments.approvals import Approvals
from kb.nlp.assignments.openings import ASKED
from kb.nlp.assignments.rules import PERSON
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Role

_APART = (" ", "\n")
"""Whatever gives somebody something to do ends in one of these."""
_LEFT = 90
"""Characters before an actor within which those stand who give him something to do."""


class Clauses(Approvals):
    """The assignments of one sentence."""

    def __init__(self, passage: Passage, sentence: Sentence, names: Sequence[Name]) -> None:
        super().__init__(passage, sentence, names)
        self.giving: list[Actor] | None = None
        """Who is given what the points below this sentence say; empty if they name the actors."""
        self.pending: list[Actor] = []
        """Who is told to do something in a paragraph that ends with ";"."""
        self.pointed = False
        """Whether a paragraph begins "Sở A: …"."""
        self.charged = False
        """Whether the line above such paragraphs says "giao:", not "yêu cầu:"."""
        self.titled = False
        """Whether a paragraph may be the heading of what a body has to do ("2. Sở A")."""
        self.last: Turn | None = None
        """The last of those who are told or do something in this sentence."""
        self.commanded = self.orders = False
        """Whether the paragraph before gives orders, and whether this one does."""

    def find(self, giving: list[Actor] | None, bullet: int, ordered: bool) -> None:
        """Read the sentence; `giving` are those that the line above a point gives tasks to.

        `ordered`: that line says "yêu cầu", not "giao".
        """
        self.ordered = ordered
        if self.titled and (whose := self._title()):
            self.giving, self.ordered = self.skeleton.actors(whose, persons=False), True
            return
        at = 0
        if giving:
            at = self._read_on(Turn(giving, bullet, bullet, told=True, order=ordered))
        elif self.carried and self._goes_on():
            turn = Turn(self.carried, 0, 0, told=True, order=True)
            at = self._list(turn, self._read_on(turn))
            self.pending, self.orders = self.carried, True
        elif (further := self._further()) is not None:
            at = self._list(further, self._read_on(further))
            self.last = further
        lists = self.rules.actors if self.rules.grouped.search(self.text) else self.rules.listed
        while match := lists.search(self.text, at):
            named = giving is not None and not giving and match.start() == bullet
            if self.commanded and not named and self._heads_order(match):
                named = self.ordered = self.orders = True
            if self.pointed and at == 0 and self._is_point(match):
                named = self.orders = True
                self.ordered = not self.charged
            if self.orders and self._shares(match, at):
                named = True  # "Giao A lập C, B cân đối kinh phí"
            at = max(match.end(), self._read(match, named=named))
        heading = self.rules.heading.search(self.text) if self.text.endswith(":") else None
        if self.giving is None and heading is not None:
            self.giving, self.ordered = [], bool(self.rules.orders.match(heading.group()))

    # --- one list of actors -----------------------------------------------------------------

    def _read(self, match: re.Match[str], *, named: bool) -> int:
        """Read the clause around one list; return how far it was used up."""
        if not named and not self._may_act(match):
            return 0
        left = self.text[max(0, match.start() - _LEFT) : match.start()]
        if not left.endswith(_APART):
            return self._opens(match, named=named)
        given, told = self.rules.given.search(left), self.rules.told.search(left)
        if given is None and self.text[match.start()] == PERSON:
            given = self.rules.given_whom.search(left)
        sent = self.rules.sent.search(left) and self.rules.asked_of.match(self.text, match.end())
        if sent:  # "gửi Bộ A đề nghị rà soát B"
            turn = self._turn(match, told=True, order=True)
            return self._list(turn, self._read_on(replace(turn, at=sent.end())))
        if given is None and told is None:
            if submitted := self.rules.submitted.search(left):
                return self._approves(match, match.start() - len(left) + submitted.start())
            if left.endswith("được ") and (used := self._approved(match)):
                return used
            given = self.rules.given_for.search(left)
            given = given if self._carries_out(match.end()) else None
            said = self.text[max(0, match.start() - ASKED) : match.start()]
            told = None if given else self.rules.asked.search(said)
        if (order := given or told) is not None:
            self.orders, self.ordered = True, given is None
            if self.rules.not_given.search(order.string[: order.start()]):
                return 0
            passive = self.rules.passive.search(left[: order.start()]) if given else None
            subject = match.start() - len(left) + passive.start() if passive else None
            turn = self._turn(match, told=True, order=given is None, subject=subject)
            if self.text.endswith(":") and match.end() == len(self.text) - 1:
                self.giving = turn.actors
            used = self._list(turn, self._read_on(turn))
            self.last = turn if used else self.last
            return used
        if holder := self.rules.holder.search(left):  # "đơn vị tổ chức cuộc thi C là A"
            return self._holds(match, holder, match.start() - len(left))
        if " sự " in left and (helped := self.rules.helped.search(left)):
            return self._helped(match, match.start() - len(left) + helped.start())
        if by := self.rules.by.search(left):
            used = self._by(match, match.start() - len(left) + by.start())
            if used or not by.group().startswith("được"):
                return used
        partner = self.rules.partner.search(left)
        if partner is not None and partner["with"]:
            aside = self.rules.besides.search(left[: partner.start()])
            return 0 if aside or self.rules.denied.search(left) else self._partners(match)
        if not named and self.rules.of.search(left):
            # "của A, B phối hợp …": the list that acts begins after the comma
            comma = self.text.find(", ", match.start(), match.end())
            rest = self.rules.actors.match(self.text, comma + 2) if comma >= 0 else None
            return self._read_on(self._turn(rest)) if rest else 0
        return self._opens(match, named=named)

    def _opens(self, match: re.Match[str], *, named: bool) -> int:
        """Read a clause that a list opens: nothing before it says what those in it do."""
        if asked := self.rules.was_told.match(self.text, self.bounds.skip(match.end())):
            told_of = self._turn(match, told=True, order=True)
            return self._read_on(replace(told_of, at=asked.end()))
        if self.text.endswith((", ", "; "), 0, match.start()) and (used := self._beside(match)):
            return used
        turn = self._turn(match, told=named, order=named and self.ordered)
        used, at = self._read_on(turn), self.bounds.skip(match.end())
        self.last = turn if used else self.last
        if used and (named or self.rules.was_given.match(self.text, at)):
            return self._list(turn if named else replace(turn, told=True), used)
        if used and self._bodies(turn) and self.rules.must.search(self.text, match.end(), at):
            return self._list(replace(turn, told=True, order=True), used)
        return used

    def _list(self, turn: Turn, end: int) -> int:
        """Read on in the list of tasks that one is told: "…; tổ chức C; lập D"."""
        if len(turn.actors) == 1:
            self.pending = turn.actors
        last, end = end, end or self.bounds.end(turn.at)
        while mark := self._mark(turn, end):
            begin = mark.end()
            at, end = self.bounds.skip(begin), self.bounds.end(begin)
            directs, tasks = self.rules.direct.match, self.rules.any_task.match
            if self.rules.together.match(self.text, at):
                last = end = max(end, self._read_on(replace(turn, at=at)))
            elif directs(self.text, at) or tasks(self.text, at):
                last = end = max(end, self._alone(turn, at, True))
            elif self.rules.name.search(self.text, begin, end):
                break
        return last

    def _mark(self, turn: Turn, end: int) -> re.Match[str] | None:
        """Return what joins the next task: ";", also behind a purpose ("…, nhằm D; lập C")."""
        if len(turn.actors) != 1:  # whose is which is said by "đồng thời" alone
            return self.rules.moreover.match(self.text, end)
        mark = self.rules.more.match(self.text, end)
        return mark or (self.rules.later.match(self.text, end) if turn.subject is None else None)

    def _read_on(self, turn: Turn) -> int:
        """Read what follows the actors: "chủ trì", "phối hợp với B", the task."""
        text, at = self.text, self.bounds.skip(turn.at)
        if turn.told and (refrain := self.rules.refrain.match(text, at)):
            at = self.bounds.skip(refrain.end())  # "không chủ quan, tiếp tục …"
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
            if not turn.actors and self.rules.answers.match(lead.group()):
                turn = replace(turn, actors=[*turn.office])  # "Giám đốc Sở A chịu trách nhiệm về …"
            if guided := self._guides(turn, at):
                return guided
            if self._bodies(turn) and not self.rules.told_of.match(text, turn.at + 1):
                self.orders = True  # "Sở A chủ trì C; Sở B lập D"
                self.ordered = self.ordered or not turn.told
            if on := self.rules.lead_on.match(text, at):
                at = self.bounds.skip(on.end())  # "chủ trì thực hiện và phối hợp với B lập C"
        together = self.rules.together.match(text, at)
        if roles and not together:
            together = self.rules.alongside.match(text, at)  # "chủ trì, cùng B tổ chức C"
        if together:
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
        charged: re.Match[str] | None = None
        works = self.rules.some_works.match(text, at) or self._leads_what(lead, at, told)
        if not together and not works and not self.bounds.is_task(at):
            charged = self.rules.charged.match(text, at)  # "là đầu mối của C, có trách nhiệm …"
            if charged is None or not self.bounds.is_task(charged.end()):
                return 0
            at = charged.end()
        end = self.bounds.end(at)
        said = 0 if charged else self._said_before(turn, at, end)
        if said and ((used := self._of_what(turn, roles, partners, said)) or not told):
            return used
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

    def _alone(self, turn: Turn, at: int, told: bool) -> int:
        """Read what no "chủ trì" or "phối hợp" introduces: the verb gives the role."""
        if what := told and self.rules.given_what.match(self.text, at - 1):
            at = self.bounds.skip(what.end())
        text, end = self.text, self.bounds.end(at)
        given = turn.told and not turn.order
        actors = [one for one in turn.actors if given or not one.person]
        if turn.subject is not None and self.rules.after_by.match(text, turn.at):
            return self._charged(turn)
        if done := self.rules.organiser.match(text, turn.at):
            return self._organises(turn, done.end())
        if not told and (invests := self.rules.invests.match(text, at)):
            self._add(turn.actors, ["invest"], turn.start, invests.end(), end)
            return end
        if (decided := self._decides(turn, actors, at, end)) is not None:
            return decided
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
        if said := self._said_before(turn, at, end):
            return self._of_what(turn, roles, [], said) or said
        self._add(actors, roles, turn.start, at, end)
        self._joining(turn, at, end)
        return end

    def _partners(self, match: re.Match[str]) -> int:
        """Read "phối hợp với B tổ chức C" of someone who is no known name."""
        verb = self.bounds.verb_after(match.end(), False)
        if verb is None:
            return 0
        end = self.bounds.end(verb)
        partners = self._named(match.start(), verb)
        if said := self._said_before(Turn(partners, match.start(), verb), verb, end):
            return self._of_what(Turn([], match.start(), verb), [], partners, said)
        self._add(partners, ["coordinate"], match.start(), verb, end)
        return end

    def _joining(self, turn: Turn, at: int, end: int) -> None:
        """Read those who join in at the end of a task: "(A lập C), phối hợp với B tổ chức D"."""
        further = self.rules.further.search(self.text, at, end)
        verb = self.bounds.verb_after(further.end(), True) if further else None
        if further is not None and verb is not None and verb < end:
            partners = self._named(further.end(), verb)
            self._add(partners, ["coordinate"], turn.start, verb, end)

    def _leads_what(self, lead: re.Match[str] | None, at: int, told: bool) -> bool:
        """Tell whether a noun may be what is led: "làm cơ quan chủ quản dự án C"."""
        if lead is None:
            return False
        holds = told or self.rules.lead_what.match(lead.group())
        named = holds and self.rules.works.match(self.text, at)
        return bool(named or self.rules.answers.match(lead.group()))

    def _guides(self, turn: Turn, at: int) -> int:
        """Read "(A chủ trì,) chỉ đạo B xây dựng C": A leads what B carries out."""
        direct = self.rules.direct.match(self.text, at)
        return self.bounds.end(at) if direct and self._guided(turn, at, self.bounds.end(at)) else 0

    def _guided(self, turn: Turn, at: int, end: int) -> bool:
        """Read "hướng dẫn (chỉ đạo) B xây dựng C" at the head of a task: B carries C out."""
        guide, direct = self.rules.guide.match(self.text, at), None
        if guide is None:
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
