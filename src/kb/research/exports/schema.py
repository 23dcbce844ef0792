"""The JSON Schema of a row of each kind, made from the declaration of its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, get_args

from kb.archive.judgements.records import STATUSES
from kb.article import FIELDS
from kb.reading import KINDS as MENTIONED
from kb.reading import Role
from kb.research.columns import Type, kind_of
from kb.research.words import described_columns, kind_words

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final[dict[Type, dict[str, Any]]] = {
    "int": {"type": "integer"},
    "int?": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "format": "date-time"},
}
_EVIDENCE: Final = ("done", "in_progress", "promised_again", "cancelled", "mentioned")
_CHOICES: Final[dict[tuple[str, str], Sequence[str]]] = {
    ("mentions", "kind"): MENTIONED,
    ("actors", "kind"): ("person", "org"),
    ("assignments", "role"): get_args(Role),
    ("commitments", "status"): STATUSES,
    ("ledger", "status"): STATUSES,
    ("ledger", "evidence"): _EVIDENCE,
    ("ledger", "proposed"): ("silent", *_EVIDENCE),
}


def json_schema(name: str, *, full_text: bool = False) -> dict[str, Any]:
    """Return the schema of a line of `kb export NAME --format jsonl`.

    Raises:
        ConfigError: there is no such kind.
    """
    columns = kind_of(name, full_text=full_text).columns
    said = kind_words(name)
    words = described_columns(name, columns)
    properties = {
        column: _property(name, column, type_)
        | {"title": words[column]["vi"], "description": words[column]["en"]}
        for column, type_ in columns.items()
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:kb:schema:{name}",
        "title": said["vi"],
        "description": said["en"],
        "type": "object",
        "properties": properties,
        "required": list(columns),
        "additionalProperties": False,
    }


def _property(name: str, column: str, type_: Type) -> dict[str, Any]:
    made = dict(_TYPES[type_])
    choices = list(_CHOICES.get((name, column), FIELDS if column.endswith("field") else ()))
    if column in {*kind_words(name)["always"], "body"}:
        return made | ({"enum": choices} if choices else {})
    made["type"] = [made["type"], "null"]
    return made | ({"enum": [*choices, None]} if choices else {})
