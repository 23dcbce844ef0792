"""Short forms that an article explains itself: abbreviations, surnames, names without their seat.

A name that the article gives in full elsewhere stands for the same: it gets the full name and,
where that is linked, the entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from kb.nlp.link.cues import cues
from kb.nlp.passage import Name
from kb.text import canonical, fold

SHORT = 0.95
"""Of the 25 different short forms linked in 2,000 articles of general press 24 were right;
abbreviations that the article itself explains are taken for no less."""
_WORD = re.compile(r"\w+")
_SHORT_THEMSELVES = ("registry:context", "registry:abbreviation", "abbreviation")
_LONGEST = 4
"""Words of a person's name; longer rows of capitals are line-ups of matches."""
_SHORTENED = ("person", "org", "document")
_NAMED = ("org", "initiative", "programme", "event", "document")


class _Place(NamedTuple):
    """A name in its article: `order` is its number among all, `words` are in matching form."""

    field: int
    at: int
    order: int
    name: Name
    surface: str
    words: tuple[str, ...]


_Longer = dict[tuple[str, str], dict[tuple[str, ...], list[_Place]]]
"""Names that others may be short for: by kind and first or last word, then by all words."""


# --- abbreviations -------------------------------------------------------------------------


def abbreviations(texts: Sequence[str], fields: Sequence[Sequence[Name]]) -> list[list[Name]]:
    """Read `Trung tâm … (viết tắt: HCCC)` and give the name to every HCCC of the article."""
    meant = {
        short: name
        for text, names in zip(texts, fields, strict=True)
        for name in names
        for short in _introduced(text, name)
    }
    if not meant:
        return [list(names) for names in fields]
    body = "|".join(map(re.escape, sorted(meant, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w-])(?:{body})(?![\w-])")
    return [
        _with_abbreviations(text, names, meant, pattern)
        for text, names in zip(texts, fields, strict=True)
    ]


def _introduced(text: str, name: Name) -> Iterator[str]:
    """Yield what an article calls a name from the brackets after it on."""
    if name.kind not in _NAMED:
        return
    said = cues().defined.match(text, name.end)
    match = said or cues().bracketed.match(text, name.end)
    if match is None:
        return
    short = match["short"]
    capitals = sum(map(str.isupper, short))
    if short in cues().bare or capitals < 2:
        return
    if said is not None or _initials(short, text[name.start : name.end]):
        yield short


def _initials(short: str, name: str) -> bool:
    """Whether the letters of a word are first letters of a name's words, in order."""
    first = iter(fold(word[0]).lower() for word in _WORD.findall(name))
    letters = [one for one in fold(short).lower() if one.isalpha()]
    return short.isupper() and all(letter in first for letter in letters)


def _with_abbreviations(
    text: str, names: Sequence[Name], meant: dict[str, Name], pattern: re.Pattern[str]
) -> list[Name]:
    done = list(names)
    for match in pattern.finditer(text):
        target = meant[match.group()]
        linked = target.entity_id is not None
        here = [one for one in done if one.start < match.end() and match.start() < one.end]
        if any(one.entity_id or (one.start, one.end) != match.span() for one in here):
            continue
        if not here and re.match(r" [^\W\d_]", text[match.end() : match.end() + 2]):
            after = text[match.end() + 1]
            if after.isupper():
                continue  # "BQL Khu A" is another
        done = [one for one in done if one not in here]
        done.append(
            replace(
                target,
                start=match.start(),
                end=match.end(),
                method="registry:abbreviation" if linked else "abbreviation",
                score=SHORT if linked else max(0.8, target.score),
                title=None,
            )
        )
    return sorted(done, key=lambda name: name.start)


# --- short forms ---------------------------------------------------------------------------


def short_forms(texts: Sequence[str], fields: Sequence[Sequence[Name]]) -> list[list[Name]]:
    """Let names without an entry, and those that clues alone linked, follow their full form."""
    places: list[_Place] = []
    longer: _Longer = defaultdict(lambda: defaultdict(list))
    for number, (text, names) in enumerate(zip(texts, fields, strict=True)):
        for at, name in enumerate(names):
            if name.kind in _SHORTENED:
                surface = text[name.start : name.end]
                words = _words(surface)
                place = _Place(number, at, len(places), name, surface, words)
                places.append(place)
                if len(words) > 1 and not name.listed and name.method not in _SHORT_THEMSELVES:
                    for word in {words[0], words[-1]}:
                        longer[name.kind, word][words].append(place)
    done = [list(names) for names in fields]
    for place in sorted(places, key=lambda one: -len(one.words)):
        full = _full(place, longer, places)
        if full is not None:
            target = done[full.field][full.at]
            done[place.field][place.at] = _as(place.name, target)
    return done


@lru_cache(maxsize=2_000)
def _words(surface: str) -> tuple[str, ...]:
    """Return the words of a name in matching form."""
    return tuple(_WORD.findall(canonical(surface)))


def _as(name: Name, full: Name) -> Name:
    if full.entity_id is None:
        return replace(name, name=full.name, entity_id=None, method=_unlinked(name.method))
    score = min(SHORT, full.score)
    return replace(
        name, entity_id=full.entity_id, name=full.name, method="registry:short", score=score
    )


def _unlinked(method: str) -> str:
    return "short" if method.startswith("registry") else method


def _full(place: _Place, longer: _Longer, places: Sequence[_Place]) -> _Place | None:
    """Return the full form that a name is short for: the last before it, else the first after."""
    name, short = place.name, place.words
    by_clues = name.method == "registry:context"
    if name.listed or not short or (name.entity_id is not None and not by_clues):
        return None
    fuller = [
        other
        for word in {short[0], short[-1]}
        if (forms := longer.get((name.kind, word)))
        for full, others in forms.items()
        if len(short) < len(full) and _shortens(place, full)
        for other in others
        if name.kind != "person" or _sex(name) * _sex(other.name) >= 0
    ]
    if not fuller:
        return None
    if by_clues and any(
        one.name.entity_id == name.entity_id and one.name.method == "registry:exact"
        for one in places
    ):
        return None  # the article names that entry in full itself
    before = [one for one in fuller if one.order < place.order]
    if before:
        return max(before, key=lambda one: one.order)
    return min(fuller, key=lambda one: one.order)


def _shortens(place: _Place, full: tuple[str, ...]) -> bool:
    """Whether a name may be short for a longer one of its kind."""
    short = place.words
    if place.name.kind == "person":
        return len(full) <= _LONGEST and (
            full[-len(short) :] == short
            or (full[: len(short)] == short and full[0] not in cues().family)
        )
    if place.name.kind == "document":
        short = tuple(word for word in short if word != "số")
        full = tuple(word for word in full if word != "số")
        return full[: len(short)] == short and len(short) > 1
    if len(short) > 1 and full[: len(short)] == short:
        return True
    return (
        full[-len(short) :] == short
        and _capitals(place.surface)
        and cues().forms.match(" ".join(full)) is not None
    )


def _sex(name: Name) -> int:
    """Return 1 for a woman, -1 for a man, 0 where neither courtesy nor name tells."""
    first = (name.title or "").lower().split(" ")[0]
    if first in cues().female or " Thị " in name.name:
        return 1
    return -1 if first in cues().male or " Văn " in name.name else 0


def _capitals(text: str) -> bool:
    return all(word[0].isupper() or word[0].isdigit() for word in _WORD.findall(text))
