"""What was said, promised and assigned, as the pages list it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, get_args

from kb.archive import Archive, Query
from kb.archive.judgements.anchor import sentence_around
from kb.archive.listing import Page
from kb.errors import QueryError
from kb.reading import Role
from kb.web.form import SearchForm
from kb.web.language import Words

Row = dict[str, Any]
LISTED = 40
"""Facts on a page of one kind."""
_REST = 240
"""Characters of a sentence that are shown before or after a fact."""
KINDS: Final = ("commitments", "assignments", "quotes")
ROLES: Final = get_args(Role)


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one kind, the newest article first; `all` is the address of the whole list, if
    there is more than is shown."""

    kind: str
    rows: Sequence[Row]
    all: str | None = None


def of_article(archive: Archive, article_id: int) -> list[Facts]:
    """Return all facts of one article in their order in the text.

    `first` tells the first of those that stand in one place: it carries the anchor.
    """
    query = Query(articles=(article_id,))
    found = []
    for kind in KINDS:
        rows = list(archive.rows(kind, query))
        if kind == "commitments":
            rows = archive.standings(query, rows)
        places: set[str] = set()
        for row in rows:
            place = anchor(row, kind)
            row["first"] = place not in places
            places.add(place)
        if rows:
            found.append(Facts(kind, rows))
    return found


def anchor(row: Row, kind: str) -> str:
    """Return the name of a fact's place on the page of its article."""
    return f"{kind}-{row['field']}-{row['start']}"


def window(
    archive: Archive, kind: str, form: SearchForm, limit: int, *, due_after: date | None = None
) -> Page:
    """Return one page of a kind; one that goes on after nothing known is the first.

    Commitments are `in_sentence` and say what was decided or is proposed of them; with `due_after`
    those due later than that day, soonest first.
    """
    query = form.asked(limit)
    if due_after:
        query = replace(query, due_after=due_after, order="due")
    try:
        page = archive.page(kind, query, counted=False)
    except QueryError:
        page = archive.page(kind, replace(query, after=None), counted=False)
    if kind == "commitments":
        page = replace(page, rows=in_sentence(archive, query, archive.standings(query, page.rows)))
    return page


def in_sentence(archive: Archive, query: Query, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return facts with what stands `before` and `after` them in their sentence: it often begins
    with who or what they are of."""
    ids = {row["article_id"] for row in rows}
    if not ids:
        return ()
    these = Query(articles=tuple(ids), as_of=query.as_of)
    texts = {one["article_id"]: one for one in archive.articles_rows(these, full_text=True)}
    return tuple(row | _rest(row, texts.get(row["article_id"], {})) for row in rows)


def _rest(row: Row, texts: Row) -> Row:
    text = texts.get(row["field"], "")
    first, last = sentence_around(text, row["start"], row["end"])
    before, after = text[first : row["start"]], text[row["end"] : last]
    if len(before) > _REST:
        before = f"… {before[-_REST:].partition(' ')[2]}"
    if len(after) > _REST:
        after = f"{after[:_REST].rpartition(' ')[0]} …"
    return {"before": before, "after": after}


def due(row: Row, words: Words) -> str:
    """Say in words until when or how often something was promised; nothing if it is not said."""
    first, last = row["due_from"], row["due_to"]
    said = _span(first, last, words)
    again = row["recurs"]
    if again:
        often = words.entries.get(f"recurs.{again}", again)
        said = f"{often}, {said}" if said else often
    return said


def _span(first: date | None, last: date | None, words: Words) -> str:
    if first is None and last is None:
        return ""
    if first is None:
        return words("due.until", day=f"{last:%d/%m/%Y}")
    if last is None:
        return words("due.since", day=f"{first:%d/%m/%Y}")
    if first == last:
        return f"{first:%d/%m/%Y}"
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        if (first.year, first.month) == (last.year, last.month):
            return words("due.month", month=f"{first:%m/%Y}")
        if (first.month, last.month) == (1, 12):
            years = f"{first:%Y}" if first.year == last.year else f"{first:%Y}–{last:%Y}"
            return words("due.year", year=years)
        return f"{first:%m/%Y}–{last:%m/%Y}"
    return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"
