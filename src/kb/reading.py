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
    `entity_id` is None while no registry entry is known. `method` is what decided: where an
    entry is known `registry:` and `exact`, `context`, `abbreviation`, `short`, `list` or `city`,
    else the rule that found the name. `score` says how sure that is, in 0–1 (docs/reading.md).
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
class Quote:
    """What someone said: `start:end` (code points of `field`) is `text`.

    Direct: the words between the outer marks; reported: the clause that gives what was said.
    `speaker` is the name as the story first gives it in full, a person's or a body's; `role`
    the post that the story gives; both None where nobody is named. `cue` is the word of saying.
    """

    speaker_id: str | None
    speaker: str | None
    role: str | None
    direct: bool
    text: str
    cue: str | None
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Commitment:
    """What will be done, by whom and by when, as the story says: `start:end` is `text`.

    `due_from` and `due_to` are the first and last day (ISO) of what the story says, never a day
    that it does not: a month is its first and last day. `recurs` is an ISO 8601 duration (`P1Y`).
    """

    initiative_id: str | None
    owner_id: str | None
    owner: str | None
    text: str
    due_from: str | None
    due_to: str | None
    recurs: str | None
    quantity: str | None
    field: Field
    start: int
    end: int


Role = Literal["lead", "coordinate", "implement", "invest", "operate", "approve", "guide"]


@dataclass(frozen=True, slots=True)
class Assignment:
    """An actor has or is given a role in a task; `start:end` is the clause that says so.

    `ambiguous`: several actors and several tasks stand in two lists that only their order could
    pair; a person has to decide.
    """

    actor_id: str | None
    actor: str
    role: Role
    task: str
    initiative_id: str | None
    ambiguous: bool
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A person named with a post: `start:end` covers both; `org` is the body of the post."""

    person_id: str | None
    person: str
    post: str
    org_id: str | None
    org: str | None
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one version of the reader took from one revision."""

    mentions: tuple[Mention, ...]
    reader: str
    """Version of the reader and of the registry that it used, e.g. `1+hanoi-uccn.3f2a`."""
    sentences: int
    words: int
    """Segmented words (multi-syllable words count once)."""
    quotes: tuple[Quote, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    holdings: tuple[Holding, ...] = ()
