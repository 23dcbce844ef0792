"""Narrowing a typed query by a further clause (`người:"…"`), and taking one back.

A filter of the form takes any of its values. Who wants articles that name both needs both to hold:
the second goes into the text, in the language of queries, where it can be seen and changed.
"""

from __future__ import annotations

import re
from typing import Final

from kb.text import canonical

FIELDS: Final[dict[str, dict[str, str]]] = {
    "initiative": {"vi": "sáng_kiến", "en": "initiative"},
    "actor": {"vi": "người", "en": "actor"},
    "place": {"vi": "địa_điểm", "en": "place"},
    "kind": {"vi": "loại", "en": "kind"},
}
"""Filters of which an article can have several values, with the fields of the language."""
_NAMES = {canonical(said): name for name, by in FIELDS.items() for said in by.values()}
_EITHER = re.compile(r"(?<!\S)(?:OR|HOẶC)(?!\S)")
_CLAUSE = re.compile(r'(?:^|\s+)(?P<field>[^\s:"()]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"()]+))$')
_OPEN = re.compile(r"(?:(?<!\S)(?:OR|HOẶC|AND|VÀ|NOT|KHÔNG|NEAR(?:/\d+)?|GẦN(?:/\d+)?)|[-(])$")


def narrowed(text: str, name: str, value: str, language: str) -> str:
    """Return a text that asks for the same and for a value of a filter besides."""
    field = FIELDS[name]["en" if language == "en" else "vi"]
    said = value.replace('"', " ").strip()
    clause = f'{field}:"{said}"' if not said.isalnum() else f"{field}:{said}"
    before = f"({text})" if _EITHER.search(_outermost(text)) else text
    return f"{before} {clause}".strip()


def _outermost(text: str) -> str:
    """Return what of a text stands in no parentheses and no quotation marks."""
    depth, quoted, found = 0, False, []
    for sign in text:
        quoted ^= sign == '"'
        depth += (sign == "(") - (sign == ")") if not quoted else 0
        found.append(" " if quoted or depth > 0 or sign in '")' else sign)
    return "".join(found)


def clauses(text: str) -> list[tuple[str, str, str]]:
    """Return the clauses at the end of a text as (filter, value, the text without it)."""
    found: list[tuple[str, str, int, int]] = []
    end = len(text)
    while match := _CLAUSE.search(text[:end]):
        name = _NAMES.get(canonical(match["field"]))
        before = text[: match.start()].rstrip()
        if name is None or _OPEN.search(before) or before.count("(") != before.count(")"):
            break
        value = match["quoted"] if match["quoted"] is not None else match["bare"]
        found.append((name, value, match.start(), end))
        end = match.start()
    return [
        (name, value, " ".join((text[:start] + text[stop:]).split()))
        for name, value, start, stop in reversed(found)
    ]
