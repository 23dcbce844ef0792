"""What is wrong with a registry file, in words that say where and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import ValidationError

_PATTERNS: Final = {
    "id": "is no id; write small letters without marks, digits and hyphens, as in nha-hat-lon",
    "date": "is no date; write 2024, 2024-09 or 2024-09-10",
    "source": "is no address; write it whole, with https://",
}
_FIELDS: Final = {
    "id": "id", "date": "date", "since": "date", "until": "date", "seen": "date",
    "source": "source", "sources": "source",
}  # fmt: skip
_QUOTES: Final = "put it in quotation marks"
_BEGINS: Final = re.compile(r"\[[^\[\]]*\] *[^\s,\]#]|[\[,] *\[")
"""`[a|b] c`, which YAML takes for a list that something follows."""


def not_yaml(text: str, error: Exception) -> str:
    """Say in one line why a text is no YAML, as far as its line tells."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error)
    lines = text.splitlines()
    near = [(n + 1, lines[n]) for n in (mark.line, mark.line - 1) if 0 <= n < len(lines)]
    for number, line in near:
        if "\t" in line[: len(line) - len(line.lstrip())]:
            return f"line {number}: a tab; indent with spaces"
    for number, line in near:
        if _BEGINS.search(line):
            return f'line {number}: a text that holds [ is taken for a list; {_QUOTES}: "[a|b] c"'
        if re.search(r": .*: ", line) or re.search(r": .*:$", line):
            return f"line {number}: a second colon; {_QUOTES} what follows the first"
    return f"line {mark.line + 1}: {getattr(error, 'problem', None) or error}"


def explain(error: ValidationError, raw: object) -> Iterator[str]:
    """Yield a line a fault: the place, what is wrong there, what to do."""
    if raw is None:
        yield "the file is empty; begin with id, name and entries"
        return
    faults = error.errors()
    inside = {fault["loc"][:-depth] for fault in faults for depth in range(1, len(fault["loc"]))}
    for fault in faults:
        if fault["type"] == "too_short" and fault["loc"] in inside:
            continue  # there are some, and what is wrong with each is told
        yield f"{_place(fault['loc'], raw)}: {_said(fault)}"


def _said(fault: Any) -> str:  # noqa: ANN401 - pydantic's own dict
    message, got = fault["msg"].removeprefix("Value error, "), f"{fault['input']!r:.80}"
    match fault["type"]:
        case "missing":
            return f"{message}; add it"
        case "extra_forbidden":
            return f"{message}; remove it or correct its name"
        case "tuple_type" | "list_type":
            return f"must be a list: a line `- …` each, or [{got}]"
        case "too_short" if fault["input"] in ((), []):
            return "is empty; give at least one"
        case _ if fault["input"] is None:
            return "has nothing behind it; write what it is, or remove it"
        case "string_type" | "model_type" if isinstance(fault["input"], (bool, int, float)):
            return f"YAML takes this for {got}; {_QUOTES}"
        case "string_type" | "model_type" | "model_attributes_type" | "dict_type":
            return f"must be one text; {_QUOTES} if it begins with [ or {{ (got {got})"
        case "string_pattern_mismatch":
            field = next((one for one in reversed(fault["loc"]) if isinstance(one, str)), "")
            known = _PATTERNS.get(_FIELDS.get(field, ""))
            return f"{got} {known}" if known else f"{message} (got {got})"
    return f"{message} (got {got})"


def _place(where: tuple[int | str, ...], raw: object) -> str:
    """Return a place by ids, which a person finds in the file: `entry metro-1: aliases: no. 2`."""
    named: list[str] = []
    here: Any = raw
    for step in where:
        known = step in here if isinstance(here, dict) else isinstance(here, list)
        here = here[step] if known else None
        if not isinstance(step, int):
            named.append(step)
            continue
        one = {"entries": "entry", "posts": "post"}.get(named[-1] if named else "")
        if one and isinstance(here, dict) and isinstance(here.get("id"), str):
            named[-1] = f"{one} {here['id']}"
        else:
            named.append(f"no. {step + 1}")
    return ": ".join(named) or "the file"
