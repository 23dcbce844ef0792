"""Complete results as files, row by row: one table of formats, a module for each family."""

from kb.research.exports.base import ALL, Format, Source, about, source
from kb.research.exports.formats import (
    BINARY,
    FORMATS,
    REFERENCES,
    TABLES,
    endings,
    format_for,
    format_named,
    writer_for,
)
from kb.research.exports.schema import json_schema

__all__ = [
    "ALL",
    "BINARY",
    "FORMATS",
    "REFERENCES",
    "TABLES",
    "Format",
    "Source",
    "about",
    "endings",
    "format_for",
    "format_named",
    "json_schema",
    "source",
    "writer_for",
]
