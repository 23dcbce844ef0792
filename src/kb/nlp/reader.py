"""Text → Reading: sentences, words, names, and who said, promised and does what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from kb.article import FIELDS, VIETNAM, Article, Field
from kb.memory import uncollected
from kb.nlp.assignments import find_assignments
from kb.nlp.commitments import find_commitments, with_owners
from kb.nlp.link import Linker
from kb.nlp.names import Found, find_names
from kb.nlp.parts import batches, joined, parts
from kb.nlp.passage import Name, Passage, Sentence
from kb.nlp.people import Cast, find_holdings
from kb.nlp.quotes import find_quotes
from kb.nlp.tag import split, tagger
from kb.reading import Assignment, Commitment, Holding, Mention, Quote, Reading
from kb.registry import Matcher, Registry
from kb.text import Aligned, align

VERSION = "13"
"""Raised whenever the same text would be read otherwise."""


class Reader:
    """Reads batches of articles against one registry; build once a process."""

    def __init__(self, registry: Registry) -> None:
        self.version = self.version_with(registry)
        self._matcher = Matcher(registry)
        self._linker = Linker(registry)
        self._people = {one.id: one.name for one in registry.of_kind("person")}
        self._tagger = tagger()

    @staticmethod
    def version_with(registry: Registry) -> str:
        """Return what readings with this registry are marked with; needs no models."""
        return f"{VERSION}+{registry.version}"

    def read(self, articles: Sequence[Article]) -> list[Reading]:
        """Read articles; one call for many is several times faster than one call each."""
        cut = [parts(article) for article in articles]
        with uncollected():
            readings = iter(
                [
                    reading
                    for batch in batches([part for found in cut for part in found])
                    for reading in self._read([part.article for part in batch])
                ]
            )
        return [joined(found, [next(readings) for _ in found]) for found in cut]

    def _read(self, articles: Sequence[Article]) -> list[Reading]:
        texts = [[align(article.text(name)) for name in FIELDS] for article in articles]
        flat = [aligned.text for fields in texts for aligned in fields]
        sentences = iter(self._sentences(flat))
        return [
            self._reading(fields, [next(sentences) for _ in FIELDS], _day(article))
            for article, fields in zip(articles, texts, strict=True)
        ]

    def _sentences(self, texts: Sequence[str]) -> list[tuple[Sentence, ...]]:
        """Split and tag many texts at once."""
        spans = [split(text) for text in texts]
        tagged = iter(
            self._tagger.tag(
                [text[a:b] for text, found in zip(texts, spans, strict=True) for a, b in found]
            )
        )
        return [tuple(Sentence(a, b, tuple(next(tagged))) for a, b in found) for found in spans]

    def passages(self, article: Article) -> list[Passage]:
        """Return title, lead and body as the stages of reading see them, for work on the rules."""
        fields = [align(article.text(name)) for name in FIELDS]
        return self._passages(fields, self._sentences([aligned.text for aligned in fields]))

    def _passages(
        self, fields: Sequence[Aligned], sentences: Sequence[tuple[Sentence, ...]]
    ) -> list[Passage]:
        texts = [aligned.text for aligned in fields]
        matches = self._matcher.find(texts)
        names = iter(
            find_names(
                [
                    (text[one.start : one.end], one.words)
                    for text, found in zip(texts, sentences, strict=True)
                    for one in found
                ]
            )
        )
        linked = self._linker.link(texts, matches, [_placed(found, names) for found in sentences])
        return [
            Passage(name, text, found, one.names, one.metonyms)
            for name, text, found, one in zip(FIELDS, texts, sentences, linked, strict=True)
        ]

    def _reading(
        self,
        fields: Sequence[Aligned],
        sentences: Sequence[tuple[Sentence, ...]],
        published: date | None,
    ) -> Reading:
        passages = self._passages(fields, sentences)
        whole: dict[Field, Aligned] = dict(zip(FIELDS, fields, strict=True))
        cast = Cast(passages)
        people = self._people  # one name for each, whatever form a text uses
        found = find_holdings(cast)
        quotes = [
            replace(one, speaker=people.get(one.speaker_id or "", one.speaker))
            for one in find_quotes(cast, found)
        ]
        holdings = [
            replace(one, person=people.get(one.person_id or "", one.person)) for one in found
        ]
        acting = [passage.acting() for passage in passages]
        assignments = find_assignments(acting)
        commitments = with_owners(find_commitments(acting, published), assignments, passages)
        return Reading(
            mentions=tuple(
                _mention(passage, whole[passage.field], name, sentence)
                for passage in passages
                for name, sentence in _with_sentences(passage)
            ),
            reader=self.version,
            sentences=sum(len(found) for found in sentences),
            words=sum(len(one.words) for found in sentences for one in found),
            quotes=tuple(_with_text(whole[one.field], one) for one in quotes),
            commitments=tuple(_with_text(whole[one.field], one) for one in commitments),
            assignments=tuple(_given(whole[a.field], a) for a in assignments),
            holdings=tuple(_given(whole[one.field], one) for one in holdings),
        )


Spanned = TypeVar("Spanned", Assignment, Holding)
Quoted = TypeVar("Quoted", Quote, Commitment)


def _given(aligned: Aligned, fact: Spanned) -> Spanned:
    """Return a fact with its span in the text as given."""
    start, end = aligned.source(fact.start, fact.end)
    return replace(fact, start=start, end=end)


def _with_text(aligned: Aligned, fact: Quoted) -> Quoted:
    """Return a fact with its span, and the words there, of the text as given."""
    start, end = aligned.source(fact.start, fact.end)
    return replace(fact, start=start, end=end, text=aligned.original[start:end])


def _day(article: Article) -> date | None:
    """Return the day of publication in Vietnam, against which dates in the text are read."""
    moment = article.published_at
    return moment.astimezone(VIETNAM).date() if moment else None


def _placed(sentences: Sequence[Sentence], names: Iterator[list[Found]]) -> list[Found]:
    """Return the names of the next sentences by their place in the field."""
    return [
        Found(at + name.start, at + name.end, *name[2:])
        for at in (one.start for one in sentences)
        for name in next(names)
    ]


def _with_sentences(passage: Passage) -> list[tuple[Name, tuple[int, int]]]:
    """Give each name the sentence that it begins in, and up to its end if it runs over."""
    starts = [one.start for one in passage.sentences]
    found = []
    sentences = iter(zip(passage.sentences, [*starts[1:], len(passage.text) + 1], strict=False))
    current = next(sentences, None)
    for name in passage.names:
        while current is not None and name.start >= current[1]:
            current = next(sentences, None)
        if current is not None:
            found.append((name, (current[0].start, max(current[0].end, name.end))))
    return found


def _mention(passage: Passage, aligned: Aligned, name: Name, around: tuple[int, int]) -> Mention:
    start, end = aligned.source(name.start, name.end)
    first, last = aligned.source(*around)
    return Mention(
        kind=name.kind,
        entity_id=name.entity_id,
        name=name.name,
        surface=aligned.original[start:end],
        field=passage.field,
        start=start,
        end=end,
        sentence_start=first,
        sentence_end=last,
        method=name.method,
        score=name.score,
    )
