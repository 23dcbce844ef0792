"""Text → Reading: sentences, words, tags, entities, links."""

from kb.nlp.reader import Reader

__all__ = ["Reader"]
