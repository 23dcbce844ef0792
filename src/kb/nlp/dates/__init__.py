"""Dates in running text, with their precision."""

from kb.nlp.dates.finder import find_dates
from kb.nlp.dates.spans import TimeSpan

__all__ = ["TimeSpan", "find_dates"]
