"""What is set for a time to come without any cue: events, entries of timetables, terms, orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
_OWN_REACH = 160
"""… and within which it stands if no mark parts them."""
_SUBJECT = 5
"""Code points that the subject of a verb without a cue has at least."""
_NOUN = 24
"""Code points before a verb within which the noun stands that it is part of."""
_BEHIND = 90
"""Code points after a date that opens a clause within which stands what is done then."""
_CLOCK = re.compile(
    r"(?:bắt đầu |từ nay )?(?:trước )?(?:trong )?(?:thời gian )?(?:(?:hai|ba|2|3) (?=ngày))?"
    r"(?:\d{1,2}(?:h\d*|:\d\d| giờ(?: \d+)?(?: phút)?),? )?"
)
_TIMED = re.compile(r" (?:(?:vào|lúc) )*(?:\d{1,2}(?:h|:|g| giờ)\d* ?(?:phút )?,? ?)?")
"""Between an event and its day."""
_ENDS = re.compile(r"\W*$|[.,;()]| (?:tại|ở) ")
_DOER = 60
"""Code points behind a year within which the verb of a subject begins."""
_LINE = 120
"""Code points of a line of a timetable before its date."""
_ASIDE = re.compile(r"\([^()]*\)")
_SUM = re.compile(r"\d[^.;]* (?:đồng|usd)")
_SAID = 12
"""Code points after "đến năm …" that say what is to be reached."""
_TITLE = re.compile(r",? (?:và )?(?:tầm nhìn|định hướng)")
"""After a year: it is that of a strategy's name."""
_REACHED = r"\W{0,3}(?:(?:[^\W\d]+|\d[\d.,]*%?),? ){0,18}"
"""Before the verb of what is to be reached: who or how many."""
_LONG = timedelta(200)
"""What runs longer is a term or a period, not an event."""
_VISION = re.compile(r"(?<!tầm nhìn )(?<!định hướng )\bđến (?:hết |cuối )?$")


@dataclass(frozen=True, slots=True)
class Sign:
    """Where in the sentence the words of a plan begin: `start`, and `end` of their cue or verb.

    `cue`: it plans by itself ("sẽ", "dự kiến"); otherwise the date to come does.
    """

    start: int
    end: int
    cue: bool


