"""Direct speech: which words in quotation marks somebody said, and who."""

from __future__ import annotations

import re

from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.clauses import Clauses
from kb.nlp.quotes.marks import Quoted
from kb.nlp.quotes.meant import Speaker

_OPENER = re.compile(r"(?:[^.!?\n“”\"]{0,120}:|(?: thêm| rõ| rằng| là| như sau|,){0,3}) ?$")
_RIGHT = re.compile(r"(?: thêm| rõ| rằng| là| như sau|,|:){0,4} ?$")
_AFTER = re.compile(r"[,.]? ?(?:[-–—] ?)?")
_LIST_AFTER = re.compile(r"(?:,| và| hay| hoặc) ?[“\"‘']")
_LIST_BEFORE = re.compile(r"[”\"’'](?:,| và| hay| hoặc) ?$")
SAID_END = re.compile(r"(?: thêm| rõ| lại| tiếp)?(?: [^,.:;!?\n“”\"]{0,80})?[.!?…]?\s*$")
LONG = 15
LEAST = 5
"""Fewer words in quotation marks need a word of saying right before them."""


class Direct(Clauses):
    """Decides on the quotations of one passage."""

    def _comes_first(self, mark: Quoted, cue: Hit) -> bool:
        """Whether a quotation stands before a word of saying, or right after it."""
        if mark.open < cue.start:
            return True
        between = self._text[cue.end : min(mark.open, cue.end + 130)]
        return mark.open - cue.end < 130 and bool(
            (between.rstrip().endswith(":") and _OPENER.match(between)) or _RIGHT.match(between)
        )

    def _direct(
        self, mark: Quoted, previous: Quoted | None, speaking: Speaker | None
    ) -> Speaker | None:
        """Record a quotation if it is speech; return who speaks at its end, if anybody."""
        if mark.open in self._done or mark.open < self._taken:
            return speaking
        words = self._text.count(" ", mark.start, mark.end) + 1
        line = self._text.rfind("\n", 0, mark.open) + 1
        near = previous is not None and previous.close > line
        since = max(line, previous.close if near and previous else 0)
        if previous is not None and not previous.closed and mark.open == line and speaking:
            return self._quote(mark, speaking, None)
        begin = max(since, self._sentence(mark.open, line))
        found = self._opened(mark, begin, words)
        if found is None and mark.closed and words >= 3:
            found = self._attributed(mark, words, begin)
        if found is None and mark.open not in self._done and self._within(mark, words, begin):
            found = (self._speakers.first(begin, mark.open), None)
        if found is None and mark.open not in self._done and self._alone(mark, words, line):
            speaker = speaking if near and speaking else self._introduced(line)
            found = (speaker, None)
        if found is None:
            return speaking if near else None
        return self._quote(mark, *found)

    def _opened(
        self, mark: Quoted, since: int, words: int
    ) -> tuple[Speaker | None, Hit | None] | None:
        """`ông X nói: "…"`."""
        before = self._text[since : mark.open]
        cue = self._last_cue(since, mark.open)
        colon = before.rstrip().endswith(":")
        if cue is not None:
            between = self._text[cue.end : mark.open]
            noun = not colon and self._noun(cue)
            that = cues().rather.fullmatch(self._text, cue.end, mark.open) is not None
            if (
                (that or _OPENER.match(between))
                and (colon or _RIGHT.match(between) or that)
                and words >= 2
                and not noun
            ):
                speaker = self._speakers.before(cue.start, since, firm=colon)
                if speaker is None and colon:
                    speaker = self._speakers.first(since, mark.open)
                if not colon and words < 6 and self._text[mark.start].isupper():
                    return None
                if not colon and words < LEAST and self._goes_on(mark):
                    return None
                if colon and not self._noun(cue):
                    self._before_colon(cue, mark, speaker)
                if speaker is not None or colon or words >= LEAST:
                    self._used.add(cue.start)
                    return speaker, cue
        if (
            colon
            and words >= LEAST
            and not cues().titles.search(self._low[since : mark.open].rstrip(": "))
        ):
            speaker = self._speakers.first(since, mark.open)
            if speaker is not None and (speaker.person or words >= 12):
                return speaker, None
        return None

    def _goes_on(self, mark: Quoted) -> bool:
        """Whether the sentence goes on behind a quotation, which is some words of a clause."""
        return self._text[mark.close : mark.close + 2].strip()[:1].islower()

    def _before_colon(self, cue: Hit, mark: Quoted, speaker: Speaker | None) -> None:
        """Record the clause of `X cho biết phố đã mở cửa: "…"`."""
        colon = self._text.rfind(":", cue.end, mark.open)
        start = self._clause(cue, colon)
        if speaker is not None and start is not None and (self._text.count(" ", start, colon) >= 3):
            self._add(start, colon, speaker, cue, direct=False)

    def _attributed(
        self, mark: Quoted, words: int, since: int
    ) -> tuple[Speaker | None, Hit | None] | None:
        """`"…", ông X nói`."""
        match = _AFTER.match(self._text, mark.close)
        begin = match.end() if match else mark.close
        end = self._sentence_end(begin)
        last = self._text[mark.end - 1]
        punctuation = self._text[mark.close : begin].strip()
        theo = self._next(self._theo, begin)
        if theo is not None and theo.start - begin <= 1 and words >= LEAST:
            speaker = self._speakers.source(theo.end)
            if speaker is not None:
                self._used.add(theo.start)
                return speaker, theo
        near = self._text.find('"', begin, end), self._text.find("“", begin, end)
        limit = min([end, begin + 160, *(at for at in near if at >= 0)])
        own = punctuation.strip(".") != ""
        first = self._speakers.starting(begin) if own else None
        speaker = None
        cue: Hit | None
        for cue in self._cues_in(begin, limit)[:3]:
            speaker = self._speakers.before(cue.start, begin, firm=own)
            if speaker is not None and first is not None and first.person:
                speaker = first
            elif speaker is None and cue.label == "strong" and own:
                nobody = Speaker(cue.start, cue.start, None, None)
                speaker = first or self._speakers.paper(cue.start) or nobody
            if speaker is not None:
                break
        else:
            cue = self._unnamed(begin, limit, end) if own and words >= LONG else None
            speaker = Speaker(cue.start, cue.start, None, None) if cue is not None else None
        if speaker is None or cue is None:
            return None
        if not own and (last in ".!?…" or punctuation == "."):
            if not SAID_END.fullmatch(self._text, cue.end, end) or cue.start - begin > 60:
                return None
            own = True
        before = self._low[since : mark.open].rstrip()
        if before and before[-1] != ":" and (words < 8 or cues().titles.search(before)):
            return None
        if not (own or last in ",.!?…" or speaker.start - begin <= 1):
            return None
        if not own and (words < LEAST or self._text[begin - 1] != " "):
            return None
        if not own and last not in ",.!?…" and not speaker.person:
            return None
        if last not in ",.!?…" and words < 4 and self._text[mark.start].islower():
            return None
        self._used.add(cue.start)
        if (
            before.count(" ") >= 3
            and before[-1] not in ",:.!?…"
            and (self._text[mark.start].islower())
        ):
            # `… dẫn đến "…", ông X nói`: some words of a reported clause.
            self._add(since, mark.close, speaker, cue, direct=False)
            self._done.add(mark.open)
            self._taken = max(self._taken, mark.close)
            return None
        return speaker, cue

    def _unnamed(self, begin: int, limit: int, end: int) -> Hit | None:
        """Return the word of saying that ends a sentence in which nobody is named."""
        for cue in self._cues_in(begin, min(limit, begin + 40))[:1]:
            if SAID_END.fullmatch(self._text, cue.end, end):
                return cue
        return None

    def _within(self, mark: Quoted, words: int, since: int) -> bool:
        """Whole sentences in quotation marks within another one: no title is so long."""
        return (
            words >= LONG
            and mark.closed
            and mark.open > since
            and self._text[mark.start].isupper()
            and not cues().titles.search(self._low[max(since, mark.open - 30) : mark.open])
            and not self._listed(mark)
        )

    def _listed(self, mark: Quoted) -> bool:
        """Whether it is one of several in a row: slogans, titles."""
        after = self._text[mark.close : mark.close + 6]
        before = self._text[max(0, mark.open - 6) : mark.open]
        return bool(_LIST_AFTER.match(after) or _LIST_BEFORE.search(before))

    def _alone(self, mark: Quoted, words: int, line: int) -> bool:
        """A sentence of its own in quotation marks: a whole line, or after a full stop."""
        if words < 9 or self._title or not self._text[mark.start].isupper():
            return False
        before = self._text[line : mark.open].rstrip()
        if before and before[-1] not in ".!?…":
            return False
        after = self._text[mark.close : mark.close + 1]
        return self._text[mark.end - 1] in ".!?…" or after in ("", "\n", ".", "!")

    def _introduced(self, line: int) -> Speaker | None:
        """Return who speaks in a line that is all quotation: the line before says, or the last."""
        above = self._text.rfind("\n", 0, max(0, line - 1)) + 1
        if line and self._text[above : line - 1].rstrip().endswith(":"):
            since = max(above, self._sentence(line - 2, above))
            cue = self._last_cue(since, line)
            if cue is not None:
                self._used.add(cue.start)
                speaker = self._speakers.before(cue.start, since, firm=True)
                if speaker is not None:
                    return speaker
            speaker = self._speakers.first(since, line)
            if speaker is not None:
                return speaker
        return self._said[-1] if self._said else None
