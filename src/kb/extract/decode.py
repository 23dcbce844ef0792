"""Bytes → text: which charset a saved page or text file is in."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from kb.errors import UnreadableFile

_SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"RIFF": "a RIFF file (WebP picture, sound or film)",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (DOCX, XLSX …)",
    b"\x1f\x8b": "gzip data",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x00\x00\x01\x00": "an icon",
    b"SQLite format 3": "an SQLite database",
}
_CONTROL_BYTES = bytes((*range(9), *range(14, 32)))
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")
_FILM = re.compile(rb"(?s)^.{4}ftyp")
_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,30})""")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}

# Charsets that Vietnamese pages really came in; a free choice ends in Greek and Chinese ones.
_CANDIDATES = ["cp1258", "cp1252", "latin_1", "utf_16", "utf_16_le", "utf_16_be"]
_TOLERATED = 0.002
"""Share of broken UTF-8 sequences with which a text still counts as UTF-8."""


def decode(payload: bytes, declared: str | None = None) -> str:
    """Return the text of a page or text file.

    Tried in order: byte order mark, strict UTF-8, the charset of the HTTP header, that of a
    `<meta>`, UTF-8 with a few broken bytes, then what charset-normalizer finds likely.

    Args:
        payload: the bytes, not compressed.
        declared: charset named by the HTTP header, if any.

    Raises:
        UnreadableFile: empty, a picture or another binary file, or in no known charset.
    """
    if not payload.strip(b" \t\r\n\x00"):
        raise UnreadableFile("the file is empty")
    refuse_binary(payload)
    for bom, name in _BOMS.items():
        if payload.startswith(bom):
            return payload.decode(name, errors="replace")
    text = _strict(payload, "utf-8")
    if text is not None and "\0" not in text:
        _refuse_control(len(payload) - len(payload.translate(None, _CONTROL_BYTES)), text)
        return text
    meta = _META_CHARSET.search(payload[:4096])
    for charset in (declared, meta and meta.group(1).decode("ascii", "replace")):
        if (
            charset
            and not charset.lower().startswith("utf")
            and (text := _strict(payload, charset))
        ):
            return text
    lenient = payload.decode("utf-8", errors="replace")
    if lenient.count("\ufffd") <= len(lenient) * _TOLERATED:
        return _printable(lenient)
    found = from_bytes(payload, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    if found is None:
        raise UnreadableFile("the text is in no charset that could be recognised")
    return _printable(str(found))


def _printable(text: str) -> str:
    _refuse_control(len(_CONTROL.findall(text)), text)
    return text


def _refuse_control(count: int, text: str) -> None:
    if count > len(text) / 100:
        raise UnreadableFile("not a text or a page but binary data")


def refuse_binary(payload: bytes) -> None:
    """Look at the first bytes.

    Raises:
        UnreadableFile: they are those of a picture, film, document or program.
    """
    kind = next((kind for mark, kind in _SIGNATURES.items() if payload.startswith(mark)), None)
    if kind is None and _FILM.match(payload):
        kind = "a film"
    if kind is not None:
        raise UnreadableFile(f"not a text or a page but {kind}")
    head = payload[:65536]
    # UTF-16 text holds many zero bytes too, but all of them at even or all at odd places.
    zeros = head.count(0)
    if zeros > len(head) / 500 and min(head[::2].count(0), head[1::2].count(0)) > zeros / 20:
        raise UnreadableFile("not a text or a page but binary data")


def _strict(payload: bytes, charset: str) -> str | None:
    try:
        return payload.decode(charset)
    except (UnicodeDecodeError, LookupError):
        return None
