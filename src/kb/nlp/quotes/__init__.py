"""Who said what, directly or reported."""

from kb.nlp.quotes.finder import find_quotes

__all__ = ["find_quotes"]
