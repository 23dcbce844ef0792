"""Sentences as rows of tokens: what stands between two spaces is cut, and looked at, once."""

from __future__ import annotations

import re
from functools import lru_cache

from kb.nlp.names.lexicon import lexicon
from kb.nlp.names.tokens import END, FAR, Token, cut, degrees
from kb.text import canonical

BEGINS, DEGREES, DOCUMENT, LAW, NUMBER, QUOTED = 1, 2, 4, 8, 16, 32
"""Hints of what there may be at a token: the beginning of a name, degrees before one; the
beginning of a document's, of a law's; a digit; a quotation mark."""

MOST = 30_000
"""Different chunks remembered; two thousand articles have some 60,000."""

_DOCUMENT = re.compile(
    "[Nn]ghị|[Tt]hông|[Qq]uyết|[Kk]ế|[Cc]hỉ|[Cc]ông|[Hh]ướng|[Tt]ờ|[Vv]ăn|Quy|Pháp|Sắc|Báo|Luật|Bộ"
    "|Hiến|Lệnh|[Cc]hương|[Gg]iấy|QĐ|NĐ|Đề|TCVN|QCVN|Chiến"
)
"""How all that `documents` knows begins."""
_LAWS = frozenset(("Hiến", "Luật", "Bộ"))
_DIGIT = re.compile("[0-9]")
_MARK = re.compile('["“”]')
_SINGLE = ',;:!?)”"'
"""Marks that are a token of their own wherever they stand."""
_LEAST_BEFORE_DOT = 3
"""Letters before a dot that is no part of an abbreviation."""


class Rows(dict[str, tuple[tuple[Token, int], ...]]):
    """Chunks with the tokens in them and where these begin; a leading space marks the last one.

    No token holds a space, and nothing beyond one tells how to cut, but for the sentence's end.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tokens: dict[tuple[str, str], Token] = {}
        self._alone: dict[str, Token] = {}
        """Chunks that are one token: the most of them."""
        self._starters = lexicon().starters.first_words

    def of(self, sentence: str) -> tuple[list[Token], list[int]]:
        """Return the tokens of a sentence and `END`, and where each begins."""
        row: list[Token] = []
        starts: list[int] = []
        at = 0
        chunks = sentence.split(" ")
        chunks[-1] = " " + chunks[-1]
        alone = self._alone
        for chunk in chunks:
            if (token := alone.get(chunk)) is not None:
                row.append(token)
                starts.append(at)
                at += token.size + 1
            else:
                for token, offset in self[chunk]:
                    row.append(token)
                    starts.append(at + offset)
                at += len(chunk) + 1
        row.append(END)
        starts.append(FAR)
        return row, starts

    def __missing__(self, chunk: str) -> tuple[tuple[Token, int], ...]:
        if len(self) + len(self._alone) > MOST:
            self.clear()
            self._alone.clear()
            self._tokens.clear()
        last = chunk[:1] == " "
        bare = chunk[1:] if last else chunk
        text = bare if last else chunk + " "
        low = canonical(text)
        size = len(bare)
        # Most are letters or digits only, or these and a mark.
        if bare.isalnum():
            spans = [(0, size)]
        elif bare[:-1].isalnum() and (
            bare[-1] in _SINGLE or (bare[-1] == "." and size > _LEAST_BEFORE_DOT)
        ):
            spans = [(0, size - 1), (size - 1, size)]
        else:
            spans = cut(text)
        found = tuple([(self._token(text[a:b], low[a:b]), a) for a, b in spans])
        if len(found) == 1 and found[0][0].text == chunk:
            self._alone[chunk] = found[0][0]
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
        if text[0].isupper() or low in self._starters:
            hints |= BEGINS
        if _DOCUMENT.search(text):
            hints |= DOCUMENT | LAW * (text in _LAWS)
        if not text.isalpha():
            hints |= (BEGINS | DEGREES) * degrees(low)
            hints |= NUMBER * bool(_DIGIT.search(text)) | QUOTED * bool(_MARK.search(text))
        return hints


@lru_cache(maxsize=1)
def rows() -> Rows:
    """Return this process's chunks."""
    return Rows()
