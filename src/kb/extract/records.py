"""One JSON record of a collection → Article: its fields are declared, so little is cut."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kb.article import VIETNAM, Article
from kb.errors import BadInput
from kb.extract import boilerplate, bylines, dates
from kb.text import clean

if TYPE_CHECKING:
    from kb.outlets import Outlet

_TEXTS = ("url", "outlet", "title", "lead", "body", "published_at", "section")


def from_record(
    record: Mapping[str, Any],
    *,
    source_file: str,
    outlet: Outlet | None = None,
    published: datetime | None = None,
) -> Article:
    """Return the article that a record declares.

    Fields: `url, outlet, title, lead, body, published_at`, also `section` and `authors` (text or
    list); title or body suffices, unknown ones are ignored, null means absent. Texts are only
    cleaned; lists of other stories below a heading at the end of the body go to `boilerplate`.

    Args:
        record: the decoded JSON object.
        source_file: kept in the article, e.g. `file.jsonl:17`.
        outlet: the outlet that the record's address belongs to; without it the record's own
            `outlet` is kept as it stands.
        published: date given by the user, used where the record has none.

    Raises:
        BadInput: a field of the wrong type, a date that is none, or neither title nor body.
    """
    texts = {name: _text(record, name) for name in _TEXTS}
    if not texts["title"] and not texts["body"]:
        raise BadInput("the record has neither title nor body")
    declared = texts["published_at"]
    when = _date(declared, outlet)
    source = "record" if when else ("given" if published else None)
    lines = texts["body"].split("\n")
    end = _end_of_story(lines)
    return Article(
        title=texts["title"].replace("\n", " "),
        lead=texts["lead"],
        body="\n".join(lines[:end]),
        url=texts["url"] or None,
        outlet=outlet.id if outlet else texts["outlet"] or None,
        authors=_authors(record),
        published_at=when or published,
        published_from=source,
        section=texts["section"] or None,
        source_file=source_file,
        boilerplate="\n".join(lines[end:]),
        parser="record/1",
        misdated=declared if when is None else "",
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadInput(f"field {name} is {json.dumps(value, default=str)[:40]}, not text")
    return clean(value)


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("authors")
    rows = value if isinstance(value, list) else [value or ""]
    if not all(isinstance(row, str) for row in rows):
        raise BadInput("field authors is neither text nor a list of texts")
    return bylines.names("\n".join(rows))


def _date(text: str, outlet: Outlet | None) -> datetime | None:
    if not text:
        return None
    zone = outlet.zone if outlet else VIETNAM
    read = dates.parse_iso(text, zone) or dates.parse_visible(text, zone)
    if read is None:
        raise BadInput(f"field published_at is not a date: {text[:40]!r}")
    return read[0] if dates.plausible(read[0]) else None


def _end_of_story(lines: list[str]) -> int:
    """Return where an unmistakable tail begins: a heading below which no paragraph follows."""
    end = len(lines)
    for at in range(len(lines) - 1, 0, -1):
        if boilerplate.is_prose(lines[at]):
            break
        if boilerplate.heading(lines[at]):
            end = at
    return end
