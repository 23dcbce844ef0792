"""Going on when PostgreSQL was restarted or cut the connection in the middle of a transaction.

What was not committed is gone then, and whether the last commit arrived is unknown: only what can
be done twice without harm is done again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from kb.errors import ArchiveError

TRIES = 9
FIRST_WAIT = 0.1
"""Seconds before the second try; each wait is twice the one before, 25 s in all."""
_LOST = ("08", "57P")
"""SQLSTATE classes: connection exception, operator intervention (shutdown, crash, starting up)."""
Given = ParamSpec("Given")
Out = TypeVar("Out")


_losses: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()


def losses(engine: Engine) -> int:
    """Return how often the connection was lost, and what was under way done again."""
    return _losses.get(engine, 0)


class HasEngine(Protocol):
    """Whatever works on one database."""

    engine: Engine


Owner = TypeVar("Owner", bound=HasEngine)


def lasting(
    method: Callable[Concatenate[Owner, Given], Out],
) -> Callable[Concatenate[Owner, Given], Out]:
    """Call a method again, after a while, when the connection was lost in it.

    The method must be one transaction that changes nothing when it is done twice.
    """

    @wraps(method)
    def called(self: Owner, /, *values: Given.args, **named: Given.kwargs) -> Out:
        wait = FIRST_WAIT
        for _ in range(TRIES - 1):
            try:
                return method(self, *values, **named)
            except ArchiveError as error:
                if not is_lost(self.engine, error):
                    raise
                _losses[self.engine] = losses(self.engine) + 1
            time.sleep(wait)
            wait *= 2
        return method(self, *values, **named)

    return called


def is_lost(engine: Engine, error: ArchiveError) -> bool:
    """Whether the connection was lost, and not something refused."""
    if engine.dialect.name != "postgresql":
        return False
    cause: object = error.__cause__
    if isinstance(cause, DBAPIError):
        if cause.connection_invalidated:
            return True
        cause = cause.orig
    if not isinstance(cause, engine.dialect.loaded_dbapi.OperationalError):
        return False
    state = getattr(cause, "sqlstate", None)
    return state is None or str(state).startswith(_LOST)
