"""A day or a moment as it is typed, of years in which newspapers can have printed it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar

from kb.article import VIETNAM
from kb.errors import QueryError

YEARS = range(1900, 2201)
"""Beyond them a zone or a day more leads out of the calendar."""
_Day = TypeVar("_Day", bound=date)


def day(text: str, name: str = "") -> date | None:
    """Return a day; None if nothing is typed.

    Raises:
        QueryError: it is none, or of no such year.
    """
    try:
        return _near(date.fromisoformat(text)) if text else None
    except ValueError as error:
        said = f"{name} {text!r}".strip()
        raise QueryError(f"{said} is not a day of 1900 to 2200; write YYYY-MM-DD") from error


def moment(text: str, name: str) -> datetime | None:
    """Return a day (its beginning in Vietnam) or a moment (of Vietnam, unless it says otherwise);
    None if nothing is typed.

    Raises:
        QueryError: it is neither, or of no such year.
    """
    try:
        found = _near(datetime.fromisoformat(text)) if text else None
    except ValueError as error:
        form = "write YYYY-MM-DD or YYYY-MM-DDTHH:MM, of 1900 to 2200"
        raise QueryError(f"{name} {text!r}: {form}") from error
    return found.replace(tzinfo=VIETNAM) if found and not found.tzinfo else found


def _near(found: _Day) -> _Day:
    if found.year not in YEARS:
        raise ValueError(found)
    return found
