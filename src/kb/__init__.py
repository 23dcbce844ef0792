"""A press-coverage knowledge base for Vietnamese programmes.

>>> import kb
>>> archive = kb.open()
>>> archive.articles(query='"không gian sáng tạo"', since="2024-01-01")
>>> kb.read("Bảo tàng Hà Nội đón Lễ hội Thiết kế sáng tạo.").mentions
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.nlp import Reader
    from kb.reading import Reading
    from kb.registry import Registry
    from kb.research import Desk

__all__ = ["open", "read"]


def open(url: str | None = None) -> Desk:
    """Open the archive for research: frames, complete and typed.

    Args:
        url: a SQLAlchemy URL; None means the setting `KB_DATABASE_URL`.

    Raises:
        ArchiveError: there is no archive yet, or it cannot be used; the message says what to do.
    """
    from kb.archive import Archive
    from kb.research import Desk

    return Desk(Archive.open(url, create=False))


def read(text: str, registry: Registry | None = None) -> Reading:
    """Read one text without any archive; spans are code points of the text as given.

    The first call loads the models (about two seconds); mentions have `field="body"`.

    Args:
        registry: what names are linked to; None means the registry of the settings.

    Raises:
        ConfigError: the registry of the settings is wrong; the message names each fault.
    """
    from kb.article import Article
    from kb.nlp import Reader

    reader = _reader() if registry is None else Reader(registry)
    return reader.read([Article(title="", lead="", body=text)])[0]


@lru_cache(maxsize=1)
def _reader() -> Reader:
    from kb.nlp import Reader
    from kb.registry import registry_of
    from kb.settings import settings

    return Reader(registry_of(settings()))
