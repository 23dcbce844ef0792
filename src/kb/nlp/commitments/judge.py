"""Whether a clause with a date to come plans something, and where the words of it begin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

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
_BEHIND = 60
"""Code points after a date that opens a clause within which stands what is done then."""
_CLOCK = re.compile(r"(?:\d{1,2}(?:h\d*|:\d\d| giờ(?: \d+)?(?: phút)?),? )?")
_SUM = re.compile(r"\d[^.;]* (?:đồng|usd)")
_SAID = 12
"""Code points after "đến năm …" that say what is to be reached."""
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

    `published` is the day from which time to come counts; `sports`: it reports on matches.
    """

    def __init__(self, published: date | None, *, sports: bool = False) -> None:
        self._published = published
        self._sports = sports

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
        if cue is None:
            return self._uncued(text, clause, when)
        at = verb(text, cue.end())
        if tags.get(at) == "A":
            return None  # "sẽ thú vị hơn"
        if _NUMBER.match(text, at) and not any(
            one.start <= at + 6 < one.end for one in clause.dates
        ):
            return None  # "dự kiến khoảng 4-5 cơn bão"
        if not self._meant(text, clause, cue, when, subject):
            return None
        if cue[0] in words("limits_after"):
            return Sign(subject, cue.end(), True)
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
            return None
        sign = self._scheduled(text, clause, when)
        if sign is None or not told:
            return sign
        near = (max(clause.start, sign.start - _JUST), max(sign.end, when.end))
        return None if any_of("past", "forecasts").search(text, *near) else sign

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
        if any_of("not_before", after=r" $").search(opening):
            return False
        if cue[0].startswith("kế hoạch") and any_of("past").search(text, cue.end(), when.end):
            return False
        if cue[0] in words("targets"):
            return not self._plays(text, cue.end())
        nobody = any_of("no_actors", before=r"(?:(?:những|các|một) )?")
        *_, own = (one for one in clause.segments if one.start <= cue.start())
        if any_of("ifs").search(text, cue.end(), own.end):
            return False
        opens = skip(text, own.start, cue.start())
        if nobody.match(text, subject, cue.start()) or nobody.match(text, opens, cue.start()):
            return False
        played = any_of("matches").search(text, clause.start, cue.start())
        if played or (cue[0] not in words("limits_after") and self._plays(text, cue.end())):
            return False
        if any_of("nature").search(text, subject, cue.start()) or any_of("guesses").search(opening):
            return False
        if any_of("conditions").search(opening) and not any_of("no_conditions").search(opening):
            return False
        if any_of("forecasts").search(text, max(clause.start, cue.start() - 30), cue.end() + 12):
            return False
        return not any(
            self._happens(text, one.end())
            for one in any_of("strong").finditer(text, cue.start(), min(own.end, cue.end() + 80))
        )

    def _happens(self, text: str, after: int) -> bool:
        """Tell whether a verb is of what comes of itself, of matches or of broadcasts."""
        kinds = any_of("happens", "broadcasts", "fixtures")
        spots = (after + 1, verb(text, after))
        return any(kinds.match(text, at) and not any_of("done_to").match(text, at) for at in spots)

    def _plays(self, text: str, after: int) -> bool:
        """Tell whether a story of sport says what is played, not what is arranged."""
        return self._sports and not any_of("arranged").match(text, verb(text, after))

    def _scheduled(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return where a clause without a cue says what is done at a time to come."""
        today, begins = self._published, when.first or when.last
        if today is not None and (begins is None or begins <= today):
            return None
        if any_of("conditions").search(text, clause.start, clause.end):
            return None
        vision = text[max(clause.start, when.core - 24) : when.core]
        if when.precision == "year" and _VISION.search(vision):
            after = any_of("outcomes", before=r"\W{0,3}(?:[^\W\d]+ ){0,10}").match(text, when.end)
            start = skip(text, clause.start, when.start)
            aims = any_of("aims").search(text, clause.start, when.start)
            said = after or (aims and clause.end - when.end > _SAID)
            return Sign(start, when.end, False) if said else None
        ways = (self._limit, self._entry, self._fee)
        sign = next((found for way in ways if (found := way(text, clause, when))), None)
        return sign or (self._event(text, clause, when) if today is not None else None)

    def _entry(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return an entry of a timetable: a head, a colon and a date."""
        last = clause.segments[-1]
        if self._sports or last.mark != ":" or not is_date(last) or len(clause.segments) > 2:
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

    def _limit(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is ordered "trước ngày …", "trong tháng …"."""
        before = text[max(clause.start, when.core - 24) : when.core]
        if not any_of("limits", after=r"\W*$").search(before):
            return None
        first = max(0, when.start - _REACH)
        *_, order = [None, *any_of("orders").finditer(text, first, when.start)]
        if order is None:
            return None
        start = max(order.start(), skip(text, clause.start, when.start))
        return Sign(start, when.start, False)

    def _event(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what takes place or is done on a day to come, said without any cue."""
        verbs = ["scheduled"] if _few_days(when) else []
        verbs += ["acts_then"] if verbs and not self._sports else []
        verbs += ["built", "plans_to"] if when.precision != "year" else ["built"]
        first = max(clause.start, when.start - _VERB_REACH)
        event = any_of(*verbs).search(text, first, when.start)
        if event is None and "scheduled" in verbs:
            opens = skip(text, clause.start, when.start)
            if _CLOCK.fullmatch(text, opens, when.start):
                event = any_of(*verbs).search(text, when.end, min(clause.end, when.end + _BEHIND))
        if event is None or any_of("not_before", "nouns_before", after=r" $").search(
            text, 0, event.start()
        ):
            return None
        if any_of("unbound", "fixtures").search(text, event.end(), when.start):
            return None
        leads = text[clause.start : event.start()]
        if event.start() < when.start and len(leads.strip()) < _SUBJECT:
            return None
        if any_of("while", before=r"(?<!trước )(?<!sau )").search(leads) or any_of(
            "matches"
        ).search(leads):
            return None
        nobody = any_of("trails", "no_actors", before=r"(?:(?:những|các) )?")
        if nobody.match(text, skip(text, clause.start, event.start())):
            return None
        passive = text.endswith("được ", 0, event.start())
        return Sign(event.start() - len("được ") * passive, event.end(), False)


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
