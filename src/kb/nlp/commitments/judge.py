"""Whether a clause with a date to come plans something, and where the words of it begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from kb.nlp.commitments.clauses import Clause, any_of, is_date, skip, words
from kb.nlp.dates import TimeSpan

_REACH = 400
"""Code points before a cue within which stands what takes it back."""
_JUST = 15
"""Code points before a verb without a cue within which a word of the past takes it back."""
_VERB_REACH = 90
"""Code points before a date within which the verb stands that is done then."""
_SUBJECT = 5
"""Code points that the subject of a verb without a cue has at least."""
_NOUN = 24
"""Code points before a verb within which the noun stands that it is part of."""
_BEHIND = 90
"""Code points after a date that opens a clause within which stands what is done then."""
_CLOCK = re.compile(
    r"(?:trước )?(?:trong )?(?:(?:hai|ba|2|3) (?=ngày))?"
    r"(?:\d{1,2}(?:h\d*|:\d\d| giờ(?: \d+)?(?: phút)?),? )?"
)
_SUM = re.compile(r"\d[^.;]* (?:đồng|usd)")
_VERB = 5
"""Code points that what is done has at least."""
_SAID = 12
"""Code points after "đến năm …" that say what is to be reached."""
_TITLE = re.compile(r",? (?:và )?(?:tầm nhìn|định hướng)")
"""After a year: it is that of a strategy's name."""
_REACHED = r"\W{0,3}(?:(?:[^\W\d]+|\d[\d.,]*%?),? ){0,18}"
"""Before the verb of what is to be reached: who or how many."""
_LONG = timedelta(200)
"""What runs longer is a term or a period, not an event."""
_NUMBER = re.compile(r"(?:khoảng )?\d")
_VISION = re.compile(r"(?<!tầm nhìn )(?<!định hướng )\bđến (?:hết |cuối )?$")


@dataclass(frozen=True, slots=True)
class Sign:
    """Where in the sentence the words of a plan begin: `start`, and `end` of their cue or verb.

    `cue`: it plans by itself ("sẽ", "dự kiến"); otherwise the date to come does.
    """

    start: int
    end: int
    cue: bool


