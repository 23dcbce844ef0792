"""Facts that name whom a mention names, where a person says that the mention is somebody else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.archive.judgements.anchor import Span, overlap
from kb.archive.judgements.names import NAMED
from kb.archive.judgements.records import Judgement, Record
from kb.reading import Mention
from kb.text import name_form

_WHO = {"entity_id": "{}_id", "name": "{}"}
"""What says who a mention is, with the column of a fact that says the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who some mentions were, by the names and entries that they went by, and who they are now."""

    forms: frozenset[str]
    entries: frozenset[str | None]
    now: Mapping[str, Any]
    """`entity_id` and `name`, as far as the judgement says them."""
    within: Span | None
    """The sentence whose facts go along; None: those of the whole text do."""

    @classmethod
    def of(
        cls, one: Judgement, target: Mention, mentions: Sequence[tuple[Record | None, Record]]
    ) -> Change | None:
        """Return what a judgement changes of mentions (as read, and as they are now), if anything.

        A split is about the name in the whole text, a correction about one place.
        """
        now = {name: value for name, value in values_of(one).items() if name in _WHO}
        if one.verdict not in ("correct", "split") or not now or not mentions:
            return None
        before = [target, *(read for read, _ in mentions if isinstance(read, Mention))]
        forms = {name_form(text) for each in before for text in (each.surface, each.name)}
        record = mentions[0][1]
        within = None
        if one.verdict == "correct" and isinstance(record, Mention):
            within = record.field, record.sentence_start, record.sentence_end
        entries = frozenset(each.entity_id for each in before)
        return cls(frozenset(forms), entries, now, within)

    def apply(self, record: Record) -> tuple[Record, set[str]]:
        """Return a fact that names who it was with who it is, and the columns that name it."""
        place = record.field, record.start, record.end
        if isinstance(record, Mention) or (self.within and not overlap(place, self.within)):
            return record, set()
        columns = {
            column
            for column in NAMED[type(record)]
            if getattr(record, f"{column}_id") in self.entries
            and name_form(getattr(record, column) or "") in self.forms
        }
        values = {
            _WHO[name].format(column): value
            for column in columns
            for name, value in self.now.items()
        }
        return replace(record, **values), columns


def values_of(one: Judgement) -> dict[str, Any]:
    """Return what a judgement says of columns: who is split off without an entry has none."""
    detail = dict(one.detail)
    return {"entity_id": None, **detail} if one.verdict == "split" else detail
