"""Commitments: what a story says will be done, by whom and by when.

A clause counts where a cue of planning ("sẽ", "dự kiến", "phấn đấu", "hạn chót" …, or a list
that a plan opens) governs a date that has not passed on the day of publication. All words that
decide stand in `cues.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice

from kb.nlp.commitments.agents import Agents, quantity
from kb.nlp.commitments.clauses import (
    Clause,
    any_of,
    clauses,
    cues,
    gate,
    is_when,
    plain,
    skip,
    words,
)
from kb.nlp.commitments.extent import extent, foretold
from kb.nlp.commitments.governing import governed
from kb.nlp.commitments.judge import Judge
from kb.nlp.commitments.moments import Moments
from kb.nlp.commitments.targets import Targets
from kb.nlp.commitments.times import ahead, due, joined, within_term
from kb.nlp.dates import TimeSpan, find_dates
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Commitment
from kb.text import lower

_FIELDS_BY_WEIGHT = ("body", "lead", "title")
_LIST_REACH = 4
"""Sentences without a subject that may still belong to the list of a plan."""
_FIGURE = re.compile(r"\d")
_TIME = re.compile(r"cùng ngày|nay|mai\b|tới\b|sau\b|này\b|hằng|hàng|mỗi|lần|năm|tháng|quý|tuần")
_MATCHES = 5
"""Words of sport that make a story one of sport."""
_EPISODE = re.compile(r"(?<!buổi )\btập (?:\d|cuối)")
_LISTED = (":", "chỉ tiêu", "mục tiêu", "nhiệm kỳ", "giai đoạn")
"""In a sentence of a list, or in the one before it that says for when it is."""
_DAY = re.compile(
    r"\d[/.-]\d|ngày \d|tháng \d|tháng này|tuần này|quý |cùng ngày|^\W*(?:trong |từ |vào )?năm 20"
)
"""In a sentence that says without a cue what is done then."""
_BEFORE = ("đã ", "trước đây ", "trước đó ")
"""Right before a cue that another follows: the plan of before."""
_TITLE = re.compile(r"[“\"][^“”\".]*(?:tầm nhìn|giai đoạn)[^“”\".]*[”\"]")
"""A plan's title, whose years are no dates: "Phát triển … giai đoạn 2021-2025, tầm nhìn 2045"."""
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
    judge = Judge(published, sports=partial(_of_sports, passages))
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
        self._text = lower(passage.text)
        self._published = published
        self._agents = Agents(passage)
        self._judge = judge
        self._tags: Mapping[int, str] = {}
        self._plan: _Plan | None = None
        self._issued: Name | None = None
        self._looked = 0
        """Sentences in which an issuer was looked for."""
        self._targets = Targets(published)
        self._moments = Moments()

    def find(self) -> Iterator[Commitment]:
        likely = gate()
        for sentence in self._passage.sentences:
            text = self._text[sentence.start : sentence.end]
            continues = self._plan is not None and self._continues(self._plan, sentence)
            if text.endswith("?") or text.startswith(">>"):
                continue
            if not (_FIGURE.search(text) or _TIME.search(text)):
                continue
            listed = continues or self._targets.opened or any(sign in text for sign in _LISTED)
            if listed or likely.search(text) or _DAY.search(text):
                yield from self._sentence(sentence, text, continues=continues, listed=listed)

    def _issuer(self, at: int) -> Name | None:
        """Return which body issued the last plan before a place, for the lists that follow.

        Places are asked for in the order of the text, so that each sentence is looked at once.
        """
        sentences = self._passage.sentences
        while self._looked < len(sentences) and sentences[self._looked].start <= at:
            sentence = sentences[self._looked]
            self._looked += 1
            issued = plain("issues").search(self._text, sentence.start, sentence.end)
            names = self._agents.within(sentence.start, issued.start()) if issued else []
            bodies = [one for one in names if one.kind in ("org", "place")]
            if bodies:
                self._issued = bodies[0]
        return self._issued

    def _continues(self, plan: _Plan, sentence: Sentence) -> bool:
        """Tell whether a sentence without a subject carries on the list of a plan."""
        if not sentence.words:
            return False
        plan.left -= 1
        first = next((word for word in sentence.words if word.text[:1].isalpha()), None)
        acts = first is not None and (first.pos[:1] == "V" or first.text.lower() in words("acts"))
        if plan.left < 0 or not acts:
            self._plan = None
            return False
        return True

    def _sentence(
        self, sentence: Sentence, text: str, *, continues: bool, listed: bool
    ) -> Iterator[Commitment]:
        """Yield the commitments of a sentence: none where no time is to come and nothing listed."""
        source = self._passage.text[sentence.start : sentence.end]
        spans = self._moments.of(text, find_dates(source, self._published))
        comes = any(ahead(one, self._published) for one in spans)
        if not (comes or listed):
            self._moments.plan(spans, ())
            return
        opened = self._opened(sentence, text)
        dates = self._times(sentence, spans, text) if comes else []
        self._planned: list[TimeSpan] = []
        self._tags = {word.start: word.pos for word in sentence.words}
        targets = list(self._listed(sentence, text, dates, spans))
        for clause in clauses(text, dates, opened, continues, self._tags) if dates else ():
            if all(ahead(one, self._published) is None for one in clause.dates):
                continue
            made = self._clause(sentence, text, clause, spans)
            if made is not None:
                targets = [x for x in targets if x.end <= made.start or x.start >= made.end]
                yield made
        yield from targets
        self._moments.plan(spans, self._planned)

    def _times(self, sentence: Sentence, spans: Sequence[TimeSpan], text: str) -> list[TimeSpan]:
        """Return those of the times of a sentence for which something may be planned."""
        dates = [
            one
            for one in spans
            if not one.lunar and not self._in_document(sentence, one, text) and is_when(one, text)
        ]
        if not dates and any_of("festive").search(text):
            return [one for one in spans if one.lunar and not one.recurs]
        return dates

    def _listed(
        self, sentence: Sentence, text: str, dates: Sequence[TimeSpan], spans: Sequence[TimeSpan]
    ) -> Iterator[Commitment]:
        """Yield the targets of a list whose head says for when they are."""
        begins = sentence.start == 0 or self._passage.text[sentence.start - 1] == "\n"
        for start, end, when in self._targets.items(text, dates, self._tags, begins=begins):
            span = (sentence.start + start, sentence.start + end)
            owner = self._plan.owner if self._plan else self._issuer(sentence.start)
            yield Commitment(
                initiative_id=None,
                owner_id=owner.entity_id if owner else None,
                owner=owner.name if owner else None,
                text=self._passage.text[slice(*span)],
                due_from=when.first.isoformat() if when.first else None,
                due_to=due(when),
                recurs=None,
                quantity=quantity(self._passage, sentence, spans, span),
                field=self._passage.field,
                start=span[0],
                end=span[1],
            )

    def _opened(self, sentence: Sentence, text: str) -> int | None:
        """Return where the list begins that a plan opens in this sentence."""
        plan = any_of("plans").search(text) if ":" in text else None
        colon = re.search(r":(?=\s)", text[plan.end() :]) if plan else None
        if plan is None or colon is None:
            return None
        head = text[plan.end() : plan.end() + colon.start()]
        if not any_of("opens").search(head) or len(head) > 250:
            return None
        owner = self._issuer(sentence.start) or self._agents.before(sentence.start + plan.start())
        self._plan = _Plan(owner, _LIST_REACH)
        return plan.end() + colon.end()

    def _in_document(self, sentence: Sentence, span: TimeSpan, text: str) -> bool:
        """Tell whether a date belongs to the name of a decree or of another document."""
        if _NUMBERED.search(text, max(0, span.start - 40), span.start):
            return True
        if any(one.start() < span.start < one.end() for one in _TITLE.finditer(text)):
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
        tags = self._tags
        cue = self._cue(text, clause)
        when = governed(text, clause, cue, self._published, tags)
        if when is None:
            return None
        subject = self._subject_start(text, clause, cue.start() if cue else clause.start)
        sign = self._judge.sign(text, clause, cue, when, subject, tags)
        if sign is None and cue is not None and when.end <= clause.holding(cue.start()).start:
            cue, first = (
                None,
                governed(text, clause, None, self._published, tags),
            )  # "…, nếu không sẽ bị xóa tên"
            sign = self._judge.sign(text, clause, None, first, subject, tags) if first else None
            when = first or when
        if sign is None:
            return None
        self._planned.append(when)
        when = within_term(when, clause.start, spans)
        recurs = next((one.recurs for one in clause.dates if one.recurs), None)
        if cue is None:
            subject = self._subject_start(text, clause, sign.start)
        action = foretold(text, clause, sign, when)
        speaks = (subject, sign.start)
        if action is not None:
            acts = (at for at, tag in tags.items() if at >= action and tag[:1] == "V")
            speaks = (action, min(acts, default=sign.start))
        if clause.listed:
            at = sentence.start + sign.start
            owner = self._plan.owner if self._plan else self._agents.before(at)
        else:
            owner = self._agents.owner(sentence, text, clause, speaks)
        if action is None:
            start, end = extent(text, clause, sign, when, tags)
        else:
            start, end = self._agents.behind(sentence, text, owner, action), when.end
            end += text.startswith(")", end) and "(" in text[start:end]
        start, end = sentence.start + start, sentence.start + end
        surface = self._passage.text[start:end]
        return Commitment(
            initiative_id=self._agents.initiative(sentence, clause, (start, end)),
            owner_id=owner.entity_id if owner else None,
            owner=owner.name if owner else None,
            text=surface,
            due_from=when.first.isoformat() if when.first else None,
            due_to=due(joined(text, when, clause.dates)),
            recurs=recurs,
            quantity=quantity(self._passage, sentence, spans, (start, end)),
            field=self._passage.field,
            start=start,
            end=end,
        )

    def _cue(self, text: str, clause: Clause) -> re.Match[str] | None:
        """Return the first cue; one in brackets only if a time of the clause stands there, too."""
        for cue in cues().finditer(text, clause.start, clause.end):
            dropped = cue[0].startswith("dự") and text.endswith(_BEFORE, 0, cue.start())
            if dropped and cues().search(text, cue.end(), clause.end):
                continue  # "đã dự kiến ra mắt ngày 1/5 sẽ lùi đến 9/5"
            opens = text.rfind("(", clause.start, cue.start())
            if opens < 0 or text.find(")", opens, cue.start()) >= 0:
                return cue
            closes = text.find(")", cue.end(), clause.end)
            closes = clause.end if closes < 0 else closes
            if any(opens < one.start < closes for one in clause.dates):
                return cue
        return None

    def _subject_start(self, text: str, clause: Clause, at: int) -> int:
        """Return where the subject of the cue begins: after the last saying, mark or date."""
        start = next((one.start for one in reversed(clause.segments) if one.start <= at), at)
        for said in any_of("speech", after=r"(?! (?:này|số)(?!\w))").finditer(text, start, at):
            if said.start() > start:  # "công bố kết quả dự kiến ngày …": nobody says it
                start = said.end()
        for one in clause.dates:
            if start <= one.start and one.end <= at:
                start = one.end
        return skip(text, start, at)
