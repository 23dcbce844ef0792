"""Direct speech: which words in quotation marks somebody said, and who."""

from __future__ import annotations

import re

from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.antecedents import Speaker
from kb.nlp.quotes.clauses import Clauses
from kb.nlp.quotes.marks import Quoted

_OPENER = re.compile(r"(?:[^.!?\n“”\"]{0,200}:|(?: thêm| rõ| rằng| là| như sau|,){0,3}) ?$")
_RIGHT = re.compile(r"(?: thêm| rõ| rằng| là| như sau|,|:){0,4} ?$")
_SUCH = re.compile(r"[^.,:;!?\n“”\"]{0,50} như ")
"""`bình luận như "…", "…"`."""
_AFTER = re.compile(r"[,.]? ?(?:[-–—] ?)?")
_LIST_AFTER = re.compile(r"(?:,| và| hay| hoặc) ?[“\"‘']")
_BETWEEN = re.compile(r" ?(?:[,;]|\.{3}|…)? ?(?:và|hay|hoặc)? ?(?<=[^\n])")
_LIST_BEFORE = re.compile(r"[”\"’'](?:,| và| hay| hoặc) ?$")
_BESIDES = re.compile(r" (?:mà còn|đồng thời(?: còn| cũng)?) $")
WHEN = re.compile(r",? (?:(?:sau|trước|trong|ngay) )?khi (?:đã |vừa )?$")
REASON = re.compile(r" (?:vì|do|bởi|bởi vì) $")
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
        between = self._text[cue.end : min(mark.open, cue.end + 210)]
        return mark.open - cue.end < 210 and bool(
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
        begun = previous is not None and not previous.closed and mark.open == line
        if begun and previous and speaking and not self._text[previous.close : line].strip():
            return self._quote(mark, speaking, None)
        begin = max(since, self._sentence(mark.open, line))
        if previous is not None and self._listed_after(previous, mark):
            return self._quote(mark, speaking, None)
        if self._names(mark) and not self._text[begin : mark.open].rstrip().endswith(":"):
            return speaking if near else None
        found = self._opened(mark, begin, words)
        if found is None and mark.closed and words >= 3:
            found = self._attributed(mark, words, begin)
        if found is None and mark.open not in self._done and self._within(mark, words, begin):
            found = (self._speakers.first(begin, mark.open) or (speaking if near else None), None)
        if found is None and mark.open not in self._done and self._alone(mark, words, line):
            speaker = speaking if near and speaking else self._introduced(line)
            speaker = None if mark in self._voices else speaker
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
            such = words >= 3 and between.islower() and _SUCH.fullmatch(between) is not None
            if such or (
                (that or _OPENER.match(between))
                and (colon or _RIGHT.match(between) or that)
                and words >= 2
                and not noun
            ):
                last = self._found[-1].end if self._found else 0
                self._speakers.answering = cue.word in cues().replies and since - last <= 4
                speaker = self._governor(cue, since, firm=colon)
                self._speakers.answering = False
                if speaker is None and colon:
                    speaker = self._speakers.first(since, mark.open)
                    speaker = speaker or self._speakers.voiced(since, mark.open)
                    speaker = speaker or self._according_to(since, mark.open)
                if not (colon or such) and words < 6 and self._text[mark.start].isupper():
                    return None
                if not colon and words < LEAST and self._goes_on(mark):
                    return None
                if colon and not self._noun(cue):
                    self._before_colon(cue, mark, speaker)
                if colon or words >= LEAST or (speaker is not None and speaker.name is not None):
                    self._used.add(cue.start)
                    return speaker, cue
        if (
            colon
            and words >= LEAST
            and not (words < LONG and self._goes_on(mark))
            and not cues().titles.search(self._low[since : mark.open].rstrip(": "))
        ):
            speaker = self._speakers.voiced(since, mark.open)
            speaker = speaker or self._speakers.first(since, mark.open)
            speaker = speaker or self._according_to(since, mark.open)
            if speaker is not None and (speaker.person or words >= 12):
                return speaker, None
        return None

    def _governor(self, cue: Hit, since: int, *, firm: bool) -> Speaker | None:
        """Return who governs a word of saying, also as a noun or in a clause that tells when."""
        noun = cues().attached.search(self._low, max(since, cue.start - 30), cue.start)
        if noun is not None:  # `X đăng ảnh với Y kèm lời bình luận: "…"`
            return (
                self._speakers.opening(since, noun.start())
                or self._speakers.before(noun.start(), since, firm=True)
                or (self._said[-1] if self._said else None)
            )
        if _BESIDES.search(self._low, max(since, cue.start - 14), cue.start):
            opening = self._speakers.opening(since, cue.start)
            if opening is not None:
                return opening
        when = WHEN.search(self._low, max(since, cue.start - 20), cue.start)
        if when is not None:
            opening = self._speakers.opening(since, when.start())
            return opening or self._speakers.before(when.start(), since, firm=True)
        reason = REASON.search(self._low, max(since, cue.start - 8), cue.start)
        if reason is not None:
            return self._speakers.first(since, cue.start)
        return self._speakers.before(cue.start, since, firm=firm)

    def _according_to(self, since: int, until: int) -> Speaker | None:
        """Return whom `Theo X, …: "…"` names."""
        line = self._text.rfind("\n", 0, until) + 1
        theo = self._next(self._theo, min(since, self._sentence(until, line)))
        return self._speakers.source(theo.end) if theo and theo.start < until else None

    def _listed_after(self, previous: Quoted, mark: Quoted) -> bool:
        """Whether a quotation goes on one that was speech: `"…" và "…"`."""
        last = self._found[-1] if self._found else None
        return (
            last is not None
            and last.direct
            and last.end == previous.end
            and _BETWEEN.fullmatch(self._text, previous.close, mark.open) is not None
        )

    def _goes_on(self, mark: Quoted) -> bool:
        """Whether the sentence goes on behind a quotation, which is some words of a clause."""
        after = self._text[mark.close : mark.close + 2].strip()[:1]
        return after.islower() or after == "("

    def _before_colon(self, cue: Hit, mark: Quoted, speaker: Speaker | None) -> None:
        """Record the clause of `X cho biết phố đã mở cửa: "…"`."""
        colon = self._text.rfind(":", cue.end, mark.open)
        start = self._clause(cue, colon)
        if start is None or cues().leads.match(self._low, start):
            return
        if speaker is not None and self._text.count(" ", start, colon) >= 3:
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
        whose = cues().voiced.match(self._low, begin, end) if punctuation not in ("", ".") else None
        if whose is not None:
            theo = Hit(begin, whose.end(), whose.group().removesuffix(" của"), "according")
        same = self._text[mark.close : theo.start].strip(" ,-–—") == "" if theo else False
        if theo is not None and same and theo.start - begin <= 1 and words >= LEAST:
            speaker = self._speakers.source(theo.end)
            if speaker is not None:
                self._used.add(theo.start)
                return speaker, theo
        before = self._low[since : mark.open].rstrip()
        near = self._text.find('"', begin, end), self._text.find("“", begin, end)
        limit = min([end, begin + 160, *(at for at in near if at >= 0)])
        own = punctuation.strip(".") != ""
        first = self._speakers.starting(begin) if own or last == "," else None
        speaker = None
        cue: Hit | None
        relayed = cues().relayed.match(self._low, begin, limit) if own else None
        cites = [Hit(relayed.start(1), relayed.end(1), relayed[1], "marked")] if relayed else []
        for cue in cites or self._cues_in(begin, limit)[:3]:
            if relayed:
                speaker = self._speakers.starting(relayed.end())
                speaker = speaker or Speaker(begin, begin, None, None)
                break
            speaker = self._speakers.before(cue.start, begin, firm=own)
            if speaker is not None and first is not None and first.person:
                speaker = first
            elif speaker is None and cue.label == "strong" and own:
                nobody = Speaker(cue.start, cue.start, None, None)
                speaker = first or self._speakers.paper(cue.start) or nobody
            if speaker is not None:
                break
        else:
            if own and not before and first is not None and first.person and words >= LEAST:
                rest = self._text[first.end : end]  # `"…", chị X xót xa.`
                if rest.count(" ") <= 4 and not set(rest) & set(',;:"“'):
                    return first, None
            cue = self._unnamed(begin, limit, end) if own and words >= LONG else None
            speaker = Speaker(cue.start, cue.start, None, None) if cue is not None else None
        if speaker is None or cue is None:
            return None
        if not own and (last in ".!?…" or punctuation == "."):
            if not SAID_END.fullmatch(self._text, cue.end, end) or cue.start - begin > 60:
                return None
            own = True
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

    def _names(self, mark: Quoted) -> bool:
        """Whether words in marks are the title of a plan or an event: nothing is told in them."""
        heads, told = cues().headed, cues().told_in
        return bool(heads.match(self._low, mark.start)) and not (
            told.search(self._low, mark.start, mark.end) or self._text[mark.end - 1] in ".!?…"
        )

    def _listed(self, mark: Quoted) -> bool:
        """Whether it is one of several in a row: slogans, titles."""
        after = self._text[mark.close : mark.close + 6]
        before = self._text[max(0, mark.open - 6) : mark.open]
        return bool(_LIST_AFTER.match(after) or _LIST_BEFORE.search(before))

    def _alone(self, mark: Quoted, words: int, line: int) -> bool:
        """A sentence of its own in quotation marks: a whole line, or after a full stop."""
        if self._title:
            return False
        if words >= 3 and mark in self._voices:
            return True
        if words < 9 or not self._text[mark.start].isupper():
            return False
        before = self._text[line : mark.open].rstrip()
        if before and before[-1] not in ".!?…":
            return False
        after = self._text[mark.close : mark.close + 1]
        end = self._text[mark.start : mark.end].rstrip("'’\"”")
        return end[-1:] in tuple(".!?…") or after in ("", "\n", ".", "!")

    def _introduced(self, line: int) -> Speaker | None:
        """Return who speaks in a line that is all quotation: the line before says, or the last."""
        above = self._text.rfind("\n", 0, max(0, line - 1)) + 1
        farther = self._text.rfind("\n", 0, max(0, above - 1)) + 1
        if (
            above
            and self._text.count(" ", above, line) < LONG
            and (self._text[farther : above - 1].rstrip().endswith(":"))
        ):
            above, line = farther, above  # the caption of a photo stands between
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
        last = self._said[-1] if self._said else None
        since = max(above, self._sentence(line - 2, above)) if line else 0
        if line and (
            cues().saying.search(self._low, since, line)
            or cues().spoken.search(self._low, since, line)
        ):
            return self._speakers.opening(since, line) or last
        return last
