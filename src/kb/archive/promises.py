"""The ledger of commitments: each with later coverage as evidence, and what a person decided.

The program proposes, from what later articles say (`evidence.py`) or that none says anything; the
status stays as reported until a person decides it in review; source and note are theirs to give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from kb.archive import facts, tables
from kb.archive.as_of import moment
from kb.archive.evidence import SAYING_NOTHING, Evidence, Promise, evidence, is_silent
from kb.archive.judgements import log
from kb.archive.judgements.records import Judgement
from kb.archive.judgements.stored import stored
from kb.archive.judgements.things import Thing, things
from kb.archive.query import Query
from kb.article import VIETNAM
from kb.reading import Commitment

Row = dict[str, Any]
_article = tables.article.c
_COLUMNS = tuple(one.name for one in fields(Evidence) if one.name != "kind")


def ledger(
    connection: Connection, query: Query, today: date, rows: Iterable[Row] | None = None
) -> Iterator[Row]:
    """Yield commitments (newest article first), each once for every piece of evidence.

    A row is the commitment's with `proposed` (see `proposed`), the evidence's own columns after
    `evidence_`, and `status_by`, `status_at`, `status_source`, `status_note` of the judgement
    that decided the status, all None where there is none. `key` is None for what the current
    text no longer says (`as_of`). `rows`: these of the commitments alone.
    """
    listed = facts.commitments(connection, query) if rows is None else rows
    for row, found in standings(connection, query, today, listed):
        for piece in found or (None,):
            yield row | _piece(piece)


def standings(
    connection: Connection, query: Query, today: date, listed: Iterable[Row]
) -> Iterator[tuple[Row, list[Evidence]]]:
    """Yield commitments each once, as the ledger has them, beside the evidence of each."""
    until = moment(query.as_of) if query.as_of else None
    for article_id, group in groupby(listed, key=lambda row: int(row["article_id"])):
        url, there, decided = _article_of(connection, article_id)
        for row in group:
            one = _record(row)
            made = Promise(article_id, row["published_at"], one)
            found = evidence(connection, made)
            if found is not None and until is not None:
                found = [each for each in found if each.published_at <= until]
            silent = is_silent(made, found, today)
            found = found or []
            key = next((each.key for each in there if _is_same(each, row)), None)
            whole = row | {"url": url, "key": key, "proposed": proposed(found, silent)}
            yield whole | _decision(decided, key, row["status"]), found


def proposed(found: Sequence[Evidence], silent: bool) -> str | None:
    """Return what later coverage shows: the newest article that says something of the outcome
    decides (`done`, `in_progress`, `promised_again`, `cancelled`), else `mentioned`; `silent`
    where it fell due and nothing was written; None where there is nothing to say, yet or at all
    (nobody could look for anything, see `evidence`)."""
    if silent:
        return "silent"
    said = [one.kind for one in found if one.kind != SAYING_NOTHING]
    return said[-1] if said else (SAYING_NOTHING if found else None)


def left_silent(proposed: str | None, status: str) -> bool:
    """Whether a promise counts as overdue in silence: it is, and no person says otherwise."""
    return proposed == "silent" and status in ("promised", "silent")


def today_for(query: Query, today: date | None, now: date) -> date:
    """Return the day by which silence is judged: the one given, that of `as_of`, or now."""
    if today is not None or query.as_of is None:
        return today or now
    return moment(query.as_of).astimezone(VIETNAM).date()


def _article_of(
    connection: Connection, article_id: int
) -> tuple[str | None, list[Thing], list[Judgement]]:
    """Return the address of an article, its commitments, and what was decided on it, in force."""
    statement = select(_article.url, _article.key, _article.revision_id)
    url, story, revision = connection.execute(statement.where(_article.id == article_id)).one()
    there = [
        one for where in stored(connection, [revision], ("commitment",)) for one in things(where)
    ]
    return url, there, log.in_force(log.on_stories(connection, [story]).get(story, []))


def _record(row: Row) -> Commitment:
    values = {one.name: row[one.name] for one in fields(Commitment)}
    for name in ("due_from", "due_to"):
        values[name] = values[name] and values[name].isoformat()
    return Commitment(**values)


def _is_same(one: Thing, row: Row) -> bool:
    record = one.record
    place = (record.field, record.start, record.end)
    return place == (row["field"], row["start"], row["end"])


def _decision(decided: Sequence[Judgement], key: str | None, status: str) -> Row:
    last = next(
        (one for one in reversed(decided) if one.key == key and one.detail.get("status") == status),
        None,
    )
    return {
        "status_by": last and last.who,
        "status_at": last and last.at,
        "status_source": last and last.source,
        "status_note": last and last.note,
    }


def _piece(found: Evidence | None) -> Row:
    return {
        "evidence": found and found.kind,
        **{f"evidence_{name}": found and getattr(found, name) for name in _COLUMNS},
    }
