"""What of one text stands in earlier ones: passages, who had each first, and of which kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.archive.reuse.align import Chain, Passage, chains, resemblance
from kb.archive.reuse.prints import Places, Wording, Words, fingerprints
from kb.archive.reuse.rules import RULES
from kb.archive.reuse_tables import Kind
from kb.article import Field
from kb.text import canonical, token_spans

_CLOSING = ".,;:!?…)]”’\"'»/"
_FIGURE = re.compile(r"\d(?<!\S\d)")
_SENTENCE = 300
"""Code points before a passage in which its source may be named."""


@dataclass(frozen=True)
class Text:
    """One revision as reuse sees it; `at` is in seconds, when it stood in public."""

    revision_id: int
    article_id: int
    at: int
    outlet: str | None
    lead: str
    body: str
    _spans: dict[str, NDArray[np.int32]] = field(default_factory=dict)

    @cached_property
    def wording(self) -> Wording:
        return Wording.of(self.lead, self.body)

    @cached_property
    def prints(self) -> tuple[Words, Places]:
        return fingerprints(self.wording)

    def span(self, start: int, end: int) -> tuple[Field, int, int]:
        """Return field and code points of words `start:end`, closing marks included."""
        name: Field = "body" if start >= self.wording.body else "lead"
        text = self.body if name == "body" else self.lead
        shift = self.wording.body if name == "body" else 0
        if name not in self._spans:
            # Not as a list: a thousand texts are kept, and pairs take twenty times the room.
            self._spans[name] = np.array(token_spans(text), np.int32).reshape(-1, 2)
        spans = self._spans[name]
        first, last = int(spans[start - shift, 0]), int(spans[end - shift - 1, 1])
        while last < len(text) and text[last] in _CLOSING:
            last += 1
        if first and text[first - 1] in "“‘\"'(«":
            first -= 1
        return name, first, last


@dataclass(frozen=True, slots=True)
class Reuse:
    """A passage that stands in an earlier text; `share` of all words stand there."""

    passage: Passage
    earlier: Text
    kind: Kind
    share: float
    resemblance: float


@dataclass(frozen=True, slots=True)
class Found:
    """What of a text is not its own: passages, each from who had it first, and of how much.

    `share` of its words stand in earlier articles, `most_share` in `most` alone; `later` are
    the texts that turned out to have words of this one and to be younger.
    """

    reuses: tuple[Reuse, ...]
    share: float
    most: Text | None
    most_share: float
    later: tuple[Text, ...]


def find(text: Text, since: int, others: Iterable[Text]) -> Found:
    """Compare a text with others; `since` is when its article, in any revision, first stood."""
    mine = (since, text.article_id)
    earlier: list[tuple[Text, list[Chain], float]] = []
    later = []
    wording = text.wording
    alike = [(other, found) for other in others if (found := _common(text, other))]
    house = [
        (passage.start, passage.end, other.article_id)
        for other, found in alike
        if _at_home(text, other) and (other.at, other.article_id) < mine
        for _, passage in found
    ]
    for other, found in alike:
        if (other.at, other.article_id) >= mine:
            later.append(other)
            continue
        kept = [(chain, one) for chain, one in found if not _formula(one, house)]
        if kept:
            words = _union((one.start, one.end) for _, one in kept)
            earlier.append((other, [chain for chain, _ in kept], words / len(wording)))
    earlier.sort(key=lambda found: (found[0].at, found[0].article_id, found[0].revision_id))
    reuses = tuple(_first(text, since, earlier))
    spans = ((one.passage.start, one.passage.end) for one in reuses)
    share = _union(spans) / len(wording) if reuses else 0.0
    # Of those that have as much, the earliest.
    most = max(earlier, key=lambda found: round(found[2], 2), default=None)
    return Found(
        reuses,
        round(share, 4),
        most[0] if most else None,
        round(most[2], 4) if most else 0.0,
        tuple(later),
    )


def _common(text: Text, other: Text) -> list[tuple[Chain, Passage]]:
    """Return the passages that two texts have in common, as chains and whole."""
    return [
        (chain, passage)
        for chain in chains(text.wording, other.wording)
        if (passage := _passage(chain, text, other, 0, len(text.wording)))
    ]


def _passage(chain: Chain, text: Text, other: Text, low: int, high: int) -> Passage | None:
    passage = chain.passage(text.wording, other.wording, low, high)
    if passage is None or (_at_home(text, other) and passage.similarity < RULES.similarity_at_home):
        return None
    name, start, end = text.span(passage.start, passage.end)
    words = (text.body if name == "body" else text.lead)[start:end]
    figures = len(_FIGURE.findall(words))
    return None if figures > RULES.figures * len(words.split()) else passage


def _at_home(text: Text, other: Text) -> bool:
    return text.outlet is not None and text.outlet == other.outlet


def _formula(passage: Passage, house: Sequence[tuple[int, int, int]]) -> bool:
    """Whether earlier articles of the same outlet (their words `house`) all have this, too."""
    if passage.end - passage.start >= RULES.house_tokens:
        return False
    middle = (passage.start + passage.end) // 2
    had = {article for start, end, article in house if start <= middle < end}
    return len(had) >= RULES.house_articles


def _first(
    text: Text, since: int, earlier: Sequence[tuple[Text, list[Chain], float]]
) -> Iterator[Reuse]:
    """Yield each passage with the earliest text that has it, in the order of those texts."""
    free = [(0, len(text.wording))]
    for other, common, share in earlier:
        alike = None
        for chain in common:
            for low, high in tuple(free):
                passage = _passage(chain, text, other, low, high)
                if passage is None:
                    continue
                free.remove((low, high))
                free += [(low, passage.start), (passage.end, high)]
                if alike is None:
                    alike = resemblance(text.wording, other.wording)
                kind = _kind(text, since, other, passage, share)
                yield Reuse(passage, other, kind, round(share, 4), alike)


def _kind(text: Text, since: int, other: Text, passage: Passage, share: float) -> Kind:
    if share >= RULES.reprint:
        return "reprint"
    if _at_home(text, other):
        return "background"
    if abs(since - other.at) <= RULES.source_seconds:
        return "source"
    name, start, end = text.span(passage.start, passage.end)
    words = text.body if name == "body" else text.lead
    before = words[max(0, start - _SENTENCE) : start].rpartition("\n")
    near = (before[0].rpartition("\n")[2] + " " + before[2]) if not before[2] else before[2]
    return "source" if RULES.source.search(canonical(near + words[start:end])) else "background"


def _union(spans: Iterable[tuple[int, int]]) -> int:
    """Return how many words lie in any of the spans."""
    total = reached = 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total
