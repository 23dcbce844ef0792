"""Text into sentences, and these into words with POS and entity tags, as underthesea does."""

from kb.nlp.tag.sentences import split
from kb.nlp.tag.tagger import Tagger, Word, tagger

__all__ = ["Tagger", "Word", "split", "tagger"]
