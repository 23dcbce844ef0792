"""Who said what: direct and reported speech with its speaker, from one article's passages."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.people.cast import Cast
from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.antecedents import Speaker
from kb.nlp.quotes.direct import LEAST, REASON, SAID_END, WHEN, Direct
from kb.nlp.quotes.layout import silent
from kb.nlp.quotes.marks import Quoted, quoted
from kb.reading import Holding, Quote

_JOINT = re.compile(r" ?(?:,? và|,? đồng thời|,? nhưng|,|;) (?:(?:cũng|còn|đã|lại|tiếp tục) )*")
_JOINT_BEFORE = re.compile(_JOINT.pattern + "$")
_LISTED = re.compile(
    r"(?:[;,]|,? và|,? đồng thời|,? nhưng|,? song|,? rồi),? (?:(?:cũng|đồng thời|và) )?$"
)
_ABOUT = re.compile(r"\s*(?:Trước|Về|Liên quan|Nói về|Bên cạnh|Đối với|Sau|Trả lời) ")
_WHILE = ", còn "
_GOES_ON = re.compile(r" ?(?:đồng thời|bên cạnh đó|ngoài ra|qua đó|từ đó),? (?:cũng |còn )?")
_YET = re.compile(r", (?:mặc dù|dù|bất chấp) ")
_THOUGH = re.compile(r"(?:Mặc dù|Dù|Tuy) ")
_BUT = re.compile(r", (?:nhưng|song|tuy nhiên) ")
_MOSTLY = 20
"""So many words in quotation marks, and more than half of a reported clause, are direct."""
_TRIM = " \t\n.,;:…"


def find_quotes(cast: Cast, holdings: Sequence[Holding]) -> list[Quote]:
    """Return the direct and reported quotes of one article, in order.

    A quotation that its word of saying splits gives one record a part; a reported clause that is
    itself in quotation marks is direct. Persons come with the first full form of their names.
    """
    said: list[Speaker] = []
    found: list[Quote] = []
    for people in cast.people:
        hits, marks = cues().phrases.find(people.lowered), quoted(people.text)
        if not silent(people, hits, marks):
            found += _Passage(people, hits, marks, cast, holdings, said).run()
    return found


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
            if cue is None or cue.start in self._used:
                continue
            if cue.start > self._taken:
                self._reported(cue)
            else:
                self._continued(cue)
        self._found.sort(key=lambda quote: quote.start)
        return self._found

    def _reported(self, cue: Hit) -> None:
        if cue.label == "narrow" and not cues().rather.match(self._text, cue.end):
            return  # quick to tell: as a rule nothing is said behind such a word
        line = self._text.rfind("\n", 0, cue.start) + 1
        begin = since = self._sentence(cue.start, line)
        place = bisect_right(self._opens, cue.start) - 1
        if place >= 0 and self._marks[place].open in self._done:
            since = max(since, self._marks[place].close)
        end = self._sentence_end(cue.end)
        if cue.label == "according":
            self._according(cue, since, end)
            return
        start = self._clause(cue, end)
        if (start is None and not self._closes(cue, end)) or self._noun(cue):
            return
        speaker = self._subject(cue, begin, since)
        if speaker is None:
            return
        if (
            self._text.startswith(",", cue.end)
            and self._low.startswith("khi ", begin)
            and speaker.start - begin <= 6
        ):
            return  # `Khi X giới thiệu, Y nói: "…"`
        if start is None:
            self._trailing(cue, speaker, since)
            return
        if since > begin and self._where(start, end):
            return  # `"…", X cho biết trong thư gửi Y`
        that = self._low.startswith((" rằng ", " rằng,"), cue.end)
        named = speaker.name is not None
        apart = self._low.startswith(", ", cue.end)
        own = apart and cues().selves.match(self._low, cue.end + 2) is not None
        near = speaker.near and (named or that or own)
        if cue.label not in ("strong", "clause") and not (near or (named and that)):
            return
        if not that and cue.label != "strong" and self._relative(speaker, since):
            return
        if cue.word in cues().relays and self._relayed(start, end):
            return
        self._said_by = speaker
        self._record(start, end, speaker, cue)

    def _subject(self, cue: Hit, begin: int, since: int) -> Speaker | None:
        """Return who governs a word of saying; nobody named, if it can be nothing else."""
        if since > begin and _JOINT.fullmatch(self._low, since, cue.start):
            return self._speakers.first(begin, since)  # `X nói: "…", đồng thời khẳng định …`
        if REASON.search(self._low, max(since, cue.start - 8), cue.start):
            crowd = cues().crowd.match(self._low, begin) is not None
            nobody = Speaker(begin, begin, None, None, near=True) if crowd else None
            # `X bỏ phiếu trắng vì cho rằng …`
            return nobody or self._speakers.first(begin, cue.start)
        when = WHEN.search(self._low, max(since, cue.start - 20), cue.start)
        at = when.start() if when else cue.start
        plain = cue.label == "strong" or self._low.startswith((" rằng ", " rằng,"), cue.end)
        speaker = self._speakers.opening(since, at) if when is not None else None
        speaker = speaker or self._speakers.before(at, since, firm=plain or when is not None)
        if when is not None and speaker is not None:
            speaker = replace(speaker, near=True)
        at_once = cue.label == "clause" and cues().at_once.match(self._low, cue.end + 1)
        if (plain or at_once) and _LISTED.search(self._low, since, cue.start):
            several = cues().crowd.match(self._low, begin) is not None
            if speaker is None or (speaker.name is None and not several):
                speaker = self._speakers.first(begin, cue.start) or speaker
            elif speaker.person and not speaker.near:
                speaker = self._speakers.opening(begin, cue.start) or speaker
            speaker = replace(speaker, near=True) if speaker else None
        if speaker is not None or self._title:
            return speaker
        if _GOES_ON.fullmatch(self._low, since, cue.start):
            above = self._sentence(max(0, since - 2), self._text.rfind("\n", 0, since) + 1)
            last = self._said[-1] if self._said else None
            speaker = self._speakers.opening(above, since) or last
            return replace(speaker, near=True) if speaker else None
        first = since + (self._text[since : since + 1] == " ")
        if (
            not plain
            or self._text.count(" ", since, cue.start) < 2
            or cues().things.match(self._low, first)
        ):
            return None
        return self._speakers.paper(cue.start) or Speaker(cue.start, cue.start, None, None)

    def _where(self, start: int, end: int) -> bool:
        """Whether words after a quotation tell only when and where it was said."""
        rest = self._text[start:end]
        return (
            cues().leads.match(self._low, start) is not None
            and "," not in rest
            and cues().predicates.search(self._low, start, end) is None
        )

    def _relative(self, speaker: Speaker, since: int) -> bool:
        """Whether a noun is told apart by what somebody says of it: `bốn tỉnh mà X tuyên bố …`."""
        return self._low.endswith(" mà ", since, speaker.start)

    def _continued(self, cue: Hit) -> None:
        """`…, cảnh báo rằng …`: another word of saying of the same speaker ends the clause."""
        last = self._found[-1] if self._found else None
        if last is None or last.direct or not last.start < cue.start < last.end:
            return
        before = _JOINT_BEFORE.search(self._text, last.start, cue.start)
        if before is None or self._said_by is None:
            return
        mark = self._text[before.start() - 1] in "”\"»'’"
        that = cue.word.endswith(" rằng") or self._low.startswith(" rằng", cue.end)
        if cue.label not in ("strong", "clause") and not that:
            return
        own = that or cues().selves.match(self._low, cue.end + 1) or ";" in before.group()
        if not (mark or own or "đồng thời" in before.group()):
            return
        start = self._clause(cue, last.end)
        if start is None:
            return
        self._found[-1] = replace(
            last, end=before.start(), text=self._text[last.start : before.start()]
        )
        self._record(start, last.end, self._said_by, cue)

    def _closes(self, cue: Hit, end: int) -> bool:
        """Whether a word of saying may end its sentence: what is said then stands before it."""
        return (
            cue.label != "narrow"
            and self._text.count(" ", cue.end, end) <= 3
            and SAID_END.fullmatch(self._text, cue.end, end + 1) is not None
        )

    def _trailing(self, cue: Hit, speaker: Speaker, since: int) -> None:
        """`…, ông X cho biết.`"""
        if not speaker.near or speaker.start <= since:
            return
        before = self._text[since : speaker.start].rstrip()
        plural = cues().plurals.search(before.lower())
        before = before[: plural.start()].rstrip() if plural else before
        paper = cues().media.search(before.lower())
        before = before[: paper.start()].rstrip() if paper else before
        if _ABOUT.match(before) and not cues().predicates.search(before):
            return
        if before.endswith((",", " -", " –")) and before.count(" ") >= LEAST:
            self._record(since, since + len(before), speaker, cue)

    def _record(self, start: int, end: int, speaker: Speaker, cue: Hit) -> None:
        text = self._text
        while end > start and text[end - 1] in _TRIM:
            end -= 1
        while start < end and text[start] in _TRIM:
            start += 1
        place = bisect_left(self._opens, start)
        while place < len(self._marks) and self._marks[place].open < end:
            mark = self._marks[place]
            place += 1
            # What is in quotation marks as a whole is direct.
            if mark.open <= start + 1 and mark.close >= end - 1:
                return
            if cue.label == "according" and text[start : mark.open].rstrip().endswith(":"):
                return  # `Theo Reuters, …, ông X nói: "…"`
            if mark.open in self._done:
                end = mark.open
                break
            words = text.count(" ", mark.start, mark.end) + 1
            if (
                words >= _MOSTLY
                and 2 * (mark.end - mark.start) > end - start
                and (cue.label != "according")
            ):
                self._done.add(mark.open)
                self._quote(mark, speaker, cue)
                self._taken = end
                return
            if mark.closed and (again := cues().concessions.match(self._low, mark.close, end)):
                end = again.start()
                break
            end = max(end, mark.close if mark.closed else end)
        another = text.find(_WHILE, start + 10, end)
        if another >= 0 and self._speakers.named(another + len(_WHILE)):
            end = another
        for other in self._cues_in(start + 10, end)[:6]:
            if other.label == "strong" and cue.label != "according":
                who = self._speakers.before(other.start, start, firm=False)
                if who is not None and who.near and text[who.start - 2 : who.start] == ", ":
                    end = min(end, who.start - 2)  # `A cho rằng …, B cho biết …`
                    break
        if (yet := _YET.search(text, start, end)) and text.count(" ", start, yet.start()) >= 5:
            end = yet.start()
        if but := _BUT.search(text, start, end):
            begin = self._sentence(cue.start, text.rfind("\n", 0, cue.start) + 1)
            if _THOUGH.match(text, begin, start):
                end = but.start()
        while end > start and text[end - 1] in _TRIM:
            end -= 1
        if text.count(" ", start, end) < 3:
            return
        self._taken = end
        self._add(start, end, speaker, cue, direct=False)

    def _according(self, theo: Hit, since: int, end: int) -> None:
        """`Theo ông X, …` and `…, theo Sở Y.`"""
        if self._text[theo.start - 1 : theo.start] == "(":
            return  # where the story comes from: `Minh Anh (theo AFP)`
        speaker = self._speakers.source(theo.end)
        if speaker is None:
            return
        intro = self._text[since : theo.start]
        if intro.rstrip().endswith(":"):
            since, intro = theo.start, ""
        if theo.start <= since + 1 and self._relayed(speaker.end, end):
            return
        comma = self._text.find(",", self._past(speaker.end), end)
        if self._text.startswith((" - ", " – "), speaker.end):
            comma = speaker.end + 1  # `Theo X - …`
        then = self._text.find(" thì ", speaker.end, min(end, speaker.end + 30))
        comma = then if then >= 0 and (comma < 0 or then < comma) else comma
        while comma >= 0 and (row := self._speakers.listed_at(comma + 2)):
            comma = self._text.find(",", row, min(end, comma + 100))
        few = 8 if intro.endswith(", ") else 4
        if comma >= 0 and comma - speaker.end < 90 and intro.count(" ") <= few:
            self._record(comma + (5 if comma == then else 1), end, speaker, theo)
        elif intro.rstrip().endswith(",") and comma < 0 and intro.count(" ") > LEAST:
            self._record(since, theo.start, speaker, theo)

    def _past(self, at: int) -> int:
        """Return the place behind brackets that open here: `NOAA (Mỹ, thành lập 1970)`."""
        close = self._text.find(")", at, at + 60) if self._text.startswith(" (", at) else -1
        return max(at, close)

    def _relayed(self, start: int, end: int) -> bool:
        """Whether another one says it: `Theo AFP, cảnh sát cho biết …` is told by its own cue."""
        for cue in self._cues_in(start, end)[:3]:
            if (
                cue.label == "narrow"
                or self._noun(cue)
                or self._text.count(" ", start, cue.start) > 20
            ):
                continue
            who = self._speakers.before(cue.start, start, firm=cue.label == "strong")
            named = who is not None and (who.name is not None or who.near)
            if (named or cue.label == "strong") and self._clause(cue, end) is not None:
                return True
        return False
