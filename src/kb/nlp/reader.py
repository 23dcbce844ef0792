"""Text → Reading: sentences, words, entity candidates, and the names that the registry knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kb.article import FIELDS, Article, Field
from kb.nlp.entities import Candidate, candidates
from kb.nlp.sentences import split
from kb.nlp.tag import Word, tagger
from kb.reading import Mention, Reading
from kb.registry import Match, Matcher, Registry
from kb.text import Aligned, align

VERSION = "1"
"""Raised whenever the same text would be read otherwise."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: int
    field: Field
    start: int
    end: int


class Reader:
    """Reads batches of articles against one registry; build once a process."""

    def __init__(self, registry: Registry) -> None:
        self.version = self.version_with(registry)
        self._matcher = Matcher(registry)
        self._tagger = tagger()

    @staticmethod
    def version_with(registry: Registry) -> str:
        """Return what readings with this registry are marked with; needs no models."""
        return f"{VERSION}+{registry.version}"

    def read(self, articles: Sequence[Article]) -> list[Reading]:
        """Read articles; one call for many is several times faster than one call each."""
        texts = [{name: align(article.text(name)) for name in FIELDS} for article in articles]
        sentences = [
            _Sentence(number, name, start, end)
            for number, fields in enumerate(texts)
            for name, aligned in fields.items()
            for start, end in split(aligned.text)
        ]
        tagged = self._tagger.tag(
            [texts[one.article][one.field].text[one.start : one.end] for one in sentences]
        )
        rows: list[list[tuple[_Sentence, list[Word]]]] = [[] for _ in articles]
        for sentence, words in zip(sentences, tagged, strict=True):
            rows[sentence.article].append((sentence, words))
        return [self._reading(fields, row) for fields, row in zip(texts, rows, strict=True)]

    def _reading(
        self, fields: dict[Field, Aligned], rows: list[tuple[_Sentence, list[Word]]]
    ) -> Reading:
        found = self._matcher.find([fields[name].text for name in FIELDS])
        matches = dict(zip(FIELDS, found, strict=True))
        mentions = []
        for name in FIELDS:
            inside = [(sentence, words) for sentence, words in rows if sentence.field == name]
            mentions += list(_mentions(name, fields[name], inside, matches[name]))
        return Reading(
            mentions=tuple(mentions),
            reader=self.version,
            sentences=len(rows),
            words=sum(len(words) for _, words in rows),
        )


def _mentions(
    name: Field,
    aligned: Aligned,
    rows: list[tuple[_Sentence, list[Word]]],
    matches: list[Match],
) -> Iterator[Mention]:
    """Join one field's registry matches and candidates; the registry is surer, so it wins."""
    pending = list(matches)
    for sentence, words in rows:
        here = []
        while pending and pending[0].start < sentence.end:
            here.append(pending.pop(0))
        around = (sentence.start, sentence.end)
        proposed = [
            Candidate(sentence.start + one.start, sentence.start + one.end, one.kind)
            for one in candidates(aligned.text[sentence.start : sentence.end], words)
        ]
        joined: list[Match | Candidate] = [*here, *(c for c in proposed if not _overlaps(c, here))]
        for one in sorted(joined, key=lambda span: span.start):
            yield _mention(name, aligned, one, around)


def _overlaps(candidate: Candidate, matches: Sequence[Match]) -> bool:
    return any(m.start < candidate.end and candidate.start < m.end for m in matches)


def _mention(
    name: Field, aligned: Aligned, span: Match | Candidate, around: tuple[int, int]
) -> Mention:
    start, end = aligned.source(span.start, span.end)
    # A name may run over the end that the splitter saw: its sentence then holds the whole name.
    first, last = aligned.source(around[0], max(around[1], span.end))
    surface = aligned.original[start:end]
    if isinstance(span, Match):
        entry = span.entry
        known = (entry.kind, entry.id, entry.name)
        return Mention(*known, surface, name, start, end, first, last, "registry", 1.0)
    # underthesea's entities on press text: 57 of 100 spans are right whatever their type.
    spelled = aligned.text[span.start : span.end]
    return Mention(span.kind, None, spelled, surface, name, start, end, first, last, "ner", 0.57)
