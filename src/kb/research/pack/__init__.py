"""The evidence pack: what the press reported of initiatives in a period, each sentence sourced."""

from kb.research.pack.content import Pack, gather
from kb.research.pack.phrases import LANGUAGES
from kb.research.pack.writing import write

__all__ = ["LANGUAGES", "Pack", "gather", "write"]
