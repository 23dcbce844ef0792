"""A reading with what people decided about it: pure, the same at every load and re-reading.

Each judgement is attached to what the reader takes now from the words that were judged, wherever
they stand now and however far the new span reaches; then the judgements on one thing are applied
in order of time. What a person confirmed or corrected stays even if the reader no longer finds it,
as long as its words are there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from kb.archive.judgements.anchor import (
    Anchor,
    Span,
    Texts,
    alike,
    find,
    overlap,
    sentence_around,
)
from kb.archive.judgements.follow import Change, values_of
from kb.archive.judgements.names import Names
from kb.archive.judgements.records import Judged, Judgement, Parts, Record, as_plain, from_plain
from kb.archive.judgements.sound import fault
from kb.article import FIELDS
from kb.reading import Assignment, Commitment, Holding, Mention, Quote
from kb.text import name_form

log = logging.getLogger("kb.archive")
_ENOUGH = 0.5
"""What two spans must share to be the same thing."""
_SHORTEST = 20  # code points of a passage that is looked for by likeness
_WORDS = {"confirm": "confirmed", "correct": "corrected", "split": "split", "status": "status"}


@dataclass(frozen=True, slots=True)
class Applied:
    """A reading's parts as they count, what was judged in them, and how each judgement fared.

    `outcomes`: by id of the judgement its outcome (see `records.CONFLICTS`) and, where it
    differs from another, that one's id.
    """

    parts: Parts
    judged: list[Judged]
    outcomes: dict[str, tuple[str, str | None]]


@dataclass(slots=True)
class _Item:
    """One thing that was read, or that a person says is there, while it is being judged."""

    part: str
    place: int | None
    original: Record | None
    record: Record
    present: bool = True
    status: str | None = None
    log: list[Judgement] = field(default_factory=list)
    merged_by: str | None = None
    named: bool = False
    """A person said who this is: names that were merged do not count here."""
    follows: Judgement | None = None
    """The judgement on a mention that says who is named in this fact."""
    settled: set[str] = field(default_factory=set)
    """The columns of which it says so."""


def apply(parts: Parts, texts: Texts, decided: Sequence[Judgement], names: Names) -> Applied:
    """Return a reading's parts with judgements on its story (oldest first) and on names."""
    items = {
        part: [_Item(part, place, record, record) for place, record in enumerate(records)]
        for part, records in parts.items()
    }
    outcomes: dict[str, tuple[str, str | None]] = {}
    for one in decided:
        if wrong := fault(one):
            log.warning("judgement %s cannot be applied: %s", one.id, wrong)
            outcomes[one.id] = "gone", None
            continue
        outcomes[one.id] = (_take(items[one.about], texts, one, names), None)
        if one.about == "mention":
            _follow(items, one)
    for found in items.values():
        for item in found:
            outcomes |= _differences(item.log)
            if names and item.present and not item.named:
                item.record, item.merged_by = names.apply(item.record, item.settled)
    result = {part: _result(part, found) for part, found in items.items()}
    return Applied(
        {part: records for part, (records, _) in result.items()},
        [one for _, judged in result.values() for one in judged],
        outcomes,
    )


def restore(part: str, records: Sequence[Record], judged: Iterable[Judged]) -> list[Record]:
    """Return what the reader took: the way back from `apply` for one part."""
    by_number = {one.number: one for one in judged if one.part == part}
    found = []
    for number, record in enumerate(records):
        one = by_number.get(number)
        if one is None or not one.kept:
            found.append(one.original if one and one.original else record)
    for number in sorted((n for n in by_number if n < 0), reverse=True):
        if (gone := by_number[number].original) is not None:
            found.insert(-1 - number, gone)
    return found


# --- one judgement ---------------------------------------------------------------------------


