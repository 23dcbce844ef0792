"""Events: competitions that are known, and heads with their complement and edition."""

from __future__ import annotations

import re

from kb.nlp.names.bodies import wordy_complement
from kb.nlp.names.line import Found, Line

_EDITION = re.compile(r"(?: lần thứ [IVXLC\d]+| năm (?:19|20)\d\d| (?:19|20)\d\d(?:[-/]\d{2,4})?)")
_MONEY = frozenset(("triệu", "tỷ", "đồng", "nghìn", "ngàn"))


def known_event(line: Line, place: int) -> int:
    if not line.row[place].capital:
        return place
    after = line.words.events.at(line.row, place)
    if after == place or (place and line.row[place - 1].low in _MONEY):
        return place
    return with_edition(line, place, after, "known event")


def named_event(line: Line, place: int) -> int:
    if not line.row[place].capital or line.shouting:
        return place
    after = line.words.event_heads.at(line.row, place)
    if after == place:
        return place
    end = wordy_complement(line, after)
    if end == after:
        return place
    return with_edition(line, place, end, "event head")


def with_edition(line: Line, place: int, after: int, rule: str) -> int:
    start, end = line.row[place].start, line.row[after - 1].end
    while edition := _EDITION.match(line.text, end):
        end = edition.end()
    if after < len(line.row) and line.row[after].text.isdigit() and line.row[after].start > end:
        end = max(end, line.row[after].end)
    line.found.append(Found(start, end, "event", rule))
    while after < len(line.row) and line.row[after].start < end:
        after += 1
    return after
