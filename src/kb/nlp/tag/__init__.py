"""Text into sentences, and these into words with parts of speech, as underthesea does."""

from kb.nlp.tag.models import Tagger, Word, tagger
from kb.nlp.tag.sentences import split

__all__ = ["Tagger", "Word", "split", "tagger"]