def _take(items: list[_Item], texts: Texts, one: Judgement, names: Names) -> str:
    """Let a judgement act on the thing that it is about; return the outcome."""
    target = from_plain(one.about, one.target["record"])
    if one.verdict == "split" and isinstance(target, Mention):
        same = [each for each in items if _is_named(each, target, names)]
        for each in same:
            _act(each, texts, one)
        return "applied" if same else "gone"
    place = find(texts, Anchor(**one.target["anchor"]))
    item = _attached(items, texts, target, place)
    if item is None:
        if one.verdict == "reject":
            return "satisfied"
        if place is None:
            return "gone"
        item = _Item(one.about, None, None, _moved(target, texts, place))
        items.append(item)
    elif one.verdict == "reject" and not _says_the_same(item, target):
        return "satisfied"
    return _act(item, texts, one)


def _act(item: _Item, texts: Texts, one: Judgement) -> str:
    item.log.append(one)
    item.present = one.verdict != "reject"
    match one.verdict:
        case "confirm":
            target = from_plain(one.about, one.target["record"])
            place = find(texts, Anchor(**one.target["anchor"]))
            if place is not None and _values(target) != _values(item.record):
                item.record = _moved(target, texts, place)
        case "correct" | "split":
            values = values_of(one)
            span = values.pop("span", None)
            item.named |= not values.keys().isdisjoint(_WHO)
            record = replace(item.record, **values)
            if span is not None:
                place = find(texts, Anchor(**span))
                if place is None:
                    return "gone"
                record = _moved(record, texts, place)
            if isinstance(record, Mention) and record != item.record:
                record = replace(record, method="judged", score=1.0)
            item.record = record
        case "status":
            item.status = str(one.detail["status"])
    return "applied"


def _follow(items: dict[str, list[_Item]], one: Judgement) -> None:
    """Let facts go along with the mentions that a judgement has just acted on, except those of
    which a person said themselves who it is."""
    mentions = [(each.original, each.record) for each in items["mention"] if each.log[-1:] == [one]]
    target = from_plain("mention", one.target["record"])
    change = Change.of(one, target, mentions) if isinstance(target, Mention) else None
    if change is None:
        return
    for each in (each for part in items.values() for each in part):
        if each.named or any(judged.verdict == "confirm" for judged in each.log):
            continue
        each.record, columns = change.apply(each.record)
        if columns:
            each.follows = one
            each.settled |= columns


_WHO = {
    "entity_id", "name", "speaker_id", "speaker", "owner_id", "owner", "actor_id", "actor",
    "person_id", "person", "org_id", "org",
}  # fmt: skip


def _attached(
    items: Sequence[_Item], texts: Texts, target: Record, place: Span | None
) -> _Item | None:
    """Return the thing that stands where a judged one stood; by likeness where that changed."""
    best: tuple[float, _Item] | None = None
    for item in items:
        records = [item.record, item.original] if item.original else [item.record]
        if not any(_may_be(record, target) for record in records):
            continue
        if place is not None:
            share = max(overlap(place, _span(record)) for record in records)
            score = share + _label(item.record, target) if share >= _ENOUGH else 0.0
        else:
            words = _text(target)
            there = texts[item.record.field][item.record.start : item.record.end]
            score = alike(words, there) if len(words) >= _SHORTEST else 0.0
        if score and (best is None or score > best[0]):
            best = score, item
    return best[1] if best else None


def _span(record: Record) -> Span:
    return record.field, record.start, record.end


def _text(record: Record) -> str:
    return record.text if isinstance(record, Quote | Commitment) else ""


def _may_be(record: Record, target: Record) -> bool:
    """Whether two records that share a place may be one: a clause can have several actors."""
    match record, target:
        case Assignment(), Assignment():
            return _same_name(record.actor, target.actor)
        case Holding(), Holding():
            return _same_name(record.person, target.person)
        case _:
            return True


def _same_name(one: str, other: str) -> bool:
    return name_form(one) == name_form(other)


def _label(record: Record, target: Record) -> float:
    """Return how far two records say the same (0–1), to choose between those of one place."""
    mine, theirs = _values(record), _values(target)
    return len([name for name in mine if mine[name] == theirs[name]]) / len(mine)


_PLACE = {"start", "end", "field", "sentence_start", "sentence_end", "method", "score"}


