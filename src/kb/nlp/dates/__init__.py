"""Dates in running text, with their precision."""

from kb.nlp.dates.finder import TimeSpan, find_dates

__all__ = ["TimeSpan", "find_dates"]