class Judge:
    """Judges the clauses of one article.

    `published` is the day from which time to come counts; `sports` tells whether it reports on
    matches, and is asked at most once.
    """

    def __init__(self, published: date | None, *, sports: Callable[[], bool]) -> None:
        self._published = published
        self._on_sports = sports
        self._tags: Mapping[int, str] = {}

    @cached_property
    def _sports(self) -> bool:
        return self._on_sports()

    def sign(
        self,
        text: str,
        clause: Clause,
        cue: re.Match[str] | None,
        when: TimeSpan,
        subject: int,
        tags: Mapping[int, str],
    ) -> Sign | None:
        """Return where a clause plans something; None if it tells the past, guesses or wishes.

        Args:
            text: the sentence in lower case.
            cue: the first word of planning in the clause, if there is one.
            when: the date that it governs.
            subject: where the subject of the cue begins.
            tags: parts of speech by where a word begins.
        """
        self._tags = tags
        if cue is None:
            return self._uncued(text, clause, when)
        at = verb(text, cue.end())
        if tags.get(at) == "A":
            return None  # "sẽ thú vị hơn"
        aim, timed = (
            cue[0] in words("targets"),
            any(x.start <= at + 6 < x.end for x in clause.dates),
        )
        if _NUMBER.match(text, at) and not aim and not timed:
            return None  # "dự kiến khoảng 4-5 cơn bão"
        if not self._meant(text, clause, cue, when, subject):
            return None
        if cue[0] in words("limits_after"):
            *_, acts = [cue, *any_of("strong").finditer(text, cue.end(), clause.end)]
            return Sign(subject, acts.end(), True)
        if cue[0] not in words("announcers"):
            return Sign(cue.start(), cue.end(), True)
        behind = skip(text, cue.end(), clause.end)
        names_a_date = when.start <= behind < when.end and when.end + 12 > clause.end
        start = cue.start() if behind + 8 > clause.end or names_a_date else behind
        return Sign(start, cue.end(), True)

    def _uncued(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        told = any_of("past", "forecasts").search(text, clause.start, clause.end)
        if all(is_date(one) for one in clause.segments):
            return None
        if (when.recurs is None and clause.inherits) or clause.listed:
            start = skip(text, clause.start, when.start)
            return None if told else Sign(start, start, False)
        if when.recurs is not None:
            return self._regular(text, clause, when)
        sign = self._scheduled(text, clause, when)
        if sign is None or not told:
            return sign
        near = (max(clause.start, sign.start - _JUST), max(sign.end, when.end))
        found = any_of("past", "forecasts").finditer(text, *near)
        return sign if all(_may_apply(text, one, sign.start) for one in found) else None

    def _regular(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is ordered to be done again and again ("yêu cầu các quận hằng tháng …")."""
        if "trước " in text[when.start : when.end]:
            *_, told = [None, *any_of("reports").finditer(text, clause.start, when.start)]
            if told is not None:
                return Sign(told.start(), told.end(), False)
        *_, order = [None, *any_of("demands").finditer(text, clause.start, when.start)]
        if order is None or any_of("demanded", after=r" $").search(text[: order.start()]):
            return None
        acts = skip(text, when.end, clause.end)
        if acts + _VERB > clause.end or self._tags.get(acts, "")[:1] != "V":
            return None
        return Sign(when.start, acts, False)

    def _meant(
        self, text: str, clause: Clause, cue: re.Match[str], when: TimeSpan, subject: int
    ) -> bool:
        """Tell whether a cue plans, and neither tells the past nor guesses."""
        between = sorted((cue.end(), when.start, cue.start(), when.end))[1:3]
        first = when.first or when.last
        later = self._published is not None and first is not None and first > self._published
        if not (later and when.end <= cue.start()) and any_of("past").search(text, *between):
            return False
        opening = text[max(0, cue.start() - _REACH) : cue.start()]
        if self._denied(opening, cue[0], later) or self._superseded(text, cue):
            return False
        if cue[0].startswith("kế hoạch") and any_of("past").search(text, cue.end(), when.end):
            return False
        if cue[0] in words("targets"):
            purpose = cue[0] in words("purposes")
            aside = purpose and any_of("past").search(text, cue.end())
            if purpose and when.end <= cue.start() and when.precision == "year":
                return False  # "kế hoạch năm 2025 với mục tiêu …"
            return not aside and not self._plays(text, cue.end())
        nobody = any_of("no_actors", before=r"(?:(?:những|các|một) )?")
        *_, own = (one for one in clause.segments if one.start <= cue.start())
        if any_of("ifs", after=r"(?! có(?!\w))").search(text, cue.end(), own.end):
            return False
        joined = own.mark == "và"
        opens = skip(text, 0 if joined else own.start, cue.start())
        promised = any_of("promised", after=r" $").search(opening)
        place = text.endswith("nơi ", 0, cue.start())  # "đây là nơi sẽ …"
        known = any_of("announced").match(text, cue.end() + 1)  # "kết quả sẽ được công bố"
        starts = () if promised or place or known else (subject, opens)
        if any(nobody.match(text, at, cue.start()) for at in starts):
            return False
        played = _match().search(text, clause.start, cue.start())
        if played or (cue[0] not in words("limits_after") and self._plays(text, cue.end())):
            return False
        if any_of("nature").search(text, min(subject, 0 if joined else own.start), cue.start()):
            return False
        if any_of("guesses").search(opening):
            return False
        if any_of("conditions").search(opening) and not any_of("no_conditions").search(opening):
            return False
        if any_of("forecasts").search(text, max(clause.start, cue.start() - 30), cue.end() + 12):
            return False
        since = max(own.start, text.rfind(" và ", own.start, cue.start()))
        if any_of("called_off").search(text, since, own.end):
            return False
        return not any(
            self._happens(text, one.end())
            for one in any_of("strong").finditer(text, cue.start(), min(own.end, cue.end() + 80))
            if one[0] not in words("limits_after")
        )

    def _denied(self, opening: str, cue: str, later: bool) -> bool:
        """Tell whether the word before a cue takes it back ("so với dự kiến", "vẫn sẽ").

        `later`: the date lies ahead, so that "vẫn sẽ diễn ra ngày 5/5" keeps a plan.
        """
        before = any_of("not_before", after=r" $").search(opening)
        if before is None:
            return False
        word = before[0].rstrip()
        under_way = word == "đang" and (cue in words("targets") or cue in words("announcers"))
        kept = word in words("kept") and later
        return not under_way and not (cue == "sẽ" and (kept or word == "như"))  # "Như": a name

    def _superseded(self, text: str, cue: re.Match[str]) -> bool:
        """Tell whether a plan is one of before ("Theo dự kiến ban đầu, …")."""
        first = max(0, cue.start() - _REACH)
        if any_of("superseded").search(text, first, cue.end() + _JUST):
            return True
        return cue[0].startswith("dự") and text.startswith("trước đó")

    def _happens(self, text: str, after: int) -> bool:
        """Tell whether a verb is of what comes of itself, of matches or of broadcasts."""
        acts = verb(text, after)
        kinds, spots = any_of("happens", "broadcasts", "fixtures"), (after + 1, acts)
        if "được" in text[after:acts]:  # "sẽ được tăng": somebody does it
            return any(any_of("broadcasts", "fixtures").match(text, at) for at in spots) or bool(
                any_of("happens").match(text, after + 1)
            )
        return any(kinds.match(text, at) and not any_of("done_to").match(text, at) for at in spots)

    def _plays(self, text: str, after: int) -> bool:
        """Tell whether a story of sport says what is played, not what is arranged."""
        return self._sports and not any_of("arranged").match(text, verb(text, after))

    def _scheduled(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return where a clause without a cue says what is done at a time to come."""
        today, begins = self._published, when.first or when.last
        if today is not None and (begins is None or begins <= today):
            if when.last is None or when.last <= today:
                return None
            opens = begins == today and any_of("applied").search(text, clause.start, when.start)
            return (self._event if opens else self._entry)(text, clause, when)
        own = clause.holding(when.start)
        hedged = any_of("conditions", "called_off").search(text, own.start, own.end)
        if hedged and not any_of("no_conditions").search(text, clause.start, own.end):
            applied = any_of("applied").search(text, own.start, when.start)
            return self._limit(text, clause, when) if applied else None
        vision = text[max(clause.start, when.core - 24) : when.core]
        if when.precision == "year" and _VISION.search(vision):
            if _TITLE.match(text, when.end) or any_of("lasts", after=r" \S+ $").search(vision):
                return None
            after = outcome(text, when)
            aims = any_of("aims").search(text, clause.start, when.start)
            named = aims is not None and text.endswith(" là ", 0, when.start)
            start = when.start if named else skip(text, clause.start, when.start)
            if after is None and not (aims and clause.end - when.end > _SAID):
                return None
            return Sign(start, after.end() if after else when.end, False)
        ways = (self._limit, self._entry, self._fee, self._term)
        sign = next((found for way in ways if (found := way(text, clause, when))), None)
        return sign or (self._event(text, clause, when) if today is not None else None)

    def _entry(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return an entry of a timetable: a head, a colon and a date."""
        last = clause.segments[-1]
        if self._sports or last.mark != ":" or len(clause.segments) > 2:
            return None
        placed = _CLOCK.fullmatch(text, skip(text, last.start, when.start), when.start)
        if not (is_date(last) or (placed and text.startswith((" tại ", " ở "), when.end))):
            return None
        start = skip(text, clause.start, when.start)
        head = any_of("entries").match(text, start, last.start)
        return Sign(start, head.end(), False) if head else None

    def _fee(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is asked for a school year to come."""
        fee = any_of("fees").search(text, clause.start, clause.end)
        if fee is None or not _SUM.search(text, fee.end(), clause.end):
            return None
        return Sign(min(fee.start(), when.start), fee.end(), False)

    def _term(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is done in a period that opens a clause ("giai đoạn 2026-2030, …")."""
        if skip(text, clause.start, when.start) != when.start:
            return None
        if when.precision in ("year", "quarter", "month"):
            acts = any_of("then_acts").match(text, skip(text, when.end, clause.end))
            return Sign(acts.start(), acts.end(), False) if acts else None
        if when.precision != "range" or _few_days(when):
            return None
        return self._after(text, ["term_acts"], clause, when)

    def _after(
        self, text: str, verbs: Sequence[str], clause: Clause, when: TimeSpan
    ) -> Sign | None:
        """Return the first verb of some lists behind a date."""
        event = self._verb_of(text, verbs, when.end, min(clause.end, when.end + _BEHIND))
        return Sign(event.start(), event.end(), False) if event else None

    def _limit(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is ordered "trước ngày …", "trong tháng …"."""
        before = text[max(clause.start, when.core - 24) : when.core]
        kind, first = "orders", max(0, when.start - _REACH)
        if not any_of("limits", after=r"\W*$").search(before):
            if not any_of("terms", after=r"\W*$").search(before):
                return None
            kind, first = "delivers", max(clause.start, when.start - _VERB_REACH)
        *_, order = [None, *any_of(kind).finditer(text, first, when.start)]
        if order is None:
            return None
        start = max(order.start(), skip(text, clause.start, when.start))
        return Sign(start, when.start, False)

    def _event(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what takes place or is done on a day to come, said without any cue."""
        verbs = ["scheduled"] if _few_days(when) else []
        verbs += ["acts_then", "done_then"] if verbs and not self._sports else []
        verbs += ["built", "plans_to"] if when.precision != "year" else ["built"]
        long = when.precision == "range" and when.first is not None
        verbs += ["scheduled"] if when.precision == "month" or long else []
        verbs += ["visits"] if text.endswith(("tới", "sau"), 0, when.end) else []
        first, own = max(clause.start, when.start - _VERB_REACH), clause.holding(when.start)
        near = max(first, skip(text, own.start, when.start)) if own.start < when.start else first
        event = self._verb_of(text, verbs, near, when.start)
        event = event or self._verb_of(text, verbs, first, when.start)
        if event is None and "scheduled" in verbs:
            starts = (clause.start, clause.holding(when.start).start)
            if any(_CLOCK.fullmatch(text, skip(text, at, when.start), when.start) for at in starts):
                event = self._verb_of(text, verbs, when.end, min(clause.end, when.end + _BEHIND))
        if event is None or any_of("superseded", "proposals").search(text, 0, when.start):
            return None
        if any_of("unbound", "fixtures").search(text, event.end(), when.start):
            return None
        leads = text[clause.start : event.start()]
        joined = clause.segments[0].mark in ("và", ";")  # the subject stands before
        if event.start() < when.start and len(leads.strip()) < _SUBJECT and not joined:
            return None
        if any_of("while", before=r"(?<!trước )(?<!sau )").search(leads) or _match().search(leads):
            return None
        nobody = any_of("trails", "no_actors", before=r"(?!trước khi)(?:(?:những|các) )?")
        own = clause.holding(event.start())
        subject = nobody.match(text, skip(text, own.start, event.start()))
        if subject is not None and not text.startswith(" là ", subject.end()):
            return None
        if event[0] in words("lasting") and when.first is None:
            return None  # "hợp đồng có hiệu lực đến …"
        led = any_of("led_by", before="(?:", after=r" )+$").search(
            text, clause.start, event.start()
        )
        return Sign(led.start() if led else event.start(), event.end(), False)

    def _verb_of(
        self, text: str, kinds: Sequence[str], start: int, end: int
    ) -> re.Match[str] | None:
        """Return the first verb of some lists in a stretch that is no part of a noun."""
        noun = any_of("not_before", "nouns_before", after=r" $")
        for event in any_of(*kinds).finditer(text, start, end):
            if noun.search(text, max(0, event.start() - _NOUN), event.start()):
                continue
            if event[0] in words("done_then") and self._tags.get(event.start(), "")[:1] != "V":
                continue  # "dự án", "bán kết"
            found = any_of("under_way").finditer(text, max(start, event.start() - _JUST), end)
            if all(_may_apply(text, one, event.start()) for one in found):
                return event
        return None


def outcome(text: str, when: TimeSpan) -> re.Match[str] | None:
    """Return what is to be reached then, up to its verb ("đến năm 2030, tỷ lệ … đạt")."""
    return any_of("outcomes", before=_REACHED).match(text, when.end)


def _may_apply(text: str, word: re.Match[str], at: int) -> bool:
    """Tell whether a word is the "có thể" of applicants ("thí sinh có thể đăng ký từ …")."""
    return word[0] in words("allowed") and any_of("applied").match(text, at) is not None


def _match() -> re.Pattern[str]:
    return any_of("matches", before=r"(?<!tập )(?<!mặt )")


def _few_days(when: TimeSpan) -> bool:
    """Tell whether a time is a day, a week or a range of no more than some months."""
    if when.precision != "range" or when.first is None or when.last is None:
        return when.precision in ("day", "week", "range")
    return when.last - when.first < _LONG


def titled(text: str, start: int, end: int) -> bool:
    """Tell whether a year is that of a plan to be issued ("sẽ ban hành Chiến lược … đến 2030")."""
    issued = any_of("issues").match(text, verb(text, start), end)
    return issued is not None and any_of("plans").search(text, issued.end(), end) is not None


def verb(text: str, after: int) -> int:
    """Return where the verb begins after a cue and its adverbs."""
    adverbs = any_of("adverbs", before=r"(?:\s*", after=r")*\s*").match(text, after, after + 60)
    return adverbs.end() if adverbs else after
