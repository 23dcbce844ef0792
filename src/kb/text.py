"""Words about text that every stage shares: cleaning, folding, and the search analyzer.

Everything here keeps Vietnamese typing habits apart from meaning: NFD input, tone marks set in
the old or the new place (hòa/hoà), Ð (U+00D0) typed for Đ, invisible characters.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e"
_DROP: dict[int, str | None] = dict.fromkeys(map(ord, _INVISIBLE))
_DROP |= dict.fromkeys(set(range(32)) - {9, 10, 11, 12, 13})
_SWAP = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")  # line ends of all kinds
_SWAP |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # lone surrogates crash what follows
_SWAP |= {0x00D0: "Đ", 0x00F0: "đ"}  # Icelandic letters, as old converters wrote them
_CHARACTERS = _DROP | _SWAP
_ODD = re.compile("[" + "".join(map(re.escape, map(chr, sorted(_CHARACTERS)))) + "]")
_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[a-zA-Z]{2,24});")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:  # noqa: ANN401 - what it holds is the caller's to say
    """Return what YAML holds; with libyaml, which PyYAML's wheels have, ten times as fast.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    return yaml.load(text, Loader=_LOADER)


def characters(text: str) -> str:
    """Return `text` in NFC with Ð as Đ, without invisible characters and lone surrogates."""
    if _ODD.search(text):  # far cheaper than to translate, and most text has none
        text = text.translate(_CHARACTERS)
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return `text` as it is stored: one paragraph a line, no empty lines, single spaces.

    HTML entities are decoded twice, since some outlets escape them twice.
    """
    for _ in range(2):
        if not _ENTITY.search(text):
            break
        text = html.unescape(text)
    text = characters(text.replace("\r\n", "\n"))
    return "\n".join(filter(None, map(one_spaced, text.split("\n"))))


def one_spaced(text: str) -> str:
    """Return the words of `text` with single spaces between, whatever space stood there."""
    return " ".join(text.split())


# --- folding -------------------------------------------------------------------------------

_TONES = "\u0300\u0301\u0309\u0303\u0323"


def _tone_pairs() -> dict[str, str]:
    """Map each syllable end in the new tone style to the old one (`oà` → `òa`)."""
    pairs = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in _TONES:
            new = first + unicodedata.normalize("NFC", second + tone)
            pairs[new] = unicodedata.normalize("NFC", first + tone) + second
    return pairs


_NEW_TO_OLD = _tone_pairs()
_ENDS = {first: "".join(pair[1] for pair in _NEW_TO_OLD if pair[0] == first) for first in "ou"}
# The letter before is looked at last, which lets the search skip to the next o or u.
_NEW_STYLE = re.compile(rf"(?:o[{_ENDS['o']}]|u[{_ENDS['u']}])(?<![qQ]..)(?!\w)")
_FOLD: dict[int, str] = {ord("đ"): "d", ord("Đ"): "D"}


def lower(text: str) -> str:
    """Lower-case without ever changing the length (`İ` has a two-character lower case)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def canonical(text: str) -> str:
    """Lower-case NFC text and set tone marks in the old style; the length stays the same."""
    return _NEW_STYLE.sub(lambda match: _NEW_TO_OLD[match.group()], lower(text))


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character)
    base = "".join(c for c in decomposed if not unicodedata.combining(c))
    return base if len(base) == 1 else character


def fold(text: str) -> str:
    """Strip every mark from NFC text and turn đ into d; the length stays the same."""
    try:  # 20 times as fast, for lower case with what newspapers print
        codes = codecs.charmap_encode(text, "strict", _ENCODE)[0]
    except UnicodeEncodeError:
        return _fold_each(text)
    return codecs.charmap_decode(codes.translate(_BARE), "strict", _PAGE)[0]


def _fold_each(text: str) -> str:
    text = text.translate(_FOLD)
    return text if text.isascii() else "".join(map(_bare, text))


# --- the analyzer --------------------------------------------------------------------------

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Token:
    """One search token: `start:end` are code points of the analysed text."""

    start: int
    end: int
    exact: str
    folded: str


def tokens(text: str) -> list[Token]:
    """Split NFC text into search tokens, exact (marks kept) and folded (marks stripped).

    The same analyzer serves the index, the query and the highlights, so that the engines agree.
    """
    exact = canonical(text)
    folded = fold(exact)
    return [
        Token(m.start(), m.end(), exact[m.start() : m.end()], folded[m.start() : m.end()])
        for m in _WORD.finditer(exact)
    ]


