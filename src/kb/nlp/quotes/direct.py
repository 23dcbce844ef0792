"""Direct speech: which words in quotation marks somebody said, and who."""

from __future__ import annotations

import re

from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.layout import Layout
from kb.nlp.quotes.marks import Quoted
from kb.nlp.quotes.meant import Speaker

_OPENER = re.compile(r"(?:[^.!?\n“”\"]{0,120}:|(?: thêm| rõ| rằng| là| như sau|,){0,3}) ?$")
_RIGHT = re.compile(r"(?: thêm| rõ| rằng| là| như sau|,|:){0,4} ?$")
_AFTER = re.compile(r"[,.]? ?(?:[-–—] ?)?")
_LIST_AFTER = re.compile(r"(?:,| và| hay| hoặc) ?[“\"‘']")
_LIST_BEFORE = re.compile(r"[”\"’'](?:,| và| hay| hoặc) ?$")
SAID_END = re.compile(r"(?: thêm| rõ| lại| tiếp)?(?: [^,.:;!?\n“”\"]{0,80})?[.!?…]?\s*$")
LEAST = 5
"""Fewer words in quotation marks need a word of saying right before them."""


class Direct(Layout):
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
        if mark.open in self._done:
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
        if found is None and words >= LEAST:
            found = self._fragment(mark, begin)
        if found is None and self._alone(mark, words, line):
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
            if _OPENER.match(between) and (colon or _RIGHT.match(between)) and words >= 2:
                speaker = self._speakers.before(cue.start, since, firm=colon)
                if speaker is None and colon:
                    speaker = self._speakers.first(since, mark.open)
                if not colon and words < 6 and self._text[mark.start].isupper():
                    return None
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
            speaker = self._speakers.at(theo.end + 1)
            if speaker is not None:
                self._used.add(theo.start)
                return speaker, theo
        near = self._text.find('"', begin, end), self._text.find("“", begin, end)
        limit = min([end, begin + 160, *(at for at in near if at >= 0)])
        own = punctuation.strip(".") != ""
        speaker = None
        for cue in self._cues_in(begin, limit)[:3]:
            speaker = self._speakers.before(cue.start, begin, firm=own)
            if speaker is not None:
                break
        if speaker is None:
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
        return speaker, cue

    def _fragment(self, mark: Quoted, since: int) -> tuple[Speaker | None, Hit | None] | None:
        """`ông X nhận định việc đó là "…"`: some words of a reported clause."""
        cue = self._last_cue(since, mark.open)
        if cue is None or mark.open < self._taken or not self._speech(mark, since):
            return None
        speaker = self._speakers.before(cue.start, since, firm=cue.label == "strong")
        if speaker is None or speaker.name is None:
            return None
        self._used.add(cue.start)
        return speaker, cue

    def _speech(self, mark: Quoted, since: int) -> bool:
        """Whether words in quotation marks within a clause are speech, not a title or a slogan."""
        words = self._text.count(" ", mark.start, mark.end) + 1
        if cues().titles.search(self._low[max(since, mark.open - 30) : mark.open]):
            return False
        return words >= 9 or not (self._text[mark.start].isupper() or self._listed(mark))

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
