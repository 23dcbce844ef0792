"""What researchers import: frames, exports, the one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kb.archive import Query
from kb.archive.query import make_query
from kb.research.columns import KINDS, kind_of, typed_rows
from kb.research.exports import BINARY, FORMATS, writer_for

if TYPE_CHECKING:
    from kb.research.desk import Desk
    from kb.research.frames import frame

__all__ = [
    "BINARY",
    "FORMATS",
    "KINDS",
    "Desk",
    "Query",
    "frame",
    "kind_of",
    "make_query",
    "typed_rows",
    "writer_for",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load what needs pandas when someone asks: an export does without its 50 MB."""
    if name == "Desk":
        from kb.research.desk import Desk

        return Desk
    if name == "frame":
        from kb.research.frames import frame

        return frame
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
