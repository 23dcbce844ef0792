"""Commitments: what a story says will be done, by whom and by when.

A clause counts where a cue of planning ("sẽ", "dự kiến", "phấn đấu", "hạn chót" …, or a list
that a plan opens) governs a date that has not passed on the day of publication. All words that
decide stand in `cues.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, islice

from kb.nlp.commitments.agents import Agents, quantity
from kb.nlp.commitments.clauses import (
    Clause,
    any_of,
    clauses,
    gate,
    is_when,
    plain,
    skip,
    words,
)
from kb.nlp.commitments.judge import Judge, Sign, titled
from kb.nlp.commitments.judge import verb as _verb
from kb.nlp.dates import TimeSpan, find_dates
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Commitment

_STALE = timedelta(days=90)
"""A date without a year that lies further back than this, after "sẽ", is next year's."""
_FIELDS_BY_WEIGHT = ("body", "lead", "title")
_REACH = 400
"""Code points after a cue within which its date stands, and before it what takes it back."""
_BEFORE = 120
"""Code points between a date and the cue after it."""
_LIST_REACH = 4
"""Sentences without a subject that may still belong to the list of a plan."""
_FINENESS = {"day": 0, "week": 1, "range": 1, "month": 2, "quarter": 3, "year": 4}
_TIME = re.compile(r"\d|nay|mai\b|tới\b|sau\b|này\b|hằng|hàng|mỗi|lần|năm|tháng|quý|tuần")
_NEXT = timedelta(1)
"""What was said "tomorrow" was said when the story had another day."""
_MATCHES = 5
"""Words of sport that make a story one of sport."""
_ACTION = 10
"""Code points that an action has at least, besides its dates and cues."""
_EPISODE = re.compile(r"(?<!buổi )\btập (?:\d|cuối)")
_EVENTS = ("events", "scheduled")
_SHORT = 0.8
"""How long the subject may be, as a share of the action, to stay in the span."""
_NUMBERED = re.compile(r"\d\S*[/-]\S*\w,? $|số \S+,? (?:ban hành )?$")


@dataclass(slots=True)
class _Plan:
    """The plan whose list is being read: who made it, and for how many more sentences."""

    owner: Name | None
    left: int


def find_commitments(passages: Sequence[Passage], published: date | None) -> list[Commitment]:
    """Return the commitments of one article's passages, in order of field and place.

    What title or lead say and the body says again (same date, mostly the same words) is
    returned where it stands in the body.
    """
    titles = " ".join(one.text.lower() for one in passages if one.field == "title")
    if any_of("topics").search(titles) or _EPISODE.search(titles):
        return []
    judge = Judge(published, sports=_of_sports(passages))
    found = [one for passage in passages for one in _Finder(passage, published, judge).find()]
    return _once(found)


def _of_sports(passages: Sequence[Passage]) -> bool:
    """Tell whether an article reports on matches."""
    told = (any_of("sports").finditer(one.text.lower()) for one in passages)
    return len(list(islice(chain.from_iterable(told), _MATCHES))) == _MATCHES


def _once(found: list[Commitment]) -> list[Commitment]:
    kept: list[tuple[Commitment, frozenset[str]]] = []
    for one in sorted(found, key=lambda c: _FIELDS_BY_WEIGHT.index(c.field)):
        words = frozenset(one.text.lower().split())
        due = (one.due_from, one.due_to, one.recurs)
        if not any(
            other.field != one.field
            and (other.due_from, other.due_to, other.recurs) == due
            and len(words & theirs) >= 0.6 * min(len(words), len(theirs))
            for other, theirs in kept
        ):
            kept.append((one, words))
    order = {name: number for number, name in enumerate(("title", "lead", "body"))}
    return sorted((one for one, _ in kept), key=lambda c: (order[c.field], c.start))


