"""Events: competitions that are known, and heads with their complement and edition."""

from __future__ import annotations

import re

from kb.nlp.names.complements import wordy_complement
from kb.nlp.names.line import Found, Line

_EDITION = re.compile(r"(?: lần thứ [IVXLC\d]+| năm (?:19|20)\d\d| (?:19|20)\d\d(?:[-/]\d{2,4})?)")
_QUOTED = re.compile(r"[“\"](?P<name>[^“”\"\n.]{3,90}?)[”\"]")
"""A name in quotation marks is one as a whole."""
_MONEY = frozenset(("triệu", "tỷ", "đồng", "nghìn", "ngàn"))


def known_event(line: Line, place: int) -> int:
    if not line.row[place].capital:
        return place
    after = line.known.events.at(line.row, place)
    if after == place or (place and line.row[place - 1].low in _MONEY):
        return place
    return with_edition(line, place, after, "known event")


def named_event(line: Line, place: int) -> int:
    if line.shouting:
        return place
    heads = line.words.event_heads if line.row[place].capital else line.words.lower_events
    after = heads.at(line.row, place)
    if after == place:
        return place
    known = line.known.events.at(line.row, after)
    if known > after and line.row[after].capital:
        return with_edition(line, place, known, "event head")  # "cúp FA"
    if line.low(place) == "cúp" and not line.row[place].capital:
        return place
    end = wordy_complement(line, place, after)
    if end == after:
        end = of_sport(line, after)
    if end == after:
        return place
    return with_edition(line, place, end, "event head")


def of_sport(line: Line, after: int) -> int:
    """Take the lower-case words of a competition up to its country or year.

    `Giải vô địch taekwondo thế giới 2024`, `giải vô địch quốc gia Scotland`.
    """
    for place in range(after, min(after + 9, len(line.row) - 1)):
        token = line.row[place]
        if token.capital:
            ends = [line.known.places.at(line.row, begin) for begin in (place - 1, place)]
            return max(after, *(end for end in ends if end > place), after)
        if _YEAR.match(token.text):
            return place
        if not token.word or line.pos_at(place)[:1] not in ("N", "A", "M", "V"):
            break
    return after


_YEAR = re.compile(r"(?:19|20)\d\d$")


def with_edition(line: Line, place: int, after: int, rule: str) -> int:
    city = line.known.places.at(line.row, after)
    if city > after and line.adjacent(after) and _YEAR.match(line.low(city)):
        after = city  # "Olympic Paris 2024"
    start, end = line.starts[place], line.end(after - 1)
    if quoted := _QUOTED.match(line.text, start - 1):
        end = max(end, quoted.end("name"))  # "Ngày hội Văn hóa vì hòa bình"
    while edition := _EDITION.match(line.text, end):
        end = edition.end()
    if after < len(line.row) and line.row[after].text.isdigit() and line.starts[after] > end:
        end = max(end, line.end(after))
    line.found.append(Found(start, end, "event", rule))
    while after < len(line.row) and line.starts[after] < end:
        after += 1
    return after