class Scheduled:
    """Finds the words of a plan in clauses in which only a time to come plans.

    `published` is the day from which time to come counts; `sports` tells whether the article
    reports on matches, and is asked at most once.
    """

    def __init__(self, published: date | None, *, sports: Callable[[], bool]) -> None:
        self._published = published
        self._on_sports = sports
        self._tags: Mapping[int, str] = {}

    @cached_property
    def _sports(self) -> bool:
        return self._on_sports()

    def _scheduled(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return where a clause without a cue says what is done at a time to come."""
        today, begins = self._published, when.first or when.last
        if today is not None and (begins is None or begins <= today):
            if when.last is None or when.last <= today:
                return None
            opens = begins == today and when.precision == "range"
            this = when.precision != "year" and text.endswith("này", when.start, when.end)
            if text.startswith("giai đoạn", when.start) and (
                term := self._term(text, clause, when)
            ):
                return term
            return (self._event if opens or this else self._entry)(text, clause, when)
        own = clause.holding(when.start)
        said = _ASIDE.sub("", text[own.start : own.end])
        hedged = any_of("conditions", "called_off").search(said)
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
            start = when.start if named else skip(text, own.start, when.start)
            if after is None and not (aims and clause.end - when.end > _SAID):
                acts = None if aims else self._done_by(text, clause, when)
                return Sign(acts.start(), acts.end(), False) if acts else None
            return Sign(start, after.end() if after else when.end, False)
        ways = (self._limit, self._entry, self._fee, self._term)
        sign = next((found for way in ways if (found := way(text, clause, when))), None)
        if sign is None and today is not None:
            sign = self._event(text, clause, when) or self._ceremony(text, clause, when)
        return sign

    def _window(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return a line that names a term ("Thời gian nhận bài: từ khi phát động đến hết 1/5")."""
        start = skip(text, clause.start, when.start)
        head = any_of("windows", after=r" (?=\w)").match(text, start, when.start)
        if head is None or start != skip(text, 0, when.start) or when.start - start > _LINE:
            return None
        said = _ASIDE.sub("", text[head.end() : when.start])
        if "," in said or any_of("no_windows").match(said):
            return None
        return Sign(start, head.end(), False)

    def _item(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return an event of a list that only names it and its day ("…; Lễ rước ngày 5/5; …"), or
        a sentence that says no more ("Ngày khai hội là ngày 5/5")."""
        own, first = clause.holding(when.start), clause.segments[0]
        start = skip(text, (first if first.mark == ";" else own).start, when.start)
        day = any_of("scheduled", "steps", "acts_then", before=r"(?:ngày|thời gian) ")
        said = day.match(text, start, when.start)
        if said is not None and text.endswith(" là ", start, when.core):
            return Sign(start, said.end(), False)
        ends = _ASIDE.sub("", text[when.end : own.end]).strip(" .,")
        if when.precision == "year" or (ends and not ends.startswith(("tại ", "ở "))):
            return None
        head = any_of("gathered").match(text, start, when.start)
        listed = ";" in (own.mark, first.mark) or (
            own.mark == ":" and text.startswith(";", own.end)
        )
        return Sign(start, head.end(), False) if head and listed else None

    def _ceremony(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return an event that is named right before its day ("Lễ khai mạc lúc 19h ngày 5/5")."""
        own = clause.holding(when.start)
        start = skip(text, own.start, when.start)
        head = any_of("gathered", "nouns_before", after=r" (?=\w)").match(text, start, when.start)
        acts = any_of("scheduled", "acts_then").match(text, head.end()) if head else None
        if acts is None or when.precision not in ("day", "range") or self._sports:
            return None
        timed = _TIMED.fullmatch(text, acts.end(), when.start) and _ENDS.match(text, when.end)
        return Sign(start, acts.end(), False) if timed else None

    def _entry(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return an entry of a timetable: a head, a colon and a date."""
        window, last = self._window(text, clause, when), clause.segments[-1]
        window = window or self._item(text, clause, when)
        headed = last.mark == ":" and len(clause.segments) <= 2
        if not (window or headed) or self._sports:
            return None
        if window is not None:
            return window
        placed = _CLOCK.fullmatch(text, skip(text, last.start, when.start), when.start)
        if not (is_date(last) or (placed and text.startswith((" tại ", " ở "), when.end))):
            return None
        start = skip(text, clause.start, when.start)
        head = any_of("entries", "scheduled", "acts_then").match(text, start, last.start)
        return Sign(start, head.end(), False) if head else None

    def _fee(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is asked for a school year to come."""
        fee = any_of("fees").search(text, clause.start, clause.end)
        if fee is None or not _SUM.search(text, fee.end(), clause.end):
            return None
        return Sign(min(fee.start(), when.start), fee.end(), False)

    def _term(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what is done in a period that opens a clause ("giai đoạn 2026-2030, …")."""
        opens = skip(text, clause.start, when.start)
        if text[opens : when.start].strip() not in ("", "vào"):
            return None
        if when.precision in ("year", "quarter", "month"):
            acts = any_of("then_acts").match(text, skip(text, when.end, clause.end))
            acts = acts or self._done_by(text, clause, when)
            return Sign(acts.start(), acts.end(), False) if acts else None
        if when.precision != "range" or _few_days(when):
            return None
        return self._after(text, ["term_acts"], clause, when)

    def _done_by(self, text: str, clause: Clause, when: TimeSpan) -> re.Match[str] | None:
        """Return what a short subject does then ("Năm 2026, thành phố lập 3 trung tâm")."""
        said = when.end + (len(" tới") if text.startswith(" tới,", when.end) else 0)
        first = skip(text, said, clause.end)
        comma = text.find(",", first, clause.end)
        end = min(clause.end, first + _DOER, comma if comma >= 0 else clause.end)
        acts = self._verb_of(text, ["then_acts"], first, end)
        if acts is None or self._tags.get(acts.start(), "")[:1] != "V":
            return None
        named = any_of("heads_before", after=r" $").search(text, first, acts.start())
        return None if named else acts

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
        orders = any_of(kind).finditer(text, first, when.start)
        *_, order = [None, *(one for one in orders if one.start() in self._tags)]
        if order is None:
            return None
        start = max(order.start(), skip(text, clause.start, when.start))
        return Sign(start, when.start, False)

    def _event(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        """Return what takes place or is done on a day to come, said without any cue."""
        verbs = self._kinds(text, when)
        event = self._before(text, verbs, clause, when)
        if event is None and "scheduled" in verbs:
            starts = (clause.start, clause.holding(when.start).start)
            if any(_CLOCK.fullmatch(text, skip(text, at, when.start), when.start) for at in starts):
                event = self._verb_of(text, verbs, when.end, min(clause.end, when.end + _BEHIND))
        if event is None or any_of("superseded", "proposals").search(text, 0, when.start):
            return None
        if any_of("unbound", "fixtures").search(text, event.end(), when.start):
            return None
        leads = text[clause.start : event.start()]
        if any_of("while", before=r"(?<!trước )(?<!sau )").search(leads) or match_words().search(
            leads
        ):
            return None
        nobody = any_of("trails", "no_actors", before=r"(?!trước khi)(?:(?:những|các) )?")
        own = clause.holding(event.start())
        subject = nobody.match(text, skip(text, own.start, event.start()))
        known = event[0] in words("speech")  # "kết quả công bố ngày 5/5"
        if subject is not None and not (known or text.startswith(" là ", subject.end())):
            return None
        if event[0] in words("lasting") and when.first is None:
            return None  # "hợp đồng có hiệu lực đến …"
        led = any_of("led_by", before="(?:", after=r" )+$").search(
            text, clause.start, event.start()
        )
        return Sign(led.start() if led else event.start(), event.end(), False)

    def _kinds(self, text: str, when: TimeSpan) -> list[str]:
        """Return the lists of what may be done at a time, by how exact it is."""
        verbs = ["scheduled"] if _few_days(when) else []
        verbs += ["acts_then", "done_then"] if verbs and not self._sports else []
        verbs += ["built", "plans_to"] if when.precision != "year" else ["built"]
        long = when.precision == "range" and when.first is not None
        all_year = text.endswith(("suốt ", "cả "), 0, when.core)
        verbs += ["scheduled"] if when.precision == "month" or long or all_year else []
        since = when.lead.endswith("từ") and when.precision in ("month", "quarter")
        verbs += ["acts_then", "done_then"] if since and not self._sports else []
        verbs += ["moves"] if text.endswith("sang ", 0, when.core) or when.lead == "đến" else []
        verbs += ["visits"] if text.endswith(("tới", "sau"), 0, when.end) else []
        return verbs

    def _before(
        self, text: str, verbs: Sequence[str], clause: Clause, when: TimeSpan
    ) -> re.Match[str] | None:
        """Return the verb before a date, in its own segment if there is one, with a subject."""
        first, own = max(clause.start, when.start - _VERB_REACH), clause.holding(when.start)
        near = skip(text, own.start, when.start) if own.start < when.start else first
        starts = (max(first, near), first, max(near, when.start - _OWN_REACH))
        found = (self._verb_of(text, verbs, at, when.start) for at in dict.fromkeys(starts))
        event = next((one for one in found if one is not None), None)
        while event is not None and (self._heads(text, clause, event) or _tells(text, event)):
            event = self._verb_of(text, verbs, event.end(), when.start)
        return event

    def _heads(self, text: str, clause: Clause, event: re.Match[str]) -> bool:
        """Tell whether a verb opens its clause, without the subject that could stand before it."""
        joined = clause.segments[0].mark in ("và", ";", ",")
        lead = text[skip(text, clause.start, event.start()) : event.start()]
        short = len(lead.strip()) < _SUBJECT and any_of("bodies", "places").match(lead) is None
        return short and not joined

    def _whole(self, text: str, event: re.Match[str]) -> bool:
        """Tell whether the tagger takes a verb for one, and one of a syllable for all of a word."""
        after = event.end() + 1
        glued = (
            " " not in event[0] and text[after : after + 1].isalpha() and after not in self._tags
        )
        return self._tags.get(event.start(), "")[:1] == "V" and not glued

    def _verb_of(
        self, text: str, kinds: Sequence[str], start: int, end: int
    ) -> re.Match[str] | None:
        """Return the first verb of some lists in a stretch that is no part of a noun."""
        noun = any_of("not_before", "nouns_before", "aiming", after=r" $")
        for event in _each(any_of(*kinds), text, start, end):
            part = noun.search(text, max(0, event.start() - _NOUN), event.start())
            own = part is not None and part[0].rstrip() in words("gatherings")
            if part is not None and not (own and event[0] in words("takes_place")):
                continue
            row = any_of("generics", after=", $").search(
                text, max(0, event.start() - _NOUN), event.start()
            )
            if row and event[0] in words("generics"):
                continue  # "các cơ quan, tổ chức"
            if event[0] in words("done_then") and not self._whole(text, event):
                continue  # "dự án", "bán kết", "mở rộng"
            found = any_of("under_way").finditer(text, max(start, event.start() - _JUST), end)
            if all(may_apply(text, one, event.start()) for one in found):
                return event
        return None


def _tells(text: str, event: re.Match[str]) -> bool:
    """Tell whether a verb makes a plan known ("công bố kế hoạch mở hội từ 2/9")."""
    plan = any_of("plans").match(text, event.end() + 1)
    return plan is not None and any_of("speech").match(event[0]) is not None


def _each(verbs: re.Pattern[str], text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield all matches, also those that overlap: "chương | trình diễn | ra"."""
    while (verb := verbs.search(text, start, end)) is not None:
        yield verb
        start = verb.start() + 1


def outcome(text: str, when: TimeSpan) -> re.Match[str] | None:
    """Return what is to be reached then, up to its verb ("đến năm 2030, tỷ lệ … đạt")."""
    return any_of("outcomes", before=_REACHED).match(text, when.end)


def may_apply(text: str, word: re.Match[str], at: int) -> bool:
    """Tell whether a word is the "có thể" of applicants ("thí sinh có thể đăng ký từ …")."""
    return word[0] in words("allowed") and any_of("applied").match(text, at) is not None


def match_words() -> re.Pattern[str]:
    """Return a pattern for matches, whose kick-off nobody plans."""
    return any_of("matches", before=r"(?<!tập )(?<!mặt )")


def _few_days(when: TimeSpan) -> bool:
    """Tell whether a time is a day, a week or a range of no more than some months."""
    if when.precision != "range" or when.first is None or when.last is None:
        return when.precision in ("day", "week", "range")
    return when.last - when.first < _LONG
