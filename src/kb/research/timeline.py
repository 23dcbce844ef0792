"""What became of an initiative, in the order of the newspapers: announced, assigned, promised,
reported, and silent where a promise fell due and nothing was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from kb.archive import Archive, Query
from kb.archive.promises import left_silent
from kb.article import VIETNAM

if TYPE_CHECKING:
    import pandas as pd

EVENTS: Final = ("announced", "assigned", "promised", "reported", "silent")
"""In the order in which those of one moment stand."""
_DTYPES: Final = {
    "at": "datetime64[us, Asia/Ho_Chi_Minh]", "event": "category", "article_id": "Int64",
    "outlet": "string", "actor": "string", "text": "string", "due_from": "datetime64[us]",
    "due_to": "datetime64[us]", "outcome": "string", "promise": "Int64",
}  # fmt: skip


def timeline(archive: Archive, query: Query, today: date | None = None) -> pd.DataFrame:
    """Return the events of the initiatives that a query names, oldest first.

    `at` is when the article was published (of silence: the last day when it was due), `text` the
    words, `actor` who was assigned or promised. `announced` is the first article of the query;
    `reported` is later coverage of a promise (`promise`: number of the article that made it), with
    what it says of the outcome. Nothing here is a judgement, but what a person decided is not
    `silent` any more: see `Desk.ledger` for decisions.

    Args:
        today: the day in Vietnam by which silence is judged; None: today, or that of `as_of`.
    """
    import pandas as pd  # which programs that ask for the rows alone do without

    found = events(archive, query, today)
    columns = {
        name: pd.Series([row.get(name) for row in found], dtype=_dtype(name), name=name)
        for name in _DTYPES
    }
    return pd.DataFrame(columns)


def events(archive: Archive, query: Query, today: date | None = None) -> list[dict[str, Any]]:
    """Return the events as rows, oldest first; a key that an event has nothing for is not there."""
    return sorted(_events(archive, query, today), key=lambda row: (row["at"], _rank(row)))


def _dtype(name: str) -> Any:  # noqa: ANN401 - pandas has no common type of its types
    import pandas as pd

    return pd.CategoricalDtype(list(EVENTS), ordered=True) if name == "event" else _DTYPES[name]


def _rank(row: dict[str, Any]) -> tuple[int, int]:
    return EVENTS.index(row["event"]), row["article_id"]


def _events(archive: Archive, query: Query, today: date | None) -> Iterator[dict[str, Any]]:
    dated = [row for row in archive.articles_rows(query) if row["published_at"]]
    if dated:
        first = dated[-1]
        yield _event("announced", first, text=first["title"])
    about = replace(query, text="") if query.initiatives else query
    for row in archive.assignments_rows(about):
        if row["published_at"]:
            yield _event("assigned", row, actor=row["actor"], text=row["task"])
    seen: set[tuple[Any, ...]] = set()
    for row in archive.ledger_rows(about, today=today):
        if row["published_at"] is None:
            continue
        due = {name: row[name] for name in ("due_from", "due_to")}
        place = (row["article_id"], row["field"], row["start"], row["end"])
        if place not in seen:
            seen.add(place)
            yield _event("promised", row, actor=row["owner"], text=row["text"], **due)
            if left_silent(row["proposed"], row["status"]):
                last = datetime.combine(row["due_to"] or row["due_from"], time.max, VIETNAM)
                told = _event("silent", row, actor=row["owner"], text=row["text"], **due)
                yield told | {"at": last, "promise": row["article_id"]}
        if row["evidence"] is not None:
            yield {
                "at": row["evidence_published_at"].astimezone(VIETNAM),
                "event": "reported",
                "article_id": row["evidence_article_id"],
                "outlet": row["evidence_outlet"],
                "actor": row["owner"],
                "text": row["evidence_sentence"],
                "due_from": row["evidence_due_from"],
                "due_to": row["evidence_due_to"],
                "outcome": row["evidence"],
                "promise": row["article_id"],
            }


def _event(name: str, row: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    at = row["published_at"].astimezone(VIETNAM)
    own = {"article_id": row["article_id"], "outlet": row["outlet"]}
    return {"at": at, "event": name, **own, **more}
