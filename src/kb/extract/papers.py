"""PDF, Word and mail files → documents: one for each article in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from kb.capture import Rejection
from kb.errors import UnreadableFile
from kb.extract.boilerplate import ends_sentence
from kb.extract.document import Document
from kb.extract.dom import parse
from kb.extract.office import Clipping, Line, Mail, Scan, clippings, read_docx, read_mail, read_pdf
from kb.extract.structured import read_metadata
from kb.text import name_form

STAGE = "intake"
Item = Document | Rejection
Opened = Callable[[str, bytes, int], Iterator[Item]]
"""Reads an attachment by its name: (source, payload, how deep it lies in mails)."""
_NOTE = 25
"""Words of a mail that has attachments below which it is only their cover."""
_DEEP = 4
"""Mails forwarded inside of mails."""
_TITLE_WORDS = (4, 35)


def pdf(source: str, payload: bytes) -> Iterator[Item]:
    """Yield the articles of a PDF, each named by the page on which it begins (`…#page=3`)."""
    lines: list[Line] = []
    faults: list[Rejection] = []
    try:
        for one in read_pdf(payload):
            if isinstance(one, Scan):
                faults.append(Rejection(f"{source}#page={one.page}", STAGE, one.reason))
            else:
                lines.append(one)
    except UnreadableFile as error:
        faults.append(Rejection(source, STAGE, str(error)))
    found = list(clippings(lines))
    pages = [clipping.page for clipping in found]
    for at, clipping in enumerate(found):
        place = f"#page={clipping.page}" if len(found) > 1 else ""
        beside = pages[:at].count(clipping.page)
        yield _clipped(f"{source}{place}{f',{beside + 1}' if beside else ''}", "pdf/1", clipping)
    yield from faults


def docx(source: str, payload: bytes, max_bytes: int) -> Iterator[Item]:
    """Yield the articles of a Word document, numbered (`…#2`) if there are several.

    Raises:
        UnreadableFile: it cannot be read, or holds no text.
    """
    found = list(clippings(list(read_docx(payload, max_bytes))))
    if not found:
        raise UnreadableFile("a Word document without text")
    for number, clipping in enumerate(found, start=1):
        place = f"#{number}" if len(found) > 1 else ""
        yield _clipped(f"{source}{place}", "docx/1", clipping)


def mail(source: str, payload: bytes, opened: Opened, deep: int = 0) -> Iterator[Item]:
    """Yield the article in a mail, then those in its attachments (`…/attached.pdf`).

    The text of a mail that only brings attachments is passed over.

    Raises:
        UnreadableFile: not a mail, mails inside of mails without end, or no text at all.
    """
    if deep > _DEEP:
        raise UnreadableFile(f"more than {_DEEP} mails inside of each other")
    found = read_mail(payload)
    words = sum(len(line.split()) for line in found.lines)
    if found.html and read_metadata(parse(found.html)).is_article:
        page = found.html.encode("utf-8", "replace")
        yield Document("page", source, page, url=found.url, encoding="utf-8")
    elif words >= _NOTE or (words and not found.attachments):
        yield _letter(source, found)
    elif not found.attachments:
        raise UnreadableFile("a mail without text")
    for attachment in found.attachments:
        yield from opened(f"{source}/{attachment.name}", attachment.payload, deep + 1)


def _clipped(source: str, parser: str, clipping: Clipping) -> Document:
    return Document(
        "text",
        source,
        clipping.text.encode("utf-8", "replace"),
        url=clipping.url,
        parser=parser,
        above="\n".join(clipping.above),
        aside="\n".join(clipping.aside),
    )


def _letter(source: str, found: Mail) -> Document:
    (clipping,) = clippings([Line(line) for line in found.lines])
    lines = _titled(clipping.lines, found.subject)
    return Document(
        "text",
        source,
        "\n".join(lines).encode("utf-8", "replace"),
        url=clipping.url,
        parser="mail/1",
        aside="\n".join((*clipping.aside, *found.aside)),
        sent_at=found.sent,
    )


def _titled(lines: Sequence[str], subject: str) -> Sequence[str]:
    """Put the subject above a text that does not begin with a headline of its own."""
    least, most = _TITLE_WORDS
    first = lines[0] if lines else ""
    headline = least <= len(first.split()) <= most and not (
        ends_sentence(first) or re.search(r"[.;:,]$", first)
    )
    if not subject or (headline and len(lines) > 1) or _repeated(subject, lines[:4]):
        return lines
    return (subject, *lines)


def _repeated(subject: str, lines: Iterable[str]) -> bool:
    said = name_form(subject)
    return any(said in name_form(line) and len(line) < 2 * len(subject) for line in lines)
