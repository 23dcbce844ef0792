"""Who has which role in which task."""

from kb.nlp.assignments.actors import bodies_of
from kb.nlp.assignments.finder import find_assignments

__all__ = ["bodies_of", "find_assignments"]
