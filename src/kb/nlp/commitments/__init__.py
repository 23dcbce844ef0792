"""Who will do what, by when or how often."""

from kb.nlp.commitments.finder import find_commitments

__all__ = ["find_commitments"]