def _values(record: Record) -> dict[str, Any]:
    """Return what a record says, apart from where and how it was found."""
    return {name: value for name, value in as_plain(record).items() if name not in _PLACE}


def _says_the_same(item: _Item, target: Record) -> bool:
    """Whether what was rejected is still said: another kind or entry is another statement."""
    if not isinstance(target, Mention):
        return True
    said = [one for one in (item.record, item.original) if isinstance(one, Mention)]
    return any((one.kind, one.entity_id) == (target.kind, target.entity_id) for one in said)


def _is_named(item: _Item, target: Mention, names: Names) -> bool:
    merged = item.record if item.named else names.apply(item.record)[0]
    return any(
        (one.kind, one.entity_id) == (target.kind, target.entity_id)
        and _same_name(one.name, target.name)
        for one in (item.record, item.original, merged)
        if isinstance(one, Mention)
    )


def _moved(record: Record, texts: Texts, place: Span) -> Record:
    """Return a record at another place, with the words that stand there."""
    field_, start, end = place
    text = texts[field_]
    values: dict[str, Any] = {"field": field_, "start": start, "end": end}
    if isinstance(record, Mention):
        first, last = sentence_around(text, start, end)
        values |= {"surface": text[start:end], "sentence_start": first, "sentence_end": last}
    elif isinstance(record, Quote | Commitment):
        values["text"] = text[start:end]
    return replace(record, **values)


# --- several judgements ----------------------------------------------------------------------


def _differences(log: Sequence[Judgement]) -> dict[str, tuple[str, str | None]]:
    """Return the judgements of two people that contradict each other, at the later of the two."""
    settled = max((n for n, one in enumerate(log) if one.settles), default=0)
    said: dict[str, tuple[dict[str, Any], Judgement]] = {}
    for one in log[settled:]:
        values, _ = said.get(one.who, ({}, one))
        if one.verdict == "reject":
            values = {"present": False}
        else:
            values = {**values, "present": True, **_claims(one)}
        said[one.who] = values, one
    found: dict[str, tuple[str, str | None]] = {}
    for (mine, one), (theirs, other) in combinations(said.values(), 2):
        if any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()):
            later, earlier = sorted((one, other), key=lambda each: (each.at, each.id))[::-1]
            found[later.id] = "differs", earlier.id
    return found


def _claims(one: Judgement) -> dict[str, Any]:
    if one.verdict == "confirm":
        return _values(from_plain(one.about, one.target["record"]))
    return dict(one.detail)


def _result(part: str, items: Sequence[_Item]) -> tuple[list[Record], list[Judged]]:
    """Return the records that count, in the reader's order, and what was judged in them."""
    present = [item for item in items if item.present and item.place is not None]
    for item in (item for item in items if item.present and item.place is None):
        after = (n for n, one in enumerate(present) if _order(one.record) > _order(item.record))
        present.insert(next(after, len(present)), item)
    judged = [
        Judged(part, number, by, verdict, item.status, item.place is None, _changed(item))
        for number, item in enumerate(present)
        for by, verdict in _verdict(item)
    ]
    judged += [
        Judged(part, -1 - item.place, item.log[-1].id, "rejected", None, False, item.original)
        for item in items
        if not item.present and item.place is not None
    ]
    return [item.record for item in present], judged


def _order(record: Record) -> tuple[int, int, int]:
    return FIELDS.index(record.field), record.start, record.end


def _changed(item: _Item) -> Record | None:
    return item.original if item.original != item.record else None


def _verdict(item: _Item) -> Iterable[tuple[str, str]]:
    """Yield the judgement that counts for a thing and the word for it, if it was judged."""
    if item.merged_by:
        yield item.merged_by, "merged"
    elif item.log:
        said = {one.verdict: one for one in item.log}
        for name in ("correct", "split", "confirm", "status"):
            if name in said:
                yield said[name].id, _WORDS[name]
                return
    elif item.follows:
        yield item.follows.id, _WORDS[item.follows.verdict]
