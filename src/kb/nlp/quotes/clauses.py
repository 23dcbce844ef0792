"""What is said behind a word of saying: where the clause begins, and whether there is one."""

from __future__ import annotations

import re

from kb.nlp.people.wordlists import Hit, cues
from kb.nlp.quotes.layout import Layout

_NO_TIME = re.compile(r" (?:ngày|hôm|sáng|chiều|tối|trưa) (?!\d|nay|qua|mai|sau|trước|thứ)")


class Clauses(Layout):
    """Tells the clauses of one passage that words of saying govern."""

    def _clause(self, cue: Hit, end: int) -> int | None:
        """Return where the clause after a word of saying begins; None if there is none."""
        if cue.label == "narrow":
            match = cues().rather.match(self._text, cue.end, end)
            return match.end() if match else None
        match = cues().marker.match(self._text, cue.end, end)
        if match is not None:
            sep, about = match["sep"].strip(", "), match["about"]
            if not sep and about.startswith(" về"):
                return match.end() if cue.label == "strong" else None
            if about and not sep and not about.startswith(cues().addressed):
                return self._led(cue, match, end)
            if cue.label == "strong" or sep in ("rằng", ":"):
                return match.end()
            listed = self._text[max(0, cue.start - 2) : cue.start] == ", "
            told = cues().told.match(self._low, match.end())
            if cue.label == "clause" and match.start("sep") == cue.end and not (listed or told):
                return match.end()
            return match.end() if cues().predicates.search(self._low, match.end(), end) else None
        if self._text[cue.end : cue.end + 1] != " ":
            return None
        told = cues().told.match(self._low, cue.end + 1)
        if told and (cue.label != "strong" or told.group() == "về"):
            return None
        if cue.label != "strong" and cues().at_once.match(self._low, cue.end + 1):
            return cue.end + 1
        if cue.label in ("clause", "marked") and cues().selves.match(self._low, cue.end + 1):
            return cue.end + 1
        if cue.label == "marked":
            return None
        if cue.label == "clause":
            comma = self._text.find(",", cue.end + 5, end)
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
        return known.search(self._low, max(0, cue.start - 12), cue.start) is not None
