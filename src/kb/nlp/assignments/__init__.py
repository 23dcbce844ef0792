"""Who has which role in which task."""

from kb.nlp.assignments.finder import find_assignments

__all__ = ["find_assignments"]
