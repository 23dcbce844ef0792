"""Who wrote it: JSON-LD persons, the family's byline element, the last line of the story."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.extract.structured import plain
from kb.text import clean, read_yaml

_PARTS = re.compile(r"\s*(?:[,;/|&·•\n]|\s[-–—]\s|\svà\s|\sand\s)\s*")
_BRACKET = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_ADDRESS = re.compile(r"\S*@\S*|https?://\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|net|org)\b", re.I)
_LETTERS = r"[^\W\d_]"
_WORD = re.compile(rf"{_LETTERS}(?:{_LETTERS}|['’])*\.?|(?:{_LETTERS}{{1,2}}\.)+{_LETTERS}*\.?")
_PLACES = {"hà nội", "việt nam", "đà nẵng", "thành phố hồ chí minh"}
_MOST_WORDS = 6
_LONGEST = 300
"""Most characters of a byline; what is longer is text."""
_SIGNED = 4
"""Most words of a name that stands alone at the end of a story (a sub-heading has more)."""


@lru_cache(maxsize=1)
def _rules() -> tuple[frozenset[str], re.Pattern[str], re.Pattern[str]]:
    source = (files("kb.extract") / "bylines.yaml").read_text(encoding="utf-8")
    data: dict[str, list[str]] = read_yaml(source)
    prefixes = re.compile(rf"^(?:{'|'.join(data['prefixes'])})\s*", re.IGNORECASE)
    others = re.compile(rf"(?:{'|'.join(data['others'])})", re.IGNORECASE)
    return frozenset(data["not_authors"]), prefixes, others


def names(text: str, outlet_names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the authors that a byline names, in its order, without doubles.

    Agencies, outlets, desks, photo credits and addresses name no author. `outlet_names` are
    further names of the outlet itself. Upper case is kept as printed.
    """
    stop, prefixes, others = _rules()
    stop = stop | {name.lower() for name in outlet_names}
    text = clean(html.unescape(html.unescape(text)))
    found: dict[str, None] = {}
    for row in text.split("\n"):
        if len(row) > _LONGEST:
            continue
        row = _ADDRESS.sub(" ", _BRACKET.sub(" ", prefixes.sub("", row)))
        for part in _PARTS.split(row):
            part = prefixes.sub("", part.strip(" .:*-–—>…")).strip(" .:*")
            if part.lower() in stop or others.fullmatch(part) or not is_name(part):
                continue
            found.setdefault(part)
    return tuple(found)


def is_name(text: str, most: int = _MOST_WORDS) -> bool:
    """Whether text is written like a name: one to `most` words, each with a capital."""
    words = text.split()
    return 1 <= len(words) <= most and all(
        _WORD.fullmatch(word) and (word[0].isupper() or word.lower() == "de") for word in words
    )


def signature(text: str) -> tuple[str, ...]:
    """Return the authors that a line at the end of a story names, () if it is no signature.

    Stricter than `names`: the line must be nothing but names of two to four words.
    """
    if len(text) > 80 or text[-1:] in '!?:;…"”' or text.endswith("./."):
        return ()
    stop, prefixes, others = _rules()
    bare = _BRACKET.sub(" ", prefixes.sub("", text.strip(" .*"))).strip()
    bare = _ADDRESS.sub(" ", bare).strip()
    parts = [part for part in _PARTS.split(bare) if part]
    if not parts or others.fullmatch(bare):
        return ()
    agencies = [part for part in parts if part.lower() in stop]
    people = [part for part in parts if part.lower() not in stop]
    signed = all(is_name(part, _SIGNED) for part in people)
    single = any(len(part.split()) == 1 and "." not in part for part in people)
    if not people or not signed or (single and not agencies and bare == text):
        return ()
    return names(text)


def is_credit(text: str) -> bool:
    """Whether a line only says where the story was taken from (`Theo TTXVN`, an agency)."""
    stop, _, others = _rules()
    bare = text.strip(" .()[]*")
    parts = [part for part in _PARTS.split(bare.lower()) if part]
    if parts and stop.issuperset(parts) and not _PLACES.issuperset(parts):
        return True
    said = ":" in bare or bare.lower().startswith(("theo", "nguồn"))
    return said and len(bare.split()) <= 8 and bool(others.fullmatch(bare))


def of_json_ld(article: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the JSON-LD article's authors that are persons."""
    authors = article.get("author")
    found: list[str] = []
    for author in authors if isinstance(authors, list) else [authors]:
        if isinstance(author, dict):
            kind = author.get("@type", "Person")
            name = plain(author.get("name")) if kind in ("Person", ["Person"]) else ""
        else:
            name = plain(author)
        found += names(name)
    return tuple(dict.fromkeys(found))
