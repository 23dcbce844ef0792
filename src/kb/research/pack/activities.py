"""Activities of an initiative: stories on it, each by the sentence that says what was done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kb.archive import Archive
from kb.archive.evidence import outcome
from kb.research.pack.sources import Citations

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Activity:
    """One story's sentence; `article_ids` are the article and those that printed it again."""

    at: datetime | None
    text: str
    kind: str
    """What it reports, as `kb.archive.evidence` tells it."""
    title: str
    article_ids: tuple[int, ...]
    numbers: tuple[int, ...] = ()

    def cited(self, citations: Citations) -> Activity:
        """Return it with the numbers of its sources."""
        return replace(self, numbers=citations.cite(*self.article_ids))


def activities(
    archive: Archive, articles: Sequence[Row], mentions: Sequence[Row], reported: Collection[str]
) -> list[Activity]:
    """Return what is reported of an initiative, one sentence a story, the earliest first.

    A story counts if a sentence that names the initiative reports something done (`reported`), or
    if headline or lead name it and speak of no future. Of its sentences the first of that kind in
    text or lead is given, else the lead's, else the headline. Reprints are folded under who had
    the story first.
    """
    sentences: dict[int, tuple[int, str, str]] = {}
    for row in mentions:
        kind = outcome(row["sentence"])
        rank = _rank(row["field"], kind, reported)
        best = sentences.get(row["article_id"])
        if rank is not None and (best is None or rank < best[0]):
            sentences[row["article_id"]] = rank, " ".join(row["sentence"].split()), kind
    told = {row["article_id"]: row for row in articles if row["article_id"] in sentences}
    first = archive.representatives(list(told)) if told else {}
    stories: dict[int, list[int]] = {}
    for id_ in reversed(told):  # the earliest first
        stories.setdefault(first.get(id_, id_), []).append(id_)
    found = []
    for original, printed in stories.items():
        head = original if original in printed else printed[0]
        _, text, kind = sentences[head]
        row = told[head]
        ids = (head, *(one for one in printed if one != head))
        found.append(Activity(row["published_at"], text, kind, row["title"], ids))
    return found


def _rank(field: str, kind: str, reported: Collection[str]) -> int | None:
    """Return how well a sentence stands for its story, 0 the best; None: it does not."""
    if kind in reported:
        return 2 if field == "title" else 0
    if kind == "promised_again" or field == "body":
        return None
    return 1 if field == "lead" else 3
