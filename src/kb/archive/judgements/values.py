"""What a verdict may say: checked where a person enters it, so that the log holds no nonsense."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, get_args

from kb.archive.judgements.anchor import Texts, anchor
from kb.archive.judgements.records import STATUSES, Parsed
from kb.archive.judgements.things import Thing
from kb.article import FIELDS
from kb.errors import ConfigError, Refused
from kb.reading import KINDS, Role
from kb.text import characters

Check = Callable[[Any], Any]


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text")
    return characters(value).strip()


def _maybe(check: Check) -> Check:
    return lambda value: None if value is None or value == "" else check(value)


def _one_of(words: tuple[str, ...]) -> Check:
    def check(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return check


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise ValueError("is not a day; write YYYY-MM-DD") from error


def _flag(value: object) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if str(value).lower() not in words:
        raise ValueError("must be true or false")
    return words[str(value).lower()]


_NAME, _FREE = _text, _maybe(_text)
COLUMNS: dict[str, dict[str, Check]] = {
    "mention": {"kind": _one_of(KINDS), "entity_id": _FREE, "name": _NAME},
    "quote": {
        "speaker_id": _FREE, "speaker": _FREE, "role": _FREE, "direct": _flag, "cue": _FREE,
    },
    "commitment": {
        "initiative_id": _FREE, "owner_id": _FREE, "owner": _FREE, "due_from": _maybe(_day),
        "due_to": _maybe(_day), "recurs": _FREE, "quantity": _FREE,
    },
    "assignment": {
        "actor_id": _FREE, "actor": _NAME, "role": _one_of(get_args(Role)), "task": _NAME,
        "initiative_id": _FREE, "ambiguous": _flag,
    },
    "holding": {
        "person_id": _FREE, "person": _NAME, "post": _NAME, "org_id": _FREE, "org": _FREE,
    },
}  # fmt: skip
"""What can be corrected in each part; the span can in all of them."""
_SPAN = ("span", "start", "end", "field")
_ON_SPANS = ("confirm", "reject", "correct", "status", "split")
_ON_NAMES = ("merge", "accept", "reject")


def checked(
    verdict: str, parsed: Parsed, values: Mapping[str, Any], on: Thing | None
) -> dict[str, Any]:
    """Return what an entry of the log keeps of a verdict's values.

    Args:
        values: for `correct` columns (`COLUMNS`) and `span` (the right words, found near the
            judged ones) or `start` and `end`, with `field`; for `status` `status`; for `split`,
            `merge` and `accept` `entity_id`, `name` or both.
        on: the span that is judged, None for names and entries.

    Raises:
        ConfigError: the verdict does not fit the key or a value the column.
    """
    allowed = _ON_SPANS if on is not None else _ON_NAMES
    if verdict not in allowed or (verdict == "status" and parsed.about != "commitment"):
        raise ConfigError(f"{parsed.about}: cannot {verdict}; a judgement here is {_can(parsed)}")
    if verdict == "split" and parsed.about != "mention":
        raise ConfigError("only a mention can be split from the others of its name")
    match verdict:
        case "confirm" | "reject":
            columns: dict[str, Check] = {}
        case "status":
            columns = {"status": _one_of(STATUSES)}
        case "correct":
            columns = COLUMNS[parsed.about]
        case _:
            columns = {"entity_id": _FREE, "name": _NAME}
    own = {name: value for name, value in values.items() if name not in _SPAN}
    made: dict[str, Any] = {}
    for name, value in own.items():
        if name not in columns:
            known = ", ".join(columns) or "nothing"
            raise ConfigError(f"{verdict} {parsed.about}: no {name!r}; it can have {known}")
        try:
            made[name] = columns[name](value)
        except ValueError as error:
            reason = "value" if str(value or "").strip() else "empty"
            message = f"{name}={value!r}: {error}"
            raise Refused(message, reason, field=name, value=str(value)) from error
    if on is not None and verdict == "correct" and own.keys() != values.keys():
        made["span"] = _place(on, values)
    if verdict not in ("confirm", "reject") and not made:
        message = f"{verdict}: say what; {', '.join(columns)}{_or_span(verdict)}"
        raise Refused(message, "nothing")
    if verdict == "split" and not (made.get("name") or made.get("entity_id")):
        raise Refused("split: say who it is with name=… or entity_id=…", "who")
    if made.get("entity_id", "") is None and verdict in ("merge", "accept"):
        del made["entity_id"]
    return made


def _can(parsed: Parsed) -> str:
    words = _ON_SPANS if parsed.story else _ON_NAMES
    return ", ".join(word for word in words if word != "status" or parsed.about == "commitment")


def _or_span(verdict: str) -> str:
    return " or span" if verdict == "correct" else ""


def _place(on: Thing, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the corrected span in words."""
    texts: Texts = on.where.texts if on.where else {}
    field = values.get("field") or on.record.field
    if field not in FIELDS:
        raise ConfigError(f"no field {field!r}; there are {', '.join(FIELDS)}")
    if "span" in values:
        words = characters(str(values["span"]))
        near = _nearest(texts.get(field, ""), words, on.record.start)
        if near is None:
            message = f"span: {words!r} does not stand in the {field}"
            raise Refused(message, "span", value=words)
        start, end = near, near + len(words)
    else:
        try:
            start, end = int(values["start"]), int(values["end"])
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError("span: give its words, or start and end as numbers") from error
    if not 0 <= start < end <= len(texts.get(field, "")):
        raise ConfigError(f"span {start}:{end} is outside the {field}")
    return anchor(texts, (field, start, end)).as_json()


def _nearest(text: str, words: str, place: int) -> int | None:
    starts = []
    start = text.find(words) if words else -1
    while start >= 0:
        starts.append(start)
        start = text.find(words, start + 1)
    return min(starts, key=lambda one: abs(one - place), default=None)
