"""The record between reading and archive: all that one reader version took from one text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.article import Field

Kind = Literal["initiative", "programme", "person", "org", "place", "document", "event"]
KINDS: tuple[Kind, ...] = (
    "initiative", "programme", "person", "org", "place", "document", "event",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A span that names a registry entry or a discovered entity.

    `start:end` (code points, end exclusive) lie in `field`; `field[start:end] == surface`,
    always. `sentence_start:sentence_end` is the sentence around it in the same field.
    `entity_id` is None while no registry entry is known. `method` is `registry` or `ner`;
    `score` lies in 0–1.
    """

    kind: Kind
    entity_id: str | None
    name: str
    surface: str
    field: Field
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What one version of the reader took from one revision."""

    mentions: tuple[Mention, ...]
    reader: str
    """Version of the reader and of the registry that it used, e.g. `1+hanoi-uccn.3f2a`."""
    sentences: int
    words: int
    """Segmented words (multi-syllable words count once)."""
