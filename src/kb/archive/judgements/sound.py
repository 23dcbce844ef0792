"""Whether an entry of the log can act at all: one from elsewhere may hold anything, and a load
must neither die of it nor write what no reading has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from kb.archive.judgements.anchor import Anchor
from kb.archive.judgements.records import RECORDS, STATUSES, Judgement, parse_key
from kb.errors import ConfigError

_PLACE = {"field", "start", "end", "sentence_start", "sentence_end"}
_DAYS = {"due_from", "due_to"}
_HINTS: Mapping[type, Mapping[str, Any]] = {
    kind: {one.name: get_type_hints(kind)[one.name] for one in fields(kind)}
    for kind in (*RECORDS.values(), Anchor)
}
_NAMES = {"entity_id": str | None, "name": str | None}


def fault(one: Judgement) -> str | None:
    """Return what is wrong with an entry, None where it can act."""
    try:
        key = parse_key(one.key)
    except ConfigError as error:
        return str(error)
    if (one.about, one.article) != (key.about, key.story):
        return f"{one.key!r} is about {key.about} of {key.story}"
    if one.undoes is not None:
        return None
    if one.verdict == "undo":
        return "undo: undoes must be the id of an entry"
    if one.about not in RECORDS:
        return _misfit("detail", {**dict.fromkeys(_NAMES), **one.detail}, _NAMES)
    record, place = one.target.get("record"), one.target.get("anchor")
    columns = _HINTS[RECORDS[one.about]]
    return (
        _misfit("target.record", record, columns)
        or _misfit("target.anchor", place, _HINTS[Anchor], exactly=True)
        or _detail(one, columns)
    )


def _detail(one: Judgement, columns: Mapping[str, Any]) -> str | None:
    match one.verdict:
        case "status" if one.detail.get("status") not in STATUSES:
            return f"detail.status must be one of {', '.join(STATUSES)}"
        case "correct" | "split":
            said = {name: value for name, value in one.detail.items() if name != "span"}
            if unknown := said.keys() - (columns.keys() - _PLACE):
                return f"detail: {one.about} has no {', '.join(sorted(unknown))}"
            wrong = _misfit("detail", said, {name: columns[name] for name in said})
            if wrong or "span" not in one.detail:
                return wrong
            return _misfit("detail.span", one.detail["span"], _HINTS[Anchor], exactly=True)
    return None


def _misfit(where: str, row: object, hints: Mapping[str, Any], exactly: bool = False) -> str | None:
    """Return what in a row is not of its column's type; other versions' columns may stand in it."""
    if not isinstance(row, Mapping):
        return f"{where} must be an object"
    for name, hint in hints.items():
        if name not in row:
            return f"{where}.{name} is missing"
        if not _is_a(row[name], hint) or (name in _DAYS and not _is_day(row[name])):
            return f"{where}.{name} cannot be {row[name]!r}"
    if exactly and (more := row.keys() - hints.keys()):
        return f"{where} has no {', '.join(sorted(more))}"
    return None


def _is_a(value: object, hint: Any) -> bool:  # noqa: ANN401 - a type, a union or a Literal
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if kinds := get_args(hint):
        return any(_is_a(value, kind) for kind in kinds)
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, (int, float) if hint is float else hint)


def _is_day(value: str | None) -> bool:
    try:
        return value is None or date.fromisoformat(value) is not None
    except ValueError:
        return False
