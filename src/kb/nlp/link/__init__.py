"""Names → entries of the registry, and which names of one article mean the same.

The registry's matches and the grammar's names of an article become one list; then the article
itself decides on lists of bodies, abbreviations that it introduces, and short forms.
"""

from kb.nlp.link.linker import Linked, Linker

__all__ = ["Linked", "Linker"]
