"""Who will do what, by when or how often."""

from kb.nlp.commitments.finder import find_commitments
from kb.nlp.commitments.owners import with_owners

__all__ = ["find_commitments", "with_owners"]
