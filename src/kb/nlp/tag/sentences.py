"""Sentences with offsets: underthesea's splitter, kept from cutting titles and addresses apart."""

from __future__ import annotations

import re

from underthesea.pipeline.sent_tokenize import sent_tokenize

# What underthesea takes for the end of a sentence and newspapers do not: titles and
# abbreviations before a name. Lists of words live in the splitter's own parameters; these are
# the ones it was seen to miss (`PGS.TS. Nguyễn`, `TP. Hà Nội`).
_NO_END = re.compile(
    r"(?:^|[\s(\"'“])(?:(?:GS|PGS|TS|ThS|BS|KTS|CN|KS|LS|NSND|NSƯT|TSKH|HLV)\.?)*"
    r"(?:GS|PGS|TS|ThS|Ths|BS|KTS|LS|NSND|NSƯT|TSKH|HLV|TP|Tp|TX|Tx|TT|Q|P|Mr|Mrs|Dr|St|No|vs)\.$"
)


def split(text: str) -> list[tuple[int, int]]:
    """Return the sentences of NFC text as spans of code points; a line end always ends one."""
    spans: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        spans += _split_line(text, line, at)
        at += len(line) + 1
    return spans


def _split_line(text: str, line: str, at: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    here = at
    for sentence in sent_tokenize(line):
        start = text.index(sentence, here)
        here = start + len(sentence)
        # Nothing but a break in the line can follow a sentence: `vnexpress.net`, `TS.Nguyễn`.
        if spans and (start == spans[-1][1] or _NO_END.search(text[spans[-1][0] : spans[-1][1]])):
            spans[-1] = (spans[-1][0], here)
        else:
            spans.append((start, here))
    return spans
