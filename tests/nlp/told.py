"""What sentences promise and hand out, as tests write it down."""

from __future__ import annotations

from datetime import date

from kb.article import Article
from kb.nlp import Reader
from kb.nlp.assignments import find_assignments
from kb.nlp.commitments import find_commitments

TODAY = date(2025, 3, 10)
Plan = tuple[str, str | None, str | None]
"""Text, first and last day."""
Part = tuple[str, str, str]
"""Actor, role and task."""


def plans(reader: Reader, body: str) -> list[Plan]:
    """Return the commitments of a story of that day."""
    passages = reader.passages(Article(title="", lead="", body=body))
    return [(one.text, one.due_from, one.due_to) for one in find_commitments(passages, TODAY)]


def parts(reader: Reader, body: str) -> list[Part]:
    """Return who has which part in what."""
    passages = reader.passages(Article(title="", lead="", body=body))
    return [(one.actor, one.role, one.task) for one in find_assignments(passages)]
