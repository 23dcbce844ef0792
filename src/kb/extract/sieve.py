"""Which captures of a foreign WARC file are worth reading: known outlets and Vietnamese pages."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlsplit

from kb.capture import Capture
from kb.errors import UnreadableFile
from kb.extract.decode import decode
from kb.outlets import Outlet
from kb.outlets.addresses import bare_host
from kb.text import characters

_SAYS = re.compile(
    r"""(?i)<html\b[^>]*?\blang\s*=\s*["']?\s*(?P<lang>[a-z]{2,3})"""
    r"""|<meta\b[^>]*\bog:locale\b["'][^>]*?\bcontent\s*=\s*["']?\s*(?P<locale>[a-z]{2,3})"""
    r"""|<meta\b[^>]*\bcontent\s*=\s*["']?\s*(?P<other>[a-z]{2,3})[_-][a-z]{2}["'][^>]*\bog:locale\b"""
)
_NOT_TEXT = re.compile(r"(?is)<(script|style|noscript)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>")
_OWN = re.compile("[ăĂđĐơƠưƯ\u1ea0-\u1ef9]")
"""Letters that hardly any other language has; French and Portuguese share à, é, ô and the like."""
_LETTER = re.compile(r"[^\W\d_]")
_HEAD = 20_000
"""How far into a page its language is declared (characters)."""
_LEAST = 40
"""Letters of Vietnamese alone that a page needs at least: two or three sentences."""
_DECLARED = 0.02
_UNDECLARED = 0.05
"""Least share of these letters on a page that declares Vietnamese, and on one that declares
nothing or another language (templates do). Press text has 0.10 to 0.26, other languages less
than 0.01."""


class Sieve:
    """Keeps captures of known outlets, and Vietnamese pages of others; counts what it passes over.

    Attributes:
        skipped: records passed over, by `foreign` (a page in another language), `status`, `kind`
            (no HTML) and the WARC type (`request`, `metadata`, `revisit` …).
    """

    def __init__(self, outlets: Iterable[Outlet], *, every_page: bool = False) -> None:
        self._hosts = {host for outlet in outlets for host in outlet.netlocs}
        self._every_page = every_page
        self.skipped: Counter[str] = Counter()

    def keeps(self, capture: Capture) -> bool:
        """Whether a capture is worth reading; what is not is counted."""
        kept = self._every_page or self._known(capture.url) or is_vietnamese(capture)
        if not kept:
            self.skipped["foreign"] += 1
        return kept

    def _known(self, url: str) -> bool:
        try:
            return bare_host(urlsplit(url).netloc) in self._hosts
        except ValueError:
            return False


def is_vietnamese(capture: Capture) -> bool:
    """Whether a page is in Vietnamese, by what it declares and by its letters."""
    try:
        text = decode(capture.payload, capture.encoding)
    except UnreadableFile:
        return False
    said = _SAYS.search(text, 0, _HEAD)
    declared = said is not None and any(one and one.lower() == "vi" for one in said.groups())
    shown = _NOT_TEXT.sub(" ", text)
    if "&" in shown:
        shown = html.unescape(shown)
    own = len(_OWN.findall(shown))
    if not own:  # decomposed letters are rare and dear to compose
        shown = characters(shown)
        own = len(_OWN.findall(shown))
    if own < _LEAST:
        return False
    least = _DECLARED if declared else _UNDECLARED
    # Most have so many that what is no letter may count as one; else letters alone are counted.
    return own >= len(shown) * least or own >= len(_LETTER.findall(shown)) * least
