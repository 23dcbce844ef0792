"""What researchers import: frames, exports, the one query."""

from kb.archive import Query
from kb.archive.query import make_query
from kb.research.columns import KINDS, kind_of, typed_rows
from kb.research.desk import Desk
from kb.research.exports import BINARY, FORMATS, writer_for
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
