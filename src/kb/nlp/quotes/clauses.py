"""What is said behind a word of saying: where the clause begins, and whether there is one."""

from __future__ import annotations

import re

from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.layout import Layout

_TO_WHOM = re.compile(
    r" với(?: \w+){1,3}? (?=(?:anh|ông|bà|chị|cô|họ|mình|bản thân) "
    r"(?:đã|từng|sẽ|không|chưa|là|rất|cũng|muốn|có)\b|(?:không|chưa|sẽ|đang) )"
)
_WHOM = re.compile(r" (?:[^ ,.:;!?“”\"\n]+ ){1,6}(?<!cho )(?<!nói )rằng,? ")
_THERE = re.compile(r"(?:tại|trong) [^,.:;\n]{3,60}, ")
"""After a comma: when or where, before a clause (`nhấn mạnh, tại kỳ họp này, thành phố …`)."""
_NO_TIME = re.compile(r" (?:ngày|hôm|sáng|chiều|tối|trưa) (?!\d|nay|qua|mai|sau|trước|thứ)")


class Clauses(Layout):
    """Tells the clauses of one passage that words of saying govern."""

    def _clause(self, cue: Hit, end: int) -> int | None:
        """Return where the clause after a word of saying begins; None if there is none."""
        if cue.label == "narrow":
            match = cues().rather.match(self._text, cue.end, end)
            return match.end() if match else None
        if cue.word in cues().denies and cues().denied.match(self._low, cue.end):
            return None
        match = cues().marker.match(self._text, cue.end, end)
        if match is None and cue.word in cues().whom:
            whom = _WHOM.match(self._text, cue.end, end)
            if whom is not None:
                return whom.end()
        if match is not None:
            sep, about = match["sep"].strip(", "), match["about"]
            if not sep and about.startswith(" về"):
                return match.end() if cue.label == "strong" else None
            if about and not sep and not about.startswith(cues().addressed):
                return self._led(cue, match, end)
            if cue.label == "strong" or sep in ("rằng", ":"):
                return match.end()
            listed = self._text[max(0, cue.start - 2) : cue.start] == ", "
            there = _THERE.match(self._low, match.end(), end)
            told = None if there else cues().told.match(self._low, match.end())
            if cue.label == "clause" and match.start("sep") == cue.end and not (listed or told):
                return match.end()
            return match.end() if cues().predicates.search(self._low, match.end(), end) else None
        if self._text[cue.end : cue.end + 1] != " ":
            return None
        told = cues().told.match(self._low, cue.end + 1)
        if told and told.group() == "với" and (whom := _TO_WHOM.match(self._low, cue.end, end)):
            begin = whom.end()
            own = cues().selves.match(self._low, begin) or cues().at_once.match(self._low, begin)
            return begin if own else None
        if told and (cue.label != "strong" or told.group() == "về"):
            return None
        if cue.label != "strong" and cues().at_once.match(self._low, cue.end + 1):
            return cue.end + 1
        if cue.label in ("clause", "marked") and cues().selves.match(self._low, cue.end + 1):
            return cue.end + 1
        if cue.label == "marked":
            if cue.word not in cues().shares or cues().objects.match(self._low, cue.end + 1):
                return None
            limit = min(end, cue.end + 70)
            said = cues().predicates.search(self._low, cue.end + 3, limit)
            return cue.end + 1 if said or self._acts(cue.end + 1, limit) else None
        if cue.label == "clause":
            if cues().assets.match(self._low, cue.end + 1):
                return None
            comma = self._text.find(",", cue.end + 5, end)
            if comma >= 0 and cues().leads.match(self._low, cue.end + 1):
                comma = self._text.find(",", comma + 1, end)  # `tiết lộ trong ngày đầu, …`
            limit = min(end, cue.end + 110, comma if comma >= 0 else end)
            if not (
                cues().predicates.search(self._low, cue.end + 3, limit)
                or self._acts(cue.end + 1, limit)
            ):
                return None
        return cue.end + 1

    def _led(self, cue: Hit, match: re.Match[str], end: int) -> int | None:
        """Return where a clause begins that tells first when or where: `cho hay năm tới, …`."""
        if cue.label == "marked" or _NO_TIME.match(match["about"]):
            return None
        clause = cue.label == "strong" or cues().predicates.search(self._low, match.end(), end)
        return match.start("about") + 1 if clause else None

    def _acts(self, start: int, end: int) -> bool:
        """Whether a name or `cơ quan này` stands here, and a verb right behind it: a clause."""
        word = self._people.word_at
        name = self._people.name_at(start)
        if name is not None:
            at = name.end
        else:
            _, at, pos = word(start)
            if pos[:1] == "N":
                _, at, pos = word(at + 1)
            if pos[:1] != "P":
                return False
        return at < end and word(at + 1)[2][:1] in (("V", "R", "A") if name else ("V", "R"))

    def _noun(self, cue: Hit) -> bool:
        """Whether a word of saying is a noun, a passive or no finite verb where it stands."""
        known = cues().passive if cue.label == "strong" else cues().nominal
        if self._speakers.ending(cue.start):
            return False
        found = known.search(self._low, max(0, cue.start - 12), cue.start)
        if found is None or (
            found[1] in cues().issued
            and (
                cues().at_once.match(self._low, cue.end + 1)
                or self._low.startswith(" rằng ", cue.end)
            )
        ):
            return False
        first, last, pos = self._people.word_at(found.start(1))
        # `quân sự cho rằng`: a part of a word tells nothing.
        return not (pos and first < found.start(1) and last == found.end(1))
