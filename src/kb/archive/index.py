"""What the full-text index holds: tokens of kb.text, exact and folded, in each engine's form.

SQLite: one FTS5 row a revision, columns title, text, title_folded, text_folded (space-joined
tokens). PostgreSQL: one row a revision, tsvectors `exact` and `folded` built from the same
tokens with their positions, the title with weight A. Rows are never changed: what is found is
decided by which revision its article calls current.

Limits of tsvector, out of reach for news: positions end at 16,383 (a phrase further on is not
found on PostgreSQL, its words are), 256 positions a word, and 1 MB (words beyond are left out).
"""

from __future__ import annotations

from collections.abc import Iterable

from kb.text import token_strings

ANALYZER = "1"
"""Raise it when kb.text.tokens splits or folds otherwise: archives are then indexed anew."""
LONGEST_TOKEN = 64
"""Characters of a token that count; longer ones are cut on both sides, index and query."""
_GAP = 10
_BOUNDARY = "§"  # a token that no text yields: phrases do not run from the lead into the body
_VECTOR_BYTES = 1_000_000


def columns(title: str, lead: str, body: str) -> tuple[str, str, str, str]:
    """Return title, text, title_folded and text_folded for FTS5."""
    exact, folded = zip(*map(_cut, (title, lead, body)), strict=True)
    return tuple(
        text
        for tokens in (exact, folded)
        for text in (" ".join(tokens[0]), " ".join([*tokens[1], _BOUNDARY, *tokens[2]]))
    )  # type: ignore[return-value]


def vectors(title: str, lead: str, body: str) -> tuple[str, str]:
    """Return the literals of the tsvectors `exact` and `folded`."""
    exact, folded = zip(*map(_cut, (title, lead, body)), strict=True)
    return _vector(exact), _vector(folded)


def _cut(text: str) -> tuple[list[str], list[str]]:
    exact, folded = token_strings(text)
    if exact and max(map(len, exact)) > LONGEST_TOKEN:
        exact = [token[:LONGEST_TOKEN] for token in exact]
        folded = [token[:LONGEST_TOKEN] for token in folded]
    return exact, folded


def _vector(fields: Iterable[list[str]]) -> str:
    places: dict[str, list[str]] = {}
    position, weight = 1, "A"
    for tokens in fields:
        for position, token in enumerate(tokens, position):  # noqa: B020 (goes on counting)
            places.setdefault(token, []).append(f"{position}{weight}")
        position, weight = position + _GAP, ""
    size, out = 0, []
    for token, found in places.items():
        size += len(token.encode()) + 2 * len(found) + 8
        if size > _VECTOR_BYTES:
            break
        out.append(f"{token}:{','.join(found)}")
    return " ".join(out)
