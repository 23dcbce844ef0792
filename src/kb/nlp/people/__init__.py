"""Who is named with which post."""

from kb.nlp.people.cast import Cast
from kb.nlp.people.holdings import find_holdings

__all__ = ["Cast", "find_holdings"]