def token_strings(text: str) -> tuple[list[str], list[str]]:
    """Return the exact and the folded strings of `tokens`, without spans: the index needs none."""
    exact = _WORD.findall(canonical(text))
    return exact, list(map(_FOLDED.__getitem__, exact))


def token_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of `tokens` alone, in the order of `token_strings`."""
    return [match.span() for match in _WORD.finditer(canonical(text))]


def token_texts(text: str, longest: int) -> tuple[str, str]:
    """Return the strings of `token_strings`, cut after `longest` characters, with spaces between.

    Five times as fast: letter by letter in a code page that has nearly all that Vietnamese
    newspapers print. A line that holds anything else goes word by word.
    """
    try:
        codes = codecs.charmap_encode(canonical(text), "strict", _ENCODE)[0]
    except UnicodeEncodeError:
        first, found, rest = text.partition("\n")
        if found:
            pairs = [token_texts(line, longest) for line in (first, *rest.split("\n"))]
            return " ".join(pair[0] for pair in pairs), " ".join(pair[1] for pair in pairs)
        return _cut_texts(text, longest)
    if b"a" * (longest + 1) in codes.translate(_SHAPE):
        return _cut_texts(text, longest)
    words = codes.translate(_WORDS)
    return (
        codecs.charmap_decode(words, "strict", _PAGE)[0],
        codecs.charmap_decode(words.translate(_BARE), "strict", _PAGE)[0],
    )


def _cut_texts(text: str, longest: int) -> tuple[str, str]:
    exact, folded = token_strings(text)
    return " ".join(word[:longest] for word in exact), " ".join(word[:longest] for word in folded)


def _code_page() -> tuple[str, bytes, bytes, bytes]:
    """Return the characters by code, and for each code: itself in a word, between words a space;
    itself folded; `a` in a word, between words a space."""
    tones = ("", *_TONES)
    marked = {unicodedata.normalize("NFC", a + b) for a in "aăâeêioôơuưy" for b in tones} | {"đ"}
    marked |= set(_ELSE)
    page = "".join(map(chr, range(128)))
    page += "".join(sorted(one for one in marked if not one.isascii()))
    words = [_WORD.match(one) is not None for one in page]
    maps = (
        [code if word else 32 for code, word in enumerate(words)],
        [page.index(_fold_each(one)) for one in page],
        [ord("a") if word else 32 for word in words],
    )
    exact, bare, shape = (bytes(one).ljust(256) for one in maps)
    return page.ljust(256, "\ufffe"), exact, bare, shape  # U+FFFE: no character


# Foreign letters and signs that stand in the press.
_ELSE = "ßåæçëîïñöøûüþÿäćğšłāūōīşčžńő“”…–’‘·—•«»×°²³½¼′−™®©€£±§\xa0"
_PAGE, _WORDS, _BARE, _SHAPE = _code_page()
_ENCODE = codecs.charmap_build(_PAGE)


class _Folded(dict[str, str]):
    """Words folded before: a language has few syllables, and a look-up costs next to nothing."""

    def __missing__(self, word: str) -> str:
        if len(self) >= 65_536:
            self.clear()
        self[word] = folded = fold(word)
        return folded


_FOLDED = _Folded()


def has_marks(text: str) -> bool:
    """Whether NFC text holds any Vietnamese mark, that is, whether folding would change it."""
    return fold(text) != text


def name_form(text: str) -> str:
    """Return a name as names are compared: its words in lower case, tone marks in one style.

    "Sở Văn hoá - Thể thao" and "Sở Văn hóa, Thể thao" are one.
    """
    return " ".join(_WORD.findall(canonical(characters(text))))


_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def expand(text: str) -> list[str]:
    """Return every name that an alias with `[a|b]` and `[a]` stands for, each once."""
    match = _CHOICE.search(text)
    if match is None:
        return [" ".join(text.split())]
    options = match[1].split("|")
    if len(options) == 1:
        options.append("")
    found = [expand(text[: match.start()] + one + text[match.end() :]) for one in options]
    return list(dict.fromkeys(name for names in found for name in names))


# --- alignment -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Aligned:
    """Cleaned text with the way back: code point i stands at `starts[i]:ends[i]` of `original`."""

    original: str
    text: str
    starts: list[int] | None
    ends: list[int] | None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original for a non-empty span of the cleaned text."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


_CLUSTER = re.compile(r"(?s).[\u0300-\u036f]*")


def align(text: str) -> Aligned:
    """Apply `characters` to any text and keep the way back to its code points."""
    if characters(text) == text:
        return Aligned(text, text, None, None)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        made = characters(match.group())
        out.append(made)
        starts += [match.start()] * len(made)
        ends += [match.end()] * len(made)
    return Aligned(text, "".join(out), starts, ends)
