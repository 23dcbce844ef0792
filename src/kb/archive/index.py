"""What the full-text index holds: tokens of kb.text, exact and folded, in each engine's form.

Each article's current text, at its place in the order of all (`places.py`).

SQLite: two FTS5 tables, `search_exact` and `search_folded`, columns body, lead, title: the first
column costs least, and tables of their own need no filter. Every row has the token §, so that
what lacks a word is found, too.

PostgreSQL: a table `search` of the tokens themselves, in order, as two texts: exact and folded.
Their GIN indexes are over lexemes that SQL takes from these texts, so that no tsvector is kept
(`search_words` in the migration): the words; those of titles once more behind `^`, those of leads
behind `<`. Fields end with `|`. GIN keeps no positions: those of frequent words (common.yaml) stand
in a table of their own (`standing.py`), which decides phrases and NEAR of frequent words without
reading a text. Other phrases, and NEAR, look at the texts of what has all their words, which are
few where one of them is not frequent.

A tsvector ends at 1 MB, out of reach for news: of longer texts (`long`) positions are left out and
the text is looked at instead; at last, words.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from kb.text import read_yaml, token_strings, token_texts

ANALYZER = "2"
"""Raise it when tokens are split, folded or kept otherwise: archives are then indexed anew."""
LONGEST_TOKEN = 64
"""Characters of a token that count; longer ones are cut on both sides, index and query."""
EVERY = "§"
"""A token that no text yields."""
MARKS = {"": "", "title": "^", "lead": "<"}
END = "|"
"""On PostgreSQL after each field, and so in every text."""
_LONG = 150_000  # bytes of a text whose words surely make no full tsvector
_TOKENS = 60_000  # of a text whose positions surely are less than 2**16
_VECTOR_BYTES = 1_000_000

Columns = tuple[str, str, str]


@cache
def common(folded: bool = False) -> frozenset[str]:
    """Return the frequent words, exact or folded, whose positions are kept on PostgreSQL."""
    words = read_yaml(files("kb.archive").joinpath("common.yaml").read_text("utf-8"))
    return frozenset(words["folded" if folded else "exact"])


def columns(title: str, lead: str, body: str) -> tuple[Columns, Columns]:
    """Return body, lead and title of `search_exact` and of `search_folded`."""
    of_body, of_lead, of_title = (token_texts(one, LONGEST_TOKEN) for one in (body, lead, title))
    return (
        (of_body[0], of_lead[0], f"{EVERY} {of_title[0]}"),
        (of_body[1], of_lead[1], f"{EVERY} {of_title[1]}"),
    )


def texts(title: str, lead: str, body: str) -> tuple[bool, str, str]:
    """Return whether the text is long, and its exact and its folded tokens, a space around each."""
    fields = _cut(title), _cut(lead), _cut(body)
    exact, folded = (
        " ".join(
            [
                f" {END}",
                *(MARKS["title"] + token for token in title_),
                END,
                *(MARKS["lead"] + token for token in lead_),
                END,
                *title_,
                END,
                *lead_,
                END,
                *body_,
                f"{END} ",
            ]
        )
        for title_, lead_, body_ in zip(*fields, strict=True)
    )
    short = len(exact) * 4 < _LONG or len(exact.encode()) < _LONG
    if short and (len(exact) < _TOKENS or exact.count(" ") < _TOKENS):
        return False, exact, folded
    return True, _most(exact), _most(folded)


def _most(text: str) -> str:
    """Return the beginning of a text whose distinct words fit into a tsvector."""
    size, seen = 0, set[str]()
    for number, token in enumerate(words := text.split()):
        if token not in seen:
            seen.add(token)
            size += len(token.encode()) + 8
        if size > _VECTOR_BYTES:
            return f" {' '.join(words[:number])} {END} "
    return text


def _cut(text: str) -> tuple[list[str], list[str]]:
    exact, folded = token_strings(text)
    if exact and max(map(len, exact)) > LONGEST_TOKEN:
        exact = [token[:LONGEST_TOKEN] for token in exact]
        folded = [token[:LONGEST_TOKEN] for token in folded]
    return exact, folded
