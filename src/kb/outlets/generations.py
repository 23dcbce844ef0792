"""Which of several descriptions of a newspaper's pages held on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol, TypeVar


class _Dated(Protocol):
    @property
    def until(self) -> date | None:
        """Last day on which it held; None: it still does."""


Generation = TypeVar("Generation", bound=_Dated)


def held_first(generations: Sequence[Generation], day: date | None) -> Iterator[Generation]:
    """Yield the one that held on a day (None: today's), then the others in their order.

    The others too, since the day of a change is seldom known exactly.

    Args:
        generations: today's, then the earlier ones, the latest first.
        day: when a page was fetched, in the outlet's time zone.
    """
    held = 0
    if day is not None:
        for at, each in enumerate(generations):
            if each.until is not None and day <= each.until:
                held = at
    yield generations[held]
    yield from (each for at, each in enumerate(generations) if at != held)


def are_ordered(earlier: Sequence[_Dated]) -> bool:
    """Whether each of the earlier ones has its last day, the latest first."""
    days = [each.until for each in earlier if each.until is not None]
    return len(days) == len(earlier) and days == sorted(set(days), reverse=True)
