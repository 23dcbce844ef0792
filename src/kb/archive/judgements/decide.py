"""Deciding: new entries of the log, undoing them, and logs that come from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, select

from kb.archive.judgement_tables import outcome
from kb.archive.judgements import log
from kb.archive.judgements.entries import check_entries, name_of
from kb.archive.judgements.overlay import settle
from kb.archive.judgements.records import CONFLICTS, RECORDS, Conflict, Judgement, parse_key
from kb.archive.judgements.sound import fault
from kb.archive.judgements.things import thing
from kb.archive.judgements.values import checked
from kb.archive.lookup import chunks
from kb.errors import ConfigError, Refused


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the log and how it stands: `applied`, `satisfied`, `undone`, `undo`, or one of
    the conflicts (`records.CONFLICTS`)."""

    judgement: Judgement
    state: str


def entry(
    key: str,
    verdict: str,
    *,
    detail: Mapping[str, Any] | None = None,
    target: Mapping[str, Any] | None = None,
    who: str | None = None,
    note: str | None = None,
    source: str | None = None,
    settles: bool = False,
) -> Judgement:
    """Return a new entry about a key, of this moment and by default of whoever is here."""
    parsed = parse_key(key)
    return Judgement(
        id=log.new_id(),
        about=parsed.about,
        key=key,
        article=parsed.story,
        verdict=verdict,
        detail=detail or {},
        target=target or {},
        who=who or log.local_name(),
        at=datetime.now(UTC),
        note=note or None,
        source=source or None,
        settles=settles,
    )


def undoing(one: Judgement, who: str | None = None, note: str | None = None) -> Judgement:
    """Return an entry that reverses another one."""
    return Judgement(
        id=log.new_id(),
        about=one.about,
        key=one.key,
        article=one.article,
        verdict="undo",
        detail={},
        target={},
        who=who or log.local_name(),
        at=datetime.now(UTC),
        note=note or None,
        undoes=one.id,
    )


def add(connection: Connection, entries: Sequence[Judgement]) -> list[Judgement]:
    """Add entries to the log and let them count; return those that were not there."""
    fresh = log.append(connection, entries)
    if fresh:
        settle(connection, fresh)
    return fresh


def judge(
    connection: Connection,
    key: str,
    verdict: str,
    values: Mapping[str, Any],
    **said: Any,  # noqa: ANN401
) -> Judgement:
    """Check and add one judgement.

    Raises:
        ConfigError: the key stands for nothing, or the verdict or a value does not fit it.
    """
    parsed = parse_key(key)
    on = thing(connection, key, parsed) if parsed.about in RECORDS else None
    detail = checked(verdict, parsed, values, on)
    if verdict != "accept":  # which has just made its entry
        check_entries(connection, detail)
    if verdict in ("merge", "accept", "split") and detail.get("entity_id") and "name" not in detail:
        name = name_of(connection, detail["entity_id"])
        detail |= {"name": name} if name else {}
    made = entry(key, verdict, detail=detail, target=on.as_target() if on else {}, **said)
    add(connection, [made])
    return made


def undo(
    connection: Connection, id_: str, who: str | None = None, note: str | None = None
) -> Judgement:
    """Reverse an entry, given by its id or the beginning of it.

    Raises:
        ConfigError: there is none, there are several, or it is undone already.
    """
    found = [one for one in log.entries(connection) if one.id.startswith(id_)] if id_ else []
    if len(found) != 1:
        said = "several judgements begin" if found else "no judgement begins"
        raise ConfigError(f"{said} with {id_!r}; `kb judgements list` shows their ids")
    related = log.entries(connection, key=found[0].key)
    if found[0].id in log.undone(related):
        raise Refused(f"judgement {found[0].id} is undone already", "undone")
    made = undoing(found[0], who, note)
    add(connection, [made])
    return made


def listed(connection: Connection, **only: Any) -> list[Entry]:  # noqa: ANN401
    """Return entries (filters of `log.entries`) with how they stand, oldest first."""
    found = log.entries(connection, **only)
    whole = found if not any(only.values()) else log.related(connection, found)
    undone = log.undone(whole)
    states = _outcomes(connection, found)
    named = {one.judgement.id for one in _on_names(whole)}

    def state(one: Judgement) -> str:
        if one.id in undone:
            return "undone"
        if one.undoes is not None:
            return "undo"
        if one.id in named:
            return "differs"
        return states.get(one.id, ("applied", None))[0]

    return [Entry(one, state(one)) for one in found]


def conflicts(connection: Connection) -> list[Conflict]:
    """Return the judgements in force that a person has to look at, oldest first."""
    c = outcome.c
    marked = connection.execute(
        select(c.judgement_id, c.outcome, c.detail).where(c.outcome.in_(CONFLICTS))
    )
    states = {row[0]: (row[1], row[2]) for row in marked}
    some = [one for ids in chunks(list(states)) for one in log.entries(connection, ids=ids)]
    whole = log.related(connection, some) + log.on_names(connection)
    found = [Conflict(one, *states[one.id]) for one in log.in_force(whole) if one.id in states]
    found += _on_names(whole)
    return sorted(found, key=lambda one: (one.judgement.at, one.judgement.id))


def _outcomes(
    connection: Connection, entries: Iterable[Judgement]
) -> dict[str, tuple[str, str | None]]:
    c = outcome.c
    statement = select(c.judgement_id, c.outcome, c.detail)
    return {
        row[0]: (row[1], row[2])
        for ids in chunks([one.id for one in entries])
        for row in connection.execute(statement.where(c.judgement_id.in_(ids)))
    }


def _on_names(whole: Iterable[Judgement]) -> Iterator[Conflict]:
    """Yield what two people decided differently about one name or entry, at the later of them."""
    by_key: dict[str, list[Judgement]] = {}
    for one in log.in_force(whole):
        if one.about not in RECORDS:
            by_key.setdefault(one.key, []).append(one)
    for found in by_key.values():
        settled = max((n for n, one in enumerate(found) if one.settles), default=0)
        last = {one.who: one for one in found[settled:]}
        ordered = sorted(last.values(), key=lambda one: (one.at, one.id))
        for earlier, later in combinations(ordered, 2):
            if _said(earlier) != _said(later):
                yield Conflict(later, "differs", earlier.id)


def _said(one: Judgement) -> tuple[object, ...]:
    if one.verdict == "reject":
        return ("reject",)
    return "same", one.detail.get("entity_id") or one.detail.get("name")


def from_lines(lines: Iterable[str]) -> Iterator[Judgement]:
    """Yield the entries of an exported log.

    Raises:
        ConfigError: a line is none; the message says which and why.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            made = Judgement.from_json(row if isinstance(row, dict) else {})
            if wrong := fault(made):
                raise ConfigError(f"not a judgement: {wrong}")
            yield made
        except (ValueError, ConfigError) as error:
            raise ConfigError(f"line {number}: {error}") from error