class _Finder:
    """Reads one passage, sentence by sentence."""

    def __init__(self, passage: Passage, published: date | None, judge: Judge) -> None:
        self._passage = passage
        self._published = published
        self._agents = Agents(passage)
        self._judge = judge
        self._plan: _Plan | None = None
        self._issuer: Name | None = None

    def find(self) -> Iterator[Commitment]:
        likely = gate()
        for sentence in self._passage.sentences:
            text = self._passage.text[sentence.start : sentence.end]
            lowered = text.lower()
            if len(lowered) != len(text):
                lowered = text  # offsets before words: a letter grew when lowered
            continues = self._continues(sentence)
            self._note_issuer(sentence, lowered)
            if lowered.endswith("?") or not _TIME.search(lowered):
                continue
            if continues or ":" in lowered or likely.search(lowered):
                yield from self._sentence(sentence, lowered, continues)

    def _note_issuer(self, sentence: Sentence, text: str) -> None:
        """Remember which body issues a plan, for the lists that follow."""
        issued = plain("issues").search(text)
        if issued is not None:
            names = self._agents.within(sentence.start, sentence.start + issued.start())
            bodies = [one for one in names if one.kind in ("org", "place")]
            self._issuer = bodies[0] if bodies else self._issuer

    def _continues(self, sentence: Sentence) -> bool:
        """Tell whether a sentence without a subject carries on the list of a plan."""
        if self._plan is None or not sentence.words:
            return False
        self._plan.left -= 1
        first = next((word for word in sentence.words if word.text[:1].isalpha()), None)
        acts = first is not None and (first.pos[:1] == "V" or first.text.lower() in words("acts"))
        if self._plan.left < 0 or not acts:
            self._plan = None
            return False
        return True

    def _sentence(self, sentence: Sentence, text: str, continues: bool) -> Iterator[Commitment]:
        opened = self._opened(sentence, text)
        spans = find_dates(self._passage.text[sentence.start : sentence.end], self._published)
        dates = [
            one
            for one in spans
            if not one.lunar and not self._in_document(sentence, one, text) and is_when(one, text)
        ]
        if not dates:
            return
        for clause in clauses(text, dates, opened, continues):
            made = self._clause(sentence, text, clause, spans)
            if made is not None:
                yield made

    def _opened(self, sentence: Sentence, text: str) -> int | None:
        """Return where the list begins that a plan opens in this sentence."""
        plan = any_of("plans").search(text)
        colon = re.search(r":(?=\s)", text[plan.end() :]) if plan else None
        if plan is None or colon is None:
            return None
        head = text[plan.end() : plan.end() + colon.start()]
        if not any_of("opens").search(head) or len(head) > 250:
            return None
        owner = self._issuer or self._agents.before(sentence.start + plan.start())
        self._plan = _Plan(owner, _LIST_REACH)
        return plan.end() + colon.end()

    def _in_document(self, sentence: Sentence, span: TimeSpan, text: str) -> bool:
        """Tell whether a date belongs to the name of a decree or of another document."""
        if _NUMBERED.search(text, max(0, span.start - 40), span.start):
            return True
        start, end = sentence.start + span.start, sentence.start + span.end
        return any(
            one.kind == "document" and one.start <= start and end <= one.end
            for one in self._agents.within(start - 200, end)
        )

    def _clause(
        self, sentence: Sentence, text: str, clause: Clause, spans: Sequence[TimeSpan]
    ) -> Commitment | None:
        """Return what one clause commits somebody to, if it does."""
        cue = any_of("strong").search(text, clause.start, clause.end)
        when = self._when(text, clause, cue)
        if when is None:
            return None
        subject = self._subject_start(text, clause, cue.start() if cue else clause.start)
        tags = {word.start: word.pos for word in sentence.words}
        sign = self._judge.sign(text, clause, cue, when, subject, tags)
        if sign is None:
            return None
        recurs = next((one.recurs for one in clause.dates if one.recurs), None)
        if cue is None:
            subject = self._subject_start(text, clause, sign.start)
        if clause.listed:
            at = sentence.start + sign.start
            owner = self._plan.owner if self._plan else self._agents.before(at)
        else:
            owner = self._agents.owner(sentence, text, clause, (subject, sign.start))
        start, end = self._span(text, clause, sign, when, (subject, owner))
        start, end = sentence.start + start, sentence.start + end
        surface = self._passage.text[start:end]
        return Commitment(
            initiative_id=self._agents.initiative(sentence, clause, (start, end)),
            owner_id=owner.entity_id if owner else None,
            owner=owner.name if owner else None,
            text=surface,
            due_from=when.first.isoformat() if when.first else None,
            due_to=_due(when),
            recurs=recurs,
            quantity=quantity(self._passage, sentence, spans, (start, end)),
            field=self._passage.field,
            start=start,
            end=end,
        )

    def _when(self, text: str, clause: Clause, cue: re.Match[str] | None) -> TimeSpan | None:
        """Return the date that the cue governs: the first after it, else the last before it.

        A day to come that stands before the cue is that of the doing, not of the saying.
        """
        spans = [self._ahead(one) for one in clause.dates]
        days = [one for one in spans if one is not None and not one.recurs]
        other = [one for one in spans if one is not None and one.recurs]
        if cue is None:
            return next(iter(days + other), None)
        after = [
            one
            for one in days
            if 0 <= one.start - cue.start() < _REACH
            and not any_of("says").search(text, cue.end() + 3, one.start)
            and not any_of("reasons").search(text, cue.end(), one.start)
            and not _of_another(text, cue.end(), one.start)
            and not (one.precision == "year" and titled(text, cue.end(), one.start))
        ]
        after.sort(key=lambda one: _FINENESS.get(one.precision, 1))
        before = [
            one
            for one in days
            if 0 <= cue.start() - one.end < _BEFORE
            and (self._later(one, _NEXT) or not any_of("speech").search(text, one.end, cue.start()))
        ]
        if after and before and (self._later(before[-1]) or self._today(before[-1])):
            named = _FINENESS.get(before[-1].precision, 1)
            if named == 0 or named < _FINENESS.get(after[0].precision, 1):
                return before[-1]
        return next(iter(after + before[::-1] + other), None)

    def _later(self, span: TimeSpan, after: timedelta = timedelta()) -> bool:
        """Tell whether a time begins after the day of publication."""
        first = span.first or span.last
        return self._published is not None and first is not None and first - after > self._published

    def _today(self, span: TimeSpan) -> bool:
        return span.precision == "day" and span.first == self._published is not None

    def _ahead(self, span: TimeSpan) -> TimeSpan | None:
        """Return a date that has not passed; one without a year may be meant for the next."""
        until = span.last or span.first
        if self._published is None or until is None or until >= self._published:
            return span
        if (
            span.year_given
            or span.last is None
            or self._published - until < _STALE
            or span.precision == "year"
        ):
            return None
        first, last = span.first, span.last
        return replace(span, first=first and _next_year(first), last=last and _next_year(last))

    def _subject_start(self, text: str, clause: Clause, at: int) -> int:
        """Return where the subject of the cue begins: after the last saying, mark or date."""
        start = next((one.start for one in reversed(clause.segments) if one.start <= at), at)
        for said in any_of("speech").finditer(text, start, at):
            start = said.end()
        for one in clause.dates:
            if start <= one.start and one.end <= at:
                start = one.end
        return skip(text, start, at)

    def _span(
        self,
        text: str,
        clause: Clause,
        sign: Sign,
        when: TimeSpan,
        subject: tuple[int, Name | None],
    ) -> tuple[int, int]:
        """Return the action with its object, without who said it and what it is for.

        It begins with its cue, or behind one that only names a plan ("đặt mục tiêu"). Where
        nobody acts, what takes place is its subject, and stays if it is short.
        """
        start, reach = sign.start, max(when.end, sign.end)
        end = self._end(text, clause, start, reach)
        begin, owner = subject
        kinds, at = (("events",), _verb(text, sign.end)) if sign.cue else (_EVENTS, start)
        if owner is None and begin < start and any_of(*kinds).match(text, at):
            dates = [one for one in clause.dates if begin <= one.start < start]
            if not dates and start - begin < _SHORT * (end - start):
                start = begin
        return start, end

    def _end(self, text: str, clause: Clause, start: int, reach: int) -> int:
        """Return the end of the segment that completes the action; trails are left out."""
        end = clause.end
        for one in clause.segments:
            if one.end < reach or one.end - max(start, one.start) <= 12:
                continue
            end = one.end
            after = next((x for x in clause.segments if x.start > one.start), None)
            goes_on = after is not None and any_of("goes_on").match(
                text, skip(text, after.start, after.end)
            )
            aside = any_of("asides").match(text, skip(text, one.start, end))
            said = one.rest - len(text[one.start : start].strip()) if one.dates else one.rest
            if said >= _ACTION and not aside and not goes_on:
                break
        trail = any_of("trails").search(text, reach, end)
        if trail is not None and trail.start() - start > 40:
            end = trail.start()
        inside = text[start:end].rstrip(" .,;:-–")
        for opening, closing in ("“”", '""'):
            if opening not in inside[: inside.rfind(closing)] and inside.rfind(closing) > 0:
                inside = inside[: inside.rfind(closing)]
        if inside.count("(") > inside.count(")"):
            bracket = inside.rindex("(")
            if start + bracket >= reach:
                inside = inside[:bracket]
        if inside.count(")") > inside.count("(") and inside.endswith(")"):
            inside = inside[:-1]
        return start + len(inside.rstrip(" ("))


def _of_another(text: str, start: int, end: int) -> bool:
    """Tell whether a date is that of a noun's own cue ("… việc cắt giảm dự kiến trong năm nay")."""
    *_, cue = [None, *any_of("strong").finditer(text, start + 12, end)]
    if cue is None or "," in text[start:end]:
        return False
    return not any_of("fillers").sub("", text[cue.end() : end]).strip()


def _due(when: TimeSpan) -> str | None:
    """Return the last day as it is named: "trước ngày 30/9" is due on the 30th, not on the 29th."""
    if when.last is None:
        return None
    before = when.lead == "trước" and when.precision == "day"
    return (when.last + timedelta(1) if before else when.last).isoformat()


def _next_year(day: date) -> date:
    last_day = day.month == 2 and day.day >= 28
    return day.replace(year=day.year + 1, day=28 if last_day else day.day)
