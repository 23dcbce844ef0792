"""Which names and entries people said are one, applied to whatever names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kb.archive.judgements.records import Judgement, Record, parse_key
from kb.reading import Assignment, Commitment, Holding, Mention, Quote
from kb.text import name_form

_ACTORS = ("person", "org")
NAMED: Mapping[type[Record], tuple[str, ...]] = {
    Quote: ("speaker",),
    Commitment: ("owner",),
    Assignment: ("actor",),
    Holding: ("person", "org"),
}
"""The columns of facts that name somebody; `X_id` beside each is the entry."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a name or an entry stands for, and which judgement says so."""

    judgement_id: str
    entity_id: str | None
    name: str | None
    """None: it keeps the name that it has."""


@dataclass(slots=True)
class Names:
    """The rules in force: for names by kind and form, for entries by id."""

    by_name: dict[tuple[str, str], Rule] = field(default_factory=dict)
    by_entry: dict[str, Rule] = field(default_factory=dict)
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    """Names that are no entries, with the judgement that says so."""

    def __bool__(self) -> bool:
        return bool(self.by_name or self.by_entry)

    @classmethod
    def of(cls, decided: Iterable[Judgement]) -> Names:
        """Return what judgements on names and entries, oldest first, come to: the last counts."""
        made = cls()
        for one in decided:
            key = parse_key(one.key)
            into = one.verdict in ("merge", "accept")
            rule = Rule(one.id, one.detail.get("entity_id"), one.detail.get("name"))
            if key.about == "entity":
                made.by_entry.pop(key.rest, None)
                if into:
                    made.by_entry[key.rest] = rule
            elif key.kind is not None:
                named = key.kind, key.rest
                made.by_name.pop(named, None)
                made.rejected.pop(named, None)
                if into:
                    made.by_name[named] = rule
                elif one.verdict == "reject":
                    made.rejected[named] = one.id
        return made

    def resolve(self, kinds: Iterable[str], entity_id: str | None, name: str) -> Rule | None:
        """Return what a name of one of some kinds stands for, None where no rule says so.

        What is merged into something that is merged goes all the way; the rule is the first's.
        """
        path = list(self._path(kinds, entity_id, name))
        if not path:
            return None
        said = next((one.name for one in reversed(path) if one.name), None)
        return Rule(path[0].judgement_id, path[-1].entity_id, said)

    def _path(self, kinds: Iterable[str], entity_id: str | None, name: str) -> Iterator[Rule]:
        wanted, seen = tuple(kinds), set[str]()
        while True:
            if entity_id is not None:
                rule = self.by_entry.get(entity_id)
            else:
                rules = (self.by_name.get((kind, name_form(name))) for kind in wanted)
                rule = next(filter(None, rules), None)
            if rule is None or rule.judgement_id in seen:
                return
            seen.add(rule.judgement_id)
            yield rule
            entity_id, name = rule.entity_id, rule.name or name

    def through(self, judgement_id: str) -> set[str]:
        """Return the judgements whose names go through a given one, it included."""
        found = {judgement_id}
        for (kind, form), rule in self.by_name.items():
            if judgement_id in {one.judgement_id for one in self._path((kind,), None, form)}:
                found.add(rule.judgement_id)
        for entity_id, rule in self.by_entry.items():
            if judgement_id in {one.judgement_id for one in self._path((), entity_id, "")}:
                found.add(rule.judgement_id)
        return found

    def apply(self, record: Record, settled: Collection[str] = ()) -> tuple[Record, str | None]:
        """Return a record with its names resolved, and the judgement that changed it, if any.

        `settled`: columns of a fact of which a person said who it is.
        """
        if isinstance(record, Mention):
            rule = self.resolve((record.kind,), record.entity_id, record.name)
            if rule is None:
                return record, None
            name = rule.name or record.name
            changed = replace(record, entity_id=rule.entity_id, name=name, method="judged")
            return changed, rule.judgement_id
        values: dict[str, Any] = {}
        by = None
        for column in NAMED[type(record)]:
            if column in settled:
                continue
            name = getattr(record, column)
            entity_id = getattr(record, f"{column}_id")
            rule = self.resolve(_ACTORS, entity_id, name) if name or entity_id else None
            if rule is not None:
                values |= {column: rule.name or name, f"{column}_id": rule.entity_id}
                by = rule.judgement_id
        if isinstance(record, Commitment | Assignment) and record.initiative_id is not None:
            rule = self.resolve((), record.initiative_id, "")
            if rule is not None:
                values["initiative_id"] = rule.entity_id
                by = rule.judgement_id
        return (replace(record, **values), by) if by else (record, None)
