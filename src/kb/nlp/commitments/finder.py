"""Commitments: what a story says will be done, by whom and by when.

A clause counts where a cue of planning ("sẽ", "dự kiến", "phấn đấu", "hạn chót" …, or a list
that a plan opens) governs a date that has not passed on the day of publication. All words that
decide stand in `commitments.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from kb.nlp.commitments.agents import Agents, quantity
from kb.nlp.commitments.clauses import (
    Clause,
    any_of,
    clauses,
    gate,
    is_date,
    is_when,
    plain,
    skip,
    words,
)
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
_PASSIVE = re.compile(r"\s*(?:cũng |sẽ )?được\b")
_NUMBERED = re.compile(r"\d\S*[/-]\S*\w,? $|số \S+,? (?:ban hành )?$")


@dataclass(slots=True)
class _Plan:
    """The plan whose list is being read: who made it, and for how many more sentences."""

    owner: Name | None
    left: int


def find_commitments(passages: Sequence[Passage], published: date | None) -> list[Commitment]:
    """Return the commitments of one article's passages, in order of field and place.

    What title or lead say and the body says again (same date, mostly the same words) is
    returned once, where it stands in the body.
    """
    titles = " ".join(one.text.lower() for one in passages if one.field == "title")
    if any_of("topics").search(titles):
        return []
    found = [one for passage in passages for one in _Finder(passage, published).find()]
    return _once(found)


def _once(found: list[Commitment]) -> list[Commitment]:
    kept: list[tuple[Commitment, frozenset[str]]] = []
    for one in sorted(found, key=lambda c: _FIELDS_BY_WEIGHT.index(c.field)):
        words = frozenset(one.text.lower().split())
        due = (one.due_from, one.due_to, one.recurs)
        if not any(
            (other.due_from, other.due_to, other.recurs) == due
            and len(words & theirs) >= 0.6 * min(len(words), len(theirs))
            for other, theirs in kept
        ):
            kept.append((one, words))
    order = {name: number for number, name in enumerate(("title", "lead", "body"))}
    return sorted((one for one, _ in kept), key=lambda c: (order[c.field], c.start))


class _Finder:
    """Reads one passage, sentence by sentence."""

    def __init__(self, passage: Passage, published: date | None) -> None:
        self._passage = passage
        self._published = published
        self._agents = Agents(passage)
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
        if when is None or not self._meant(text, clause, cue, when):
            return None
        recurs = next((one.recurs for one in clause.dates if one.recurs), None)
        at = cue.start() if cue else clause.start
        subject = self._subject_start(text, clause, at)
        if clause.listed:
            owner = self._plan.owner if self._plan else self._agents.before(sentence.start + at)
        else:
            owner = self._agents.owner(sentence, text, clause, (subject, at))
        start, end = self._span(text, clause, cue, when, (subject, owner))
        start, end = sentence.start + start, sentence.start + end
        surface = self._passage.text[start:end]
        return Commitment(
            initiative_id=self._agents.initiative(sentence, clause, (start, end)),
            owner_id=owner.entity_id if owner else None,
            owner=owner.name if owner else None,
            text=surface,
            due_from=when.first.isoformat() if when.first else None,
            due_to=when.last.isoformat() if when.last else None,
            recurs=recurs,
            quantity=quantity(self._passage, sentence, spans, (start, end)),
            field=self._passage.field,
            start=start,
            end=end,
        )

    def _when(self, text: str, clause: Clause, cue: re.Match[str] | None) -> TimeSpan | None:
        """Return the date that the cue governs: the first after it, else the last before it."""
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
            and not (one.precision == "year" and _titled(text, cue.end(), one.start))
        ]
        after.sort(key=lambda one: _FINENESS.get(one.precision, 1))
        before = [
            one
            for one in days
            if 0 <= cue.start() - one.end < _BEFORE
            and not any_of("speech").search(text, one.end, cue.start())
        ]
        if after and before and self._published and before[-1].first:
            named = _FINENESS.get(before[-1].precision, 1) < _FINENESS.get(after[0].precision, 1)
            if named and before[-1].first > self._published:
                return before[-1]
        return next(iter(after + before[::-1] + other), None)

    def _ahead(self, span: TimeSpan) -> TimeSpan | None:
        """Return a date that has not passed; one without a year may be meant for the next."""
        if self._published is None or span.last is None or span.first is None:
            return span
        if span.last >= self._published:
            return span
        if span.year_given or self._published - span.last < _STALE or span.precision == "year":
            return None
        return replace(span, first=_next_year(span.first), last=_next_year(span.last))

    def _meant(self, text: str, clause: Clause, cue: re.Match[str] | None, when: TimeSpan) -> bool:
        """Tell whether the clause plans, and neither tells the past nor guesses."""
        if cue is None:
            told = any_of("past", "forecasts").search(text, clause.start, clause.end)
            return (
                not told
                and (when.recurs is None or clause.listed)
                and (clause.listed or clause.inherits or self._planned(text, clause, when))
            )
        between = sorted((cue.end(), when.start, cue.start(), when.end))[1:3]
        if any_of("past").search(text, *between):
            return False
        opening = text[max(0, cue.start() - _REACH) : cue.start()]
        if opening.endswith(("không ", "chưa ", "so với ", "đúng ", "ngoài ")):
            return False
        if "kế hoạch" in cue[0] and any_of("past").search(text, clause.start, cue.start()):
            return cue[0] == "lên kế hoạch"
        if cue[0] in words("targets"):
            return True
        subject = self._subject_start(text, clause, cue.start())
        nobody = any_of("no_actors", before=r"(?:(?:những|các|một) )?")
        opens = skip(text, clause.start, cue.start())
        if nobody.match(text, subject, cue.start()) or nobody.match(text, opens, cue.start()):
            return False
        if any_of("nature").search(text, subject, cue.start()) or any_of("guesses").search(opening):
            return False
        if any_of("conditions").search(opening) and not any_of("no_conditions").search(opening):
            return False
        if any_of("forecasts").search(text, max(clause.start, cue.start() - 30), cue.end() + 12):
            return False
        return not any(
            any_of("happens").match(text, _verb(text, one.end()))
            for one in any_of("strong").finditer(text, cue.start(), min(clause.end, cue.end() + 80))
        )

    def _planned(self, text: str, clause: Clause, when: TimeSpan) -> bool:
        """Tell whether a clause without a cue sets a limit, an aim or the day of an event."""
        today = self._published
        ahead = today is None or (when.first is not None and when.first > today)
        before = text[max(clause.start, when.start - 24) : when.start]
        if not ahead:
            return False
        if any_of("limits", after=r"\W*$").search(before):
            return bool(any_of("orders").search(text, max(0, when.start - _REACH), when.start))
        if (
            re.search(r"(?<!tầm nhìn )(?<!định hướng )\bđến (?:hết |cuối )?$", before)
            and when.precision == "year"
        ):
            return bool(
                any_of("outcomes", before=r"\W{0,3}(?:[^\W\d]+ ){0,6}").match(text, when.end)
            )
        if today is None or when.precision not in ("day", "week", "range"):
            return False
        event = any_of("scheduled").search(text, max(clause.start, when.start - 60), when.start)
        nobody = any_of("conditions", "trails", "no_actors", before=r"(?:(?:những|các) )?")
        if event is None or nobody.match(text, skip(text, clause.start, event.start())):
            return False
        subject = text[clause.start : event.start()]
        aside = "(" in subject or any_of("trails").search(subject)
        return not aside and 8 < len(subject) < 80

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
        cue: re.Match[str] | None,
        when: TimeSpan,
        subject: tuple[int, Name | None],
    ) -> tuple[int, int]:
        """Return the action with its object and date, without who said it and what it is for."""
        begin, owner = subject
        if cue is None:
            start = skip(text, clause.start, when.start)
            reach = when.end
        else:
            event = any_of("events").match(text, _verb(text, cue.end()))
            passive = _PASSIVE.match(text, cue.end())
            start = cue.start() if owner and not event and not passive else begin
            start = min(start, cue.start())
            reach = max(when.end, cue.end())
        if when.end <= start:
            bracketed = text.endswith("(", 0, when.start)
            start = skip(text, clause.start, when.start) if bracketed else when.start
        return start, self._end(text, clause, start, reach)

    def _end(self, text: str, clause: Clause, start: int, reach: int) -> int:
        """Return the end of the segment that completes the action; trails are left out."""
        end = clause.end
        for one in clause.segments:
            if one.end >= reach and one.end - max(start, one.start) > 12:
                end = one.end
                if not (one.cued and is_date(one)):
                    break
        trail = any_of("trails").search(text, reach, end)
        if trail is not None and trail.start() - start > 40:
            end = trail.start()
        inside = text[start:end].rstrip(" .,;:-–")
        if inside.count(")") > inside.count("(") and inside.endswith(")"):
            inside = inside[:-1]
        return start + len(inside.rstrip(" ("))


def _titled(text: str, start: int, end: int) -> bool:
    """Tell whether a year is that of a plan to be issued ("sẽ ban hành Chiến lược … đến 2030")."""
    issued = any_of("issues").match(text, _verb(text, start), end)
    return issued is not None and any_of("plans").search(text, issued.end(), end) is not None


def _verb(text: str, after: int) -> int:
    """Return where the verb begins after a cue and its adverbs."""
    adverbs = any_of("adverbs", before=r"(?:\s*", after=r")*\s*").match(text, after, after + 60)
    return adverbs.end() if adverbs else after


def _next_year(day: date) -> date:
    last_day = day.month == 2 and day.day >= 28
    return day.replace(year=day.year + 1, day=28 if last_day else day.day)
