"""One passage laid out for speech: marks, words of saying, sentences, and what was found."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from kb.nlp.people.cast import Cast, People
from kb.nlp.people.wordlists import SAYING, Hit, cues
from kb.nlp.quotes.antecedents import Speaker
from kb.nlp.quotes.marks import Quoted, row_of_voices
from kb.nlp.quotes.sources import Sources
from kb.reading import Holding, Quote

_TELLING = re.compile(
    r"cho (?<!nói cho )(?<!\wcho )(?!(?:biết|đến|tới|rằng|thấy|dù|nên|hay)\b)"
    r"(?:[^\s,.:;“”\"]+ ){1,4}?biết(?!\w)"
)
"""`cho X biết`."""
_HEARD = frozenset((*SAYING, "according"))
_SEXED = frozenset(("m", "f"))


def silent(people: People, hits: Sequence[Hit], marks: Sequence[Quoted]) -> bool:
    """Whether nobody speaks in a passage, and no word of it tells the sex of a person."""
    labels = {hit.label for hit in hits}
    return not (
        marks
        or not labels.isdisjoint(_HEARD)
        or (people.persons and (labels & _SEXED or cues().kin.search(people.lowered)))
        or _TELLING.search(people.lowered)
    )


class Layout:
    """One passage; `said` collects its speakers and goes on to the next one."""

    def __init__(
        self, people: People, hits: Sequence[Hit], marks: Sequence[Quoted], cast: Cast,
        holdings: Sequence[Holding], said: list[Speaker],
    ) -> None:  # fmt: skip
        self._people = people
        self._text = people.text
        self._low = people.lowered
        self._field = people.passage.field
        self._marks = marks
        self._opens = [mark.open for mark in marks]
        self._speakers = Sources(people, hits, marks, cast, holdings, said)
        telling = [
            Hit(one.start(), one.end(), "cho biết", "strong")
            for one in _TELLING.finditer(self._low)
            if not self._in_marks(one.start())
        ]
        self._cues = [hit for hit in self._outside(hits, SAYING) + telling if self._whole(hit)]
        self._cues.sort(key=lambda hit: hit.start)
        self._starts = [hit.start for hit in self._cues]
        self._theo = [
            hit
            for hit in self._outside(hits, ("according",))
            if people.word_at(hit.start)[0] == hit.start
        ]  # no `tiếp theo`
        self._sentences = [one.start for one in people.passage.sentences]
        self._held: dict[str, list[Holding]] = {}
        for holding in holdings:
            self._held.setdefault(holding.person, []).append(holding)
        self._said = said
        self._found: list[Quote] = []
        self._used: set[int] = set()
        self._done: set[int] = set()
        self._taken = -1
        self._said_by: Speaker | None = None
        """Who spoke in the last reported clause."""
        self._title = self._field == "title"
        self._voices = frozenset(row_of_voices(people.text, self._marks))

    def _outside(self, hits: Sequence[Hit], labels: Sequence[str]) -> list[Hit]:
        """Return the words of some labels in no quotation and no name."""
        return [
            hit
            for hit in hits
            if hit.label in labels
            and not self._in_marks(hit.start)
            and self._people.covering(hit.start) is None
        ]

    def _whole(self, hit: Hit) -> bool:
        """Whether a word of saying is not a part of another word: no `bảo` in `bảo vệ`."""
        if hit.word not in cues().alone:
            return True
        if self._low.startswith(" trên", hit.end) and not self._text[hit.end + 6 :][:1].isupper():
            return False  # `vụ việc nói trên`, but `nói trên TNT Sports`
        first, last, pos = self._people.word_at(hit.start)
        return not pos or (first == hit.start and last <= hit.end)

    # --- records

    def _quote(self, mark: Quoted, speaker: Speaker | None, cue: Hit | None) -> Speaker | None:
        self._done.add(mark.open)
        self._add(mark.start, mark.end, speaker, cue, direct=True)
        return speaker

    def _add(
        self, start: int, end: int, speaker: Speaker | None, cue: Hit | None, *, direct: bool
    ) -> None:
        self._speakers.spoke = max(self._speakers.spoke, end)
        if speaker is not None and speaker.person:
            if speaker in self._said[-4:]:
                self._said.remove(speaker)
            self._said.append(speaker)
        elif speaker is not None and speaker.name is not None:
            self._speakers.bodies.append(speaker)
        self._speakers.lately = speaker
        name = speaker.name if speaker else None
        self._found.append(
            Quote(
                speaker_id=speaker.entity_id if speaker else None,
                speaker=name,
                role=self._role(name) if speaker and speaker.person and name else None,
                direct=direct,
                text=self._text[start:end],
                cue=cue.word if cue else None,
                field=self._field,
                start=start,
                end=end,
            )
        )

    def _role(self, name: str) -> str | None:
        """Return the posts that the story first gives with a person, as written."""
        held = self._held.get(name, [])[:40]
        if not held:
            return None
        near = [one for one in held if one.field == held[0].field and one.end - held[0].end < 160
                and abs(one.start - held[0].start) < 300]  # fmt: skip
        posts = list(dict.fromkeys(one.post for one in near))
        return ", ".join(posts[:4])

    # --- places

    def _sentence(self, at: int, least: int) -> int:
        place = bisect_right(self._sentences, at) - 1
        return max(least, self._sentences[place] if place >= 0 else 0)

    def _sentence_end(self, at: int) -> int:
        """Return the end of the sentence at a place, past any quotation in it."""
        place = bisect_right(self._sentences, at)
        end = self._sentences[place] if place < len(self._sentences) else len(self._text)
        mark = bisect_left(self._opens, end) - 1
        while mark >= 0 and self._marks[mark].open >= at and self._marks[mark].close > end:
            end = self._marks[mark].close
            place = bisect_right(self._sentences, end)
            end = self._sentences[place] if place < len(self._sentences) else len(self._text)
            mark = bisect_left(self._opens, end) - 1
        newline = self._text.find("\n", at, end)
        end = newline if newline >= 0 else end
        while end > at and self._text[end - 1].isspace():
            end -= 1
        return end

    def _in_marks(self, at: int) -> bool:
        place = bisect_right(self._opens, at) - 1
        return place >= 0 and at < self._marks[place].close

    def _cues_in(self, start: int, end: int) -> list[Hit]:
        return self._cues[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def _last_cue(self, since: int, until: int) -> Hit | None:
        place = bisect_left(self._starts, until) - 1
        while place > 0 and self._cues[place - 1].start >= since and self._shown(place):
            place -= 1
        cue = self._cues[place] if place >= 0 else None
        return cue if cue is not None and cue.start >= since else None

    def _shown(self, place: int) -> bool:
        """Whether a word of saying is only where another one says it: `nói trong một tuyên bố`."""
        before = self._text[self._cues[place - 1].end : self._cues[place].start]
        return before.lower() in (" trong ", " trong một ", " qua ", " qua một ", " trong lần ")

    def _next(self, hits: Sequence[Hit], at: int) -> Hit | None:
        place = bisect_left(hits, at, key=lambda hit: hit.start)
        return hits[place] if place < len(hits) else None
