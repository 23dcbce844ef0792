"""How far the words of a commitment reach: the action with its object and date."""

from __future__ import annotations

from collections.abc import Mapping

from kb.nlp.commitments.clauses import Clause, Segment, any_of, rest, skip, words
from kb.nlp.commitments.scheduled import Sign, outcome
from kb.nlp.dates import TimeSpan

_ACTION = 10
"""Code points that an action has at least, besides its dates and cues."""
_WORD = 4
"""Code points from which something is said besides a date and its cue."""
_TRAIL, _AIM, _TIMED = 39, 25, 15
"""Code points that an action has at least before what runs on after it is left out; the last
where its time stands in it, too."""


def foretold(text: str, clause: Clause, sign: Sign, when: TimeSpan) -> int | None:
    """Return where the action begins to which a cue only adds for when it is planned ("tổ chức
    hội chợ, dự kiến vào tháng 11"); None if the cue's own words say what is done."""
    own = clause.holding(sign.start)
    if not sign.cue or own is not clause.segments[-1] or not sign.start <= when.start < own.end:
        return None
    if rest(text, sign.start, own.end, clause.dates) >= _WORD:
        return None
    if rest(text, own.start, sign.start, clause.dates) >= _ACTION:
        return skip(text, own.start, sign.start)
    before = [one for one in clause.segments if one.end <= own.start and one.rest >= _ACTION]
    return skip(text, before[-1].start, before[-1].end) if before else None


def extent(
    text: str, clause: Clause, sign: Sign, when: TimeSpan, tags: Mapping[int, str]
) -> tuple[int, int]:
    """Return the action with its object, without who said it and what it is for.

    It begins with its cue, or behind one that only names a plan ("đặt mục tiêu").

    Args:
        tags: parts of speech by where a word begins.
    """
    start, reach = sign.start, max(when.end, sign.end)
    if when.precision == "year" and not when.first and (reached := outcome(text, when)):
        reach = min(max(reach, reached.end()), clause.end)
    return start, _end(text, clause, start, reach, tags, timed=start <= when.start)


def _enumerates(text: str, segment: Segment, tags: Mapping[int, str]) -> bool:
    """Tell whether a segment only adds to a row of things: nothing is done in it."""
    end = text.find(" và ", segment.start, segment.end)
    end = segment.end if end < 0 else end
    first = skip(text, segment.start, end)
    named = tags.get(first, "")[:1] in ("N", "L") and not segment.cued
    kinds = ("V", "A", "R") if tags.get(first) == "Np" else ("V", "R", "P", "X", "E", "C")
    found = (tags.get(at, "") for at in range(first, end))
    acts = any(tag[:1] in kinds and tag != "CH" for tag in found)  # CH: a mark
    return named and segment.mark == "," and not segment.dates and not acts


def _does_more(text: str, segment: Segment, tags: Mapping[int, str]) -> bool:
    """Tell whether a segment is one more thing done at the same time ("…, trao giải và …")."""
    if segment.mark != "," or segment.dates or segment.cued:
        return False
    first = segment.start + text.startswith(" ", segment.start)
    acts = any_of("then_acts", "built", "plans_to", "acts_then", "done_then", "paired_acts")
    done = tags.get(first, "")[:1] == "V" and acts.match(text, first, segment.end)
    return bool(done) or any_of("gathered").match(text, first, segment.end) is not None


def _goes_on(text: str, start: int, at: int) -> bool:
    """Tell whether a place lies in brackets behind which a time goes on ("từ 5/5 (…) đến 9/5")."""
    opened = text.count("(", start, at) > text.count(")", start, at)
    return opened and text.startswith((" đến", " tới"), text.find(")", at) + 1)


def _end(
    text: str, clause: Clause, start: int, reach: int, tags: Mapping[int, str], *, timed: bool
) -> int:
    """Return the end of the segment that completes the action; trails are left out."""
    end, enumerates = clause.end, False
    for one in clause.segments:
        if one.end < reach or (one.end - max(start, one.start) <= 12 and not enumerates):
            continue
        end = one.end
        after = next((x for x in clause.segments if x.start > one.start), None)
        first = skip(text, after.start, after.end) if after is not None else end
        goes_on = any_of("goes_on").match(text, first)
        aside = any_of("asides").match(text, skip(text, one.start, end))
        kinds = ("trails", "accompanies") if after and after.mark == "," else ("trails",)
        if after is not None and any_of(*kinds).match(text, first):
            break  # "họp đến 5/5, theo lời mời của …"
        said = rest(text, max(one.start, min(start, one.end)), one.end, one.dates)
        enumerates = after is not None and (
            _enumerates(text, after, tags) or _does_more(text, after, tags)
        )
        if said >= _ACTION and not aside and not goes_on and not enumerates:
            break
    other = next((one for one in clause.dates if one.start > reach), None)
    joint = text.find(" và ", reach, other.start) if other is not None else -1
    acts = joint + len(" và ")
    if 0 <= joint < end and (
        tags.get(acts, "")[:1] == "V" or any_of("nouns_before", "gathered").match(text, acts)
    ):
        end = joint  # "khai mạc tối 5/5 và kéo dài đến 9/5"
    for trail in any_of("trails", after=r"(?! đó)").finditer(text, reach, end):
        least = _AIM if trail[0] in words("purposive") else _TRAIL
        least = _TIMED if timed else least
        if _goes_on(text, reach, trail.start()) or text.endswith(
            (" đến ", " và "), 0, trail.start()
        ):
            continue
        if trail.start() in tags and trail.start() - start > least:  # "sáng | tạo" is one word
            end = trail.start()
            break
    if text.rfind("(", 0, start) > text.rfind(")", 0, start):
        bracket = text.find(")", reach, end)
        end = bracket if bracket >= 0 else end
    inside = text[start:end].rstrip(" .,;:-–")
    for opening, closing in ("“”", '""'):
        if opening not in inside[: inside.rfind(closing)] and inside.rfind(closing) > 0:
            inside = inside[: inside.rfind(closing)]
    if inside.count("(") > inside.count(")"):
        opens = inside.rindex("(")
        if start + opens >= reach:
            inside = inside[:opens]
    remark = any_of("remarks", before=r" \((?:", after=r")[^()]*\)$").search(inside)
    if remark is not None and start + remark.start() >= reach:
        inside = inside[: remark.start()]
    if inside.count(")") > inside.count("(") and inside.endswith(")"):
        inside = inside[:-1]
    return start + len(inside.rstrip(" ("))
