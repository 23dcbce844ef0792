"""When something found counts as what was to be found: spans, names, and one for one.

Every family is scored alike: gold and found become `Item`s of one text, `match` pairs them, each
at most once and the best overlap first, and a `Tally` sums up what agreed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from kb.text import canonical

When = tuple[str | None, str | None, str | None, bool]
"""First and last day (ISO), recurrence (ISO 8601 duration), whether by the lunar calendar."""
NEVER: When = (None, None, None, False)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a text: `start:end` (code points; both 0: no span) and what else must agree.

    `what` is the kind of a name, the post of a person, the role in a task; `who` the person or
    body that holds, speaks or acts; `text` the words themselves where a gold gives no span.
    """

    start: int
    end: int
    what: str = ""
    who: str | None = None
    when: When = NEVER
    text: str = ""


Agree = Callable[[str, Item, Item], float]
"""How well a found item fits a gold one in their text: 0 not at all, more is better."""


@dataclass(frozen=True, slots=True)
class Case:
    """What came of one text: the number of pairs, what was found wrongly and what was missed."""

    where: str
    text: str
    right: int
    wrong: tuple[Item, ...]
    missed: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over many texts, with precision, recall and F1 in 0–1 (0 where nothing counts)."""

    right: int
    found: int
    wanted: int

    @classmethod
    def of(cls, cases: Iterable[Case]) -> Tally:
        """Sum up cases."""
        row = list(cases)
        right = sum(case.right for case in row)
        wrong = sum(len(case.wrong) for case in row)
        return cls(right, right + wrong, right + sum(len(case.missed) for case in row))

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / max(1, self.found)

    @property
    def recall(self) -> float:
        """Share of what was to be found that was."""
        return self.right / max(1, self.wanted)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(1, self.found + self.wanted)


def match(where: str, text: str, gold: Sequence[Item], found: Sequence[Item], agree: Agree) -> Case:
    """Pair found items with gold ones, best fit first, so that nothing counts twice."""
    fits = [
        (-fit, one, other)
        for one, wanted in enumerate(gold)
        for other, got in enumerate(found)
        if (fit := agree(text, wanted, got)) > 0
    ]
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, one, other in sorted(fits):
        if one not in taken and other not in used:
            taken[one] = other
            used.add(other)
    return Case(
        where,
        text,
        len(taken),
        tuple(item for number, item in enumerate(found) if number not in used),
        tuple(item for number, item in enumerate(gold) if number not in taken),
    )


# --- spans and names -------------------------------------------------------------------------

_EDGES = " \t\n.,;:!?…-–—\"'“”‘’«»()[]/|*"
_BEFORE_A_DATE = re.compile(
    r"(?:trong|vào|từ|kể từ|đến|tính đến|tới|cho đến|trước|sau|khoảng|hồi|lúc)\s", re.IGNORECASE
)


def overlap(one: Item, other: Item) -> float:
    """Return the share of two spans' union that both cover (Jaccard), 0–1."""
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0, both) / max(1, max(one.end, other.end) - min(one.start, other.start))


def half(one: Item, other: Item) -> float:
    """Return the overlap of two spans if it is at least half of their union, else 0."""
    share = overlap(one, other)
    return share if share >= 0.5 else 0.0


def trimmed(text: str, item: Item) -> tuple[int, int]:
    """Return a span without spaces, punctuation and quotation marks at its ends."""
    start, end = item.start, item.end
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def undated(text: str, item: Item) -> tuple[int, int]:
    """Return a trimmed span without the prepositions that may lead a date."""
    start, end = trimmed(text, item)
    while before := _BEFORE_A_DATE.match(text, start, end):
        start = before.end()
    return start, end


def last_word(name: str | None) -> str | None:
    """Return the word by which a Vietnamese name is told apart, in one spelling; None of None."""
    words = canonical(name).split() if name else []
    return words[-1].strip(_EDGES) if words else None


def same_name(one: Item, other: Item) -> bool:
    """Whether the last words of two names are equal, or nobody is named in both."""
    return last_word(one.who) == last_word(other.who)


def within(one: str, other: str) -> bool:
    """Whether one of two texts lies in the other, whatever the case; an empty one lies nowhere."""
    one, other = canonical(one), canonical(other)
    return bool(one and other) and (one in other or other in one)
