"""Capitals that no rule knows: what speaks for which kind, in votes."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache

from kb.nlp.names.gazetteer import plain
from kb.nlp.names.line import Line, Undecided
from kb.nlp.names.signs import signs
from kb.text import canonical

_AGE = re.compile(
    r",? \(?(?=[\dsS])(?:\d{1,2} tuổi|sinh năm|SN \d{4}|\d{1,2}, |(?:19|20)\d\d\))| \(\d\d\)"
    r"| \(?\d{1,3}'"
)
"""An age, a year of birth, the minute of a goal."""
_SITE = re.compile(r"\w\.(?:vn|com|net|org)$", re.IGNORECASE)
_CAMEL = re.compile(r"[a-z]+[A-Z]|[A-Z]{2,}[a-z]|[A-Z][a-z]+[A-Z]")
_ROMAN = re.compile(r"[IVXLC]+$")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.){2,}[A-ZĐ]?$|[A-ZĐ](?:\.[A-ZĐ])+\.?$")


def opener(line: Line, place: int) -> int:
    """Pass over a common word with the capital of the sentence alone."""
    return place + 1 if line.initial(place) else place


def stray_head(line: Line, place: int) -> int:
    """Pass over the head of a body that is not named: `Công an`."""
    return place + (line.words.admin_heads.at(line.row, place) > place)


def cut_off(line: Line, place: int) -> int:
    """Pass over a unit that ends its sentence, as the splitter does at `TP. | Thái Nguyên`."""
    return place + (line.words.inner_units.at(line.row, place) == len(line.row) - 1)


def undecided(line: Line, place: int) -> int:
    """Take a run of capitals and the votes for its kinds; the whole article decides."""
    token = line.row[place]
    if not token.capital or not token.word or line.shouting:
        return place
    if token.low == "theo" and _credits(line, place):
        return place + 1
    end = line.capitals(place, most=6)
    if line.initial(place) and opens(line, place, end):
        return place + 1
    if token.low in ("tiếng", "người"):
        return place + 2
    if token.low in line.words.nothing and (end - place <= 1 or not line.vietnamese(place + 1)):
        return place + 1
    end = line.cut(place, end)
    if end == place or line.words.inner_units.at(line.row, place) == end:
        return place + 1
    surface = line.surface(place, end)
    low = _form(surface)
    if low in line.known.products or low in line.words.nothing or line.unnamed_before(place):
        return end
    votes = _votes(line, place, end, low)
    start = line.starts[place]
    line.undecided.append(Undecided(start, start + len(surface), surface, votes))
    return end


def _credits(line: Line, place: int) -> bool:
    """Whether `Theo` names a source: `(Theo Kyodo)`; Theo Walcott is a person."""
    if line.known.bodies.at(line.row, place + 1) > place + 1:
        return True
    return line.low(place - 1) == "(" and not line.named_like(place + 1)


def opens(line: Line, place: int, end: int) -> bool:
    """Whether a capital is that of the sentence: a common word, not the first of a name."""
    token = line.row[place]
    if _known_after(line, place + 1):
        return line.full_name_at(place) == place and token.low not in line.known.given
    pos = line.pos_from(place)
    if pos in _FUNCTION:
        return line.vietnamese(place) or end - place > 1
    return pos in _COMMON and line.vietnamese(place) and (end - place < 2 or line.alone(place))


def _known_after(line: Line, place: int) -> bool:
    """Whether a name that needs no shape begins here: `Giúp Bồ Đào Nha`."""
    known = line.known
    return (
        place < len(line.row)
        and line.row[place].capital
        and line.adjacent(place)
        and (
            line.head(place) > place
            or known.places.at(line.row, place) > place + 1
            or known.bodies.at(line.row, place) > place
            or known.clubs.at(line.row, place) > place
            or line.full_name_at(place) > place
        )
    )


_FUNCTION = frozenset(("E", "C", "Cc", "P", "R", "L", "T", "I", "X"))
_COMMON = _FUNCTION | frozenset(("V", "A", "Nu", "N", "Nc", "M"))


_form = lru_cache(maxsize=2_000)(canonical)
"""The matching form of a name: most are said several times."""


def _votes(line: Line, place: int, end: int, low: str) -> dict[str, float]:
    """Return the votes for a name, of which `low` is the matching form."""
    votes: dict[str, float] = defaultdict(float)
    _by_neighbours(line, place, end, votes)
    _by_words(line, place, end, votes)
    if end - place == 1:
        _by_single(line, place, votes)
    else:
        _by_shape(line, place, end, low, votes)
    return votes


def _add(votes: dict[str, float], found: tuple[tuple[str, float], ...]) -> bool:
    for kind, weight in found:
        votes[kind] += weight
    return bool(found)


def _by_neighbours(line: Line, place: int, end: int, votes: dict[str, float]) -> None:
    known = signs()
    before, after = line.low(place - 1), line.low(end)
    for size in known.last_before.get(before, ()):
        if _add(votes, known.before.get(line.lows(place - size, place), ())):
            break
    here, low = end, after
    for _ in range(3):
        for size in known.first_after.get(low, ()):
            if _add(votes, known.after.get(line.lows(here, here + size), ())):
                here += size
                break
        else:
            if low not in line.words.adverbs:
                break
            here += 1
        low = line.low(here)
    if _AGE.match(line.text, line.end(end - 1)):
        votes["person"] += 2.5
    if line.plays(place, end):
        votes["org"] += 3
    if (
        after == "("
        and line.known.places.at(line.row, end + 1) > end + 1
        and (not line.sport and all(line.vietnamese(n) for n in range(place, end)))
    ):
        votes["place"] += 1.5  # "Cảm Nhân (Yên Bái)"
    if before == "(" and line.found and line.sport:
        last = line.found[-1]
        if last.kind == "person" and last.end + 2 >= line.starts[place]:
            votes["org"] += 2


def _by_words(line: Line, place: int, end: int, votes: dict[str, float]) -> None:
    known = signs()
    lows = [token.low for token in line.row[place:end]]
    if len(lows) > 1:
        _add(votes, known.tails.get(lows[-1], ()))
        for low in lows:
            if _add(votes, known.inside.get(low, ())):
                break
        if lows[0] in line.words.articles:
            votes["org"] += 2.5 if line.sport else 1
    if not all(map(str.isalpha, lows)) and any(map(str.isdigit, "".join(lows))):
        votes["nothing"] += 2


def _by_shape(line: Line, place: int, end: int, low: str, votes: dict[str, float]) -> None:
    """Count what several words look like: people's names, units of Vietnam, brands."""
    tokens = line.row[place:end]
    foreign = [token.text for token in tokens if not token.vietnamese]
    if not foreign:
        common = low in line.words.dictionary and line.pos_at(place) != "Np"
        votes["nothing" if common else "person"] += 1.5
        if low in line.known.districts:
            votes["place"] += 1.2
        return
    known = line.known
    texts = [token.text for token in tokens]
    words = [plain(text) for text in texts]
    if any(text[-1] == "." for text in foreign):
        votes["person"] += 2  # "Q. Nga"
    if words[0] in known.given:
        votes["person"] += 2
    if words[-1] in known.family or words[-1] in known.given:
        votes["person"] += 1.2
    elif words[0] in known.family:
        votes["person"] += 1
    if votes["person"] < 1 and not line.sport:
        votes["org"] += 1
        votes["person"] += 0.6
    else:
        votes["person"] += 1.1
    if tokens[0].vietnamese and not texts[0].isascii():
        votes["person"] += 1  # "Hương Baby"
    if all(map(str.isupper, texts)):
        votes["org"] += 0.5
    if any(map(_CAMEL.search, texts)):
        votes["org"] += 0.5


def _by_single(line: Line, place: int, votes: dict[str, float]) -> None:
    """Count what one word looks like: an abbreviation, a surname, a brand."""
    token = line.row[place]
    initial = line.initial(place)
    if _SITE.search(token.text):
        votes["org"] += 2
    elif _INITIALS.match(token.text):
        votes["person"] += 1
    elif _ROMAN.match(token.text) or len(token.text) == 1:
        votes["nothing"] += 5
    elif token.text.isupper():
        if len(token.text) <= 6 and token.text.isalpha():
            votes["org"] += 1.5
        else:
            votes["person"] += 0.5
    elif line.vietnamese(place):
        if line.pos_at(place) not in ("Np", "Ny", "N"):
            votes["nothing"] += 1.5
        elif not initial:
            votes["person"] += 1 if line.pos_at(place) != "N" else 0.3
    else:
        word = plain(token.text)
        known = line.known
        if word in known.family or word in known.given:
            votes["person"] += 1.5
        else:
            votes["person"] += 1
            votes["org"] += 0.8
        if line.sport:
            votes["person"] += 0.7
        elif _CAMEL.search(token.text):
            votes["org"] += 1
