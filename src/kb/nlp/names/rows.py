"""Sentences as rows of tokens: what stands between two spaces is cut, and looked at, once."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.nlp.names.lexicon import lexicon
from kb.nlp.names.tokens import END, FAR, Token, cut
from kb.text import canonical

BEGINS, DOCUMENT, NUMBER, QUOTED = 1, 2, 4, 8
"""Hints of what there may be at a token: the beginning of a name, of a document's; a digit; a
quotation mark."""

MOST = 30_000
"""Different chunks remembered; two thousand articles have some 60,000."""

_DOCUMENT = re.compile(
    "[Nn]ghị|[Tt]hông|[Qq]uyết|[Kk]ế|[Cc]hỉ|[Cc]ông|[Hh]ướng|[Tt]ờ|[Vv]ăn|Quy|Pháp|Sắc|Báo|Luật|Bộ"
    "|Hiến|Lệnh|[Cc]hương|[Gg]iấy|QĐ|NĐ|Đề|TCVN|QCVN|Chiến"
)
"""How all that `documents` knows begins."""
_DIGIT = re.compile("[0-9]")
_MARK = re.compile('["“”]')
_SINGLE = ',;:!?)”"'
"""Marks that are a token of their own wherever they stand."""


class Rows(dict[str, tuple[Token, ...]]):
    """Chunks with the tokens in them; a leading space marks the last one.

    No token holds a space, and nothing beyond one tells how to cut, but for the sentence's end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[tuple[str, str], Token] = {}
        self._alone: dict[str, Token] = {}
        """Chunks that are one token: the most of them."""
        self._starters = lexicon().starters

    def of(self, sentence: str) -> tuple[list[Token], list[int]]:
        """Return the tokens of a sentence and `END`, and where each begins."""
        row: list[Token] = []
        starts: list[int] = []
        at = 0
        chunks = sentence.split(" ")
        last = chunks.pop()
        alone = self._alone
        for chunk in chunks:
            if (token := alone.get(chunk)) is not None:
                row.append(token)
                starts.append(at)
            else:
                _add(row, starts, self[chunk], sentence, at)
            at += len(chunk) + 1
        _add(row, starts, self[" " + last], sentence, at)
        row.append(END)
        starts.append(FAR)
        return row, starts

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        if len(self) + len(self._alone) > MOST:
            self.clear()
            self._alone.clear()
            self._tokens.clear()
        last = chunk[:1] == " "
        text = chunk[1:] if last else chunk + " "
        low = canonical(text)
        # Most are letters only, or letters and a mark.
        if chunk.isalpha():
            spans = [(0, len(chunk))]
        elif chunk[-1:] in _SINGLE and chunk[:-1].isalpha():
            spans = [(0, len(chunk) - 1), (len(chunk) - 1, len(chunk))]
        else:
            spans = cut(text)
        found = tuple([self._token(text[a:b], low[a:b]) for a, b in spans])
        if len(found) == 1 and found[0].text == chunk:
            self._alone[chunk] = found[0]
        else:
            self[chunk] = found
        return found

    def _token(self, text: str, low: str) -> Token:
        token = self._tokens.get((text, low))
        if token is None:
            token = self._tokens[text, low] = Token(text, low, self._hints(text, low))
        return token

    def _hints(self, text: str, low: str) -> int:
        hints = 0
        if text[0].isupper() or low in self._starters or "." in low:
            hints |= BEGINS
        if _DOCUMENT.search(text):
            hints |= DOCUMENT
        if not text.isalpha():
            hints |= NUMBER * bool(_DIGIT.search(text)) | QUOTED * bool(_MARK.search(text))
        return hints


def _add(
    row: list[Token], starts: list[int], found: tuple[Token, ...], sentence: str, at: int
) -> None:
    """Add the tokens of a chunk that begins at a place; between them is nothing but white space."""
    for token in found:
        at = sentence.find(token.text, at)
        row.append(token)
        starts.append(at)
        at += token.size


@lru_cache(maxsize=1)
def rows() -> Rows:
    """Return this process's chunks."""
    return Rows()
