"""Who said what: direct and reported speech with its speaker, from one article's passages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from kb.nlp.people.cast import Cast
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.direct import LEAST, SAID_END, Direct
from kb.nlp.quotes.marks import Quoted
from kb.nlp.quotes.meant import Speaker
from kb.reading import Holding, Quote

_TRIM = " \t\n.,;:…"


def find_quotes(cast: Cast, holdings: Sequence[Holding]) -> list[Quote]:
    """Return the direct and reported quotes of one article, in order.

    A quotation that its word of saying splits gives one record a part; a reported clause that is
    itself in quotation marks is direct. Persons come with the first full form of their names.
    """
    said: list[Speaker] = []
    return [quote for one in cast.people for quote in _Passage(one, cast, holdings, said).run()]


class _Passage(Direct):
    """One passage: its quotations and reported clauses in the order of the text."""

    def run(self) -> list[Quote]:
        marks = iter(self._marks)
        mark = next(marks, None)
        previous: Quoted | None = None
        speaking: Speaker | None = None
        for cue in [*sorted([*self._cues, *self._theo], key=lambda hit: hit.start), None]:
            while mark is not None and (cue is None or self._comes_first(mark, cue)):
                speaking = self._direct(mark, previous, speaking)
                previous, mark = mark, next(marks, None)
            if cue is not None and cue.start not in self._used and cue.start > self._taken:
                self._reported(cue)
        self._found.sort(key=lambda quote: quote.start)
        return self._found

    def _reported(self, cue: Hit) -> None:
        line = self._text.rfind("\n", 0, cue.start) + 1
        since = self._sentence(cue.start, line)
        place = bisect_right(self._opens, cue.start) - 1
        if place >= 0 and self._marks[place].close > since:
            since = max(since, self._marks[place].close)
        end = self._sentence_end(cue.end)
        if cue.label == "according":
            self._according(cue, since, end)
            return
        if cues().nominal.search(self._low, max(0, cue.start - 12), cue.start):
            return
        speaker = self._speakers.before(cue.start, since, firm=cue.label == "strong")
        if speaker is None:
            return
        start = self._clause(cue, end)
        if start is None:
            self._trailing(cue, speaker, since, end)
            return
        if cue.label not in ("strong", "clause") and (speaker.name is None or not speaker.near):
            return
        self._record(start, end, speaker, cue)

    def _clause(self, cue: Hit, end: int) -> int | None:
        """Return where the clause after a word of saying begins; None if there is none."""
        if cue.label == "narrow":
            match = cues().rather.match(self._text, cue.end, end)
            return match.end() if match else None
        match = cues().marker.match(self._text, cue.end, end)
        if match is not None:
            if cue.label == "marked" and match["sep"] == "," and match["about"].startswith(" về"):
                return None
            if cue.label == "strong" or match["sep"].strip(", ") in ("rằng", ":"):
                return match.end()
            return match.end() if cues().predicates.search(self._low, match.end(), end) else None
        if cue.label == "marked" or self._text[cue.end : cue.end + 1] != " ":
            return None
        if cue.label == "clause":
            comma = self._text.find(",", cue.end + 15, end)
            limit = min(end, cue.end + 90, comma if comma >= 0 else end)
            if not cues().predicates.search(self._low, cue.end + 3, limit):
                return None
        return cue.end + 1

    def _trailing(self, cue: Hit, speaker: Speaker, since: int, end: int) -> None:
        """`…, ông X cho biết.`"""
        if not SAID_END.fullmatch(self._text, cue.end, min(end + 1, len(self._text))):
            return
        if not speaker.near or speaker.start <= since or self._text[cue.end : end].count(" ") > 3:
            return
        before = self._text[since : speaker.start].rstrip()
        if before.endswith((",", " -", " –")) and before.count(" ") >= LEAST:
            self._record(since, since + len(before), speaker, cue)

    def _according(self, theo: Hit, since: int, end: int) -> None:
        """`Theo ông X, …` and `…, theo Sở Y.`"""
        speaker = self._speakers.at(theo.end + 1)
        if speaker is None or speaker.name is None:
            return
        if (
            any(hit.start > theo.end for hit in self._cues_in(theo.end, end))
            and theo.start <= since + 1
        ):
            inner = next(hit for hit in self._cues_in(theo.end, end))
            who = self._speakers.before(inner.start, speaker.end, firm=inner.label == "strong")
            if who is not None and who.name is not None and self._clause(inner, end) is not None:
                return
        comma = self._text.find(",", speaker.end, end)
        while comma >= 0 and self._speakers.body_at(comma + 2):
            further = self._text.find(",", comma + 1, min(end, comma + 100))
            if further < 0:
                break
            comma = further
        intro = self._text[since : theo.start]
        if comma >= 0 and comma - speaker.end < 90 and (intro.count(" ") <= 4):
            self._record(comma + 1, end, speaker, theo)
        elif intro.rstrip().endswith(",") and comma < 0 and intro.count(" ") > LEAST:
            self._record(since, theo.start, speaker, theo)

    def _record(self, start: int, end: int, speaker: Speaker, cue: Hit) -> None:
        text = self._text
        while end > start and text[end - 1] in _TRIM:
            end -= 1
        while start < end and text[start] in _TRIM:
            start += 1
        if text.count(" ", start, end) < 3:
            return
        place = bisect_left(self._opens, start)
        while place < len(self._marks) and self._marks[place].open < end:
            mark = self._marks[place]
            # A reported clause that holds speech in quotation marks is told by these.
            if mark.open <= start + 1 and mark.close >= end - 1:
                return
            words = text.count(" ", mark.start, mark.end) + 1
            share = (mark.end - mark.start) / (end - start)
            if (words >= 8 or (words >= LEAST and share > 0.4)) and self._speech(mark, start):
                self._done.add(mark.open)
                self._quote(mark, speaker, cue)
                self._taken = end
                return
            end = max(end, mark.close if mark.closed else end)
            place += 1
        self._taken = end
        self._add(start, end, speaker, cue, direct=False)
