"""Whether a clause with a date to come plans something, and where the words of it begin."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kb.nlp.commitments.clauses import Clause, any_of, cues, is_date, past, skip, words
from kb.nlp.commitments.scheduled import Scheduled, Sign, match_words, may_apply
from kb.nlp.dates import TimeSpan

_REACH = 400
"""Code points before a cue within which stands what takes it back."""
_JUST = 15
"""Code points before a verb without a cue within which a word of the past takes it back."""
_VERB = 5
"""Code points that what is done has at least."""
_NUMBER = re.compile(r"(?:khoảng )?\d")


class Judge(Scheduled):
    """Judges the clauses of one article."""

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
        barely = any_of("barely").match(text, at) and cue[0] not in words("announcers")
        if tags.get(at) == "A" and not barely:
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
            *_, acts = [cue, *cues().finditer(text, cue.end(), clause.end)]
            return Sign(subject, acts.end(), True)
        if cue[0] not in words("announcers"):
            return Sign(cue.start(), cue.end(), True)
        behind = skip(text, cue.end(), clause.end)
        names_a_date = when.start <= behind < when.end and when.end + 12 > clause.end
        start = cue.start() if behind + 8 > clause.end or names_a_date else behind
        return Sign(start, cue.end(), True)

    def _uncued(self, text: str, clause: Clause, when: TimeSpan) -> Sign | None:
        told = past("forecasts").search(text, clause.start, clause.end)
        runs_on = when.recurs or clause.inherits or clause.listed
        bare = all(is_date(one) for one in clause.segments)
        if runs_on and bare and not _goes_on(text, clause):
            return None
        if (when.recurs is None and clause.inherits) or clause.listed:
            event = None if clause.listed else self._event(text, clause, when)
            if event is not None and not told:
                return event
            start = skip(text, clause.start, when.start)
            return None if told or self._names(clause, when) else Sign(start, start, False)
        if when.recurs is not None:
            return self._regular(text, clause, when)
        sign = self._scheduled(text, clause, when)
        if sign is None or not told:
            return sign
        ordered = any_of("directs").match(text, sign.start)  # "đã yêu cầu các sở báo cáo trước …"
        first = max(clause.start, sign.start - (0 if ordered else _JUST))
        near = (first, max(sign.end, when.end))
        found = past("forecasts").finditer(text, *near)
        return sign if all(may_apply(text, one, sign.start) for one in found) else None

    def _names(self, clause: Clause, when: TimeSpan) -> bool:
        """Tell whether a year is that of a name in a row ("…, như: Hội báo xuân năm 2025")."""
        if when.precision != "year" or clause.listed:
            return False
        return not any(self._tags.get(at, "")[:1] == "V" for at in range(clause.start, clause.end))

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
        if not (later and when.end <= cue.start()) and past().search(text, *between):
            return False
        if when.recurs and any_of("while").search(text, when.end, max(when.end, cue.start())):
            return False  # "năm hai lần khi lũ về, cầu sẽ bị cấm": merely usual
        opening = text[max(0, cue.start() - _REACH) : cue.start()]
        if self._denied(opening, cue[0], later) or self._superseded(text, cue):
            return False
        if cue[0].startswith("kế hoạch") and past().search(text, cue.end(), when.end):
            return False
        if cue[0] in words("targets"):
            purpose = cue[0] in words("purposes")
            aside = purpose and past().search(text, cue.end())
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
        played = match_words().search(text, clause.start, cue.start())
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
            for one in cues().finditer(text, cue.start(), min(own.end, cue.end() + 80))
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
        if any_of("moves").match(text, verb(text, cue.end())):
            return False
        if any_of("superseded").search(text, first, cue.end() + _JUST):
            return True
        return cue[0].startswith("dự") and text.startswith("trước đó")

    def _happens(self, text: str, after: int) -> bool:
        """Tell whether a verb is of what comes of itself, of matches or of broadcasts."""
        acts = verb(text, after)
        if text.startswith("là nơi ", acts):
            return False  # "sẽ là nơi diễn ra hội nghị"
        kinds, spots = any_of("happens", "broadcasts", "fixtures"), (after + 1, acts)
        if "được" in text[after:acts]:  # "sẽ được tăng": somebody does it
            return any(any_of("broadcasts", "fixtures").match(text, at) for at in spots) or bool(
                any_of("happens").match(text, after + 1)
            )
        return any(kinds.match(text, at) and not any_of("done_to").match(text, at) for at in spots)

    def _plays(self, text: str, after: int) -> bool:
        """Tell whether a story of sport says what is played, not what is arranged."""
        return not any_of("arranged").match(text, verb(text, after)) and self._sports


def _goes_on(text: str, clause: Clause) -> bool:
    """Tell whether a short clause goes on with another event ("… và bế mạc ngày 9/5")."""
    opens = skip(text, clause.start, clause.end)
    joined = clause.segments[0].mark == "và"
    return joined and any_of("scheduled").match(text, opens) is not None


def titled(text: str, start: int, end: int) -> bool:
    """Tell whether a year is that of a plan to be issued ("sẽ ban hành Chiến lược … đến 2030")."""
    issued = any_of("issues").match(text, verb(text, start), end)
    return issued is not None and any_of("plans").search(text, issued.end(), end) is not None


def verb(text: str, after: int) -> int:
    """Return where the verb begins after a cue and its adverbs."""
    adverbs = any_of("adverbs", before=r"(?:\s*", after=r")*\s*").match(text, after, after + 60)
    return adverbs.end() if adverbs else after
