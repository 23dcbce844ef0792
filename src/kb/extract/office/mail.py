"""E-mails (.eml) → the article in them, and what is attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime
from itertools import groupby, pairwise

from kb.errors import UnreadableFile
from kb.extract.dates import parse_visible, plausible
from kb.extract.decode import decode
from kb.extract.dom import paragraphs, parse, select
from kb.extract.office.words import rules
from kb.text import clean

MOST_PARTS = 200
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_ENGLISH = re.compile(
    rf"(?i)\b(?P<month>{'|'.join(re.findall('...', _MONTHS))})[a-z]*\.? (?P<day>\d{{1,2}}), "
    r"(?P<year>\d{4}),?"
)
_BROKEN = (55, 80)
"""Characters of a line that a mail program broke; they do it at 72 to 78."""
_STORY = 80
"""Words from which the text above a quoted mail is the article and not a note."""
_HEADERS = (b"from", b"date", b"subject", b"received", b"mime-version", b"return-path", b"to")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail; a mail forwarded whole has a name ending in `.eml`."""

    name: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: its own text, what is apart from it, and what is attached.

    `subject` is without `Fwd:` and the like; `sent` is aware; `html` is the HTML part as it came,
    if the mail has one; `aside` are headers, greetings, signatures and quoted headers.
    """

    subject: str
    sent: datetime | None
    lines: tuple[str, ...]
    aside: tuple[str, ...]
    html: str
    url: str | None
    attachments: tuple[Attachment, ...]


def read_mail(payload: bytes) -> Mail:
    """Return what a mail holds.

    The HTML part is preferred to the text part, which is broken into lines of 76 characters.

    Raises:
        UnreadableFile: not a mail, or one of more than `MOST_PARTS` parts.
    """
    head = payload[:8192].lstrip().lower()
    if not any(re.search(rb"(?m)^" + name + rb":", head) for name in _HEADERS):
        raise UnreadableFile("not an e-mail: it has no header")
    message = message_from_bytes(payload, policy=policy.default)
    parts = list(_parts(message))
    if len(parts) > MOST_PARTS:
        raise UnreadableFile(f"a mail of more than {MOST_PARTS} parts")
    html = next((_text(one) for one in parts if _is_body(one, "text/html")), "")
    plain = next((_text(one) for one in parts if _is_body(one, "text/plain")), "")
    told = _from_html(html) if html else _unwrapped(plain)
    if html and not told:
        told = _unwrapped(plain)
    lines, aside, inner = _apart(told)
    subject = _without_marks(_header(message, "subject"))
    own = [f"{name}: {text}" for name in ("From", "Date", "Subject")
           if (text := _header(message, name.lower()))]  # fmt: skip
    return Mail(
        subject=_without_marks(inner.get("subject", "")) or subject,
        sent=_quoted_date(inner.get("date", "")) or _date(_header(message, "date")),
        lines=tuple(lines),
        aside=(*own, *aside),
        html=html,
        url=_header(message, "snapshot-content-location") or None,
        attachments=tuple(_attached(parts)),
    )


def _parts(message: MIMEPart) -> Iterator[MIMEPart]:
    """Yield the parts that hold something; a mail inside the mail is one part."""
    if message.get_content_type() != "message/rfc822" and message.is_multipart():
        for part in message.iter_parts():
            yield from _parts(part)
    else:
        yield message


def _is_body(part: MIMEPart, kind: str) -> bool:
    return (
        part.get_content_type() == kind
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _text(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return ""
    try:
        return decode(payload, part.get_content_charset())
    except UnreadableFile:
        return ""


def _attached(parts: list[MIMEPart]) -> Iterator[Attachment]:
    bodies = {
        kind: next((one for one in parts if _is_body(one, kind)), None)
        for kind in ("text/html", "text/plain")
    }
    for number, part in enumerate(parts, start=1):
        if part in bodies.values() or part.get_content_maintype() in {"image", "audio", "video"}:
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            inner = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(inner, EmailMessage):
                name = part.get_filename() or f"{number}.eml"
                name = name if name.lower().endswith(".eml") else f"{name}.eml"
                yield Attachment(_bare(name), inner.as_bytes())
            continue
        payload = part.get_payload(decode=True)
        name = part.get_filename() or ""
        if isinstance(payload, bytes) and payload.strip() and name:
            yield Attachment(_bare(name), payload)


def _bare(name: str) -> str:
    return clean(name.replace("\\", "/").rpartition("/")[2]).replace("\n", " ") or "attachment"


def _from_html(html: str) -> list[str]:
    root = parse(html)
    for element in select(root, "script, style, noscript, template, head, title"):
        element.drop_tree()
    return [one.text for one in paragraphs(root)]


def _unwrapped(text: str) -> list[str]:
    """Return the paragraphs of a text part: quotation marks off, broken lines joined."""
    rows = [re.sub(r"^(?:> ?)+", "", row.rstrip()) for row in text.splitlines()]
    blocks = (list(rows) for empty, rows in groupby(rows, key=lambda row: not row) if not empty)
    return [one for block in blocks for line in _joined(block) if (one := clean(line))]


def _joined(block: list[str]) -> Iterator[str]:
    """Yield the lines between two empty ones, those joined that a mail program broke."""
    wrapped = all(_BROKEN[0] <= len(row) <= _BROKEN[1] for row in block[:-1])
    line = block[0]
    for last, row in pairwise(block):
        broken = _BROKEN[0] <= len(last) <= _BROKEN[1]
        if len(block) > 1 and (wrapped or (broken and row[:1].islower())):
            line = f"{line} {row}"
        else:
            yield line
            line = row
    yield line


def _apart(lines: list[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """Return the text, what goes with it (notes, greeting, signature, quoted headers), and the
    headers of the mail that was forwarded."""
    said = rules()
    kept: list[str] = []
    aside: list[str] = []
    inner: dict[str, str] = {}
    quoted = False
    for at, line in enumerate(lines):
        if said["forwarded"].fullmatch(line) or _headers_begin(lines, at):
            if _words(kept) >= _STORY:  # an answer: below stands what it answers to
                aside += lines[at:]
                break
            aside += kept  # the note of whoever forwards it
            kept, quoted = [], True
        field = said["header"].fullmatch(line) if quoted and not kept else None
        if field is not None or said["forwarded"].fullmatch(line):
            inner |= {name: text.strip() for name, text in _named(field) if text}
            aside.append(line)
        elif not kept and said["greeting"].fullmatch(line):
            aside.append(line)
        elif kept and said["signature"].fullmatch(line):
            aside += lines[at:]
            break
        else:
            kept.append(line)
    return kept, aside, inner


def _headers_begin(lines: list[str], at: int) -> bool:
    """Whether a line is the first of a block of quoted headers, as Outlook sets them."""
    header = rules()["header"]
    return bool(header.fullmatch(lines[at])) and (
        sum(bool(header.fullmatch(line)) for line in lines[at : at + 6]) >= 3
    )


def _named(field: re.Match[str] | None) -> Iterable[tuple[str, str]]:
    return field.groupdict(default="").items() if field else ()


def _words(lines: Iterable[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _without_marks(subject: str) -> str:
    return clean(rules()["subject"].sub("", subject)).replace("\n", " ")


def _header(message: MIMEPart, name: str) -> str:
    try:
        return clean(str(message.get(name) or "")).replace("\n", " ")
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that no one foresaw
        return ""


def _date(text: str) -> datetime | None:
    """Read the date of a mail's own header."""
    try:
        when = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    when = when if when is None or when.tzinfo else when.replace(tzinfo=UTC)
    return when if when and plausible(when) else None


def _quoted_date(text: str) -> datetime | None:
    """Read a date as mail programs quote it: `Th 7, 8 thg 11, 2025 vào lúc 17:42`,
    `Saturday, November 8, 2025 5:42 PM`."""
    english = _ENGLISH.search(text)
    if english is not None:
        month = _MONTHS.index(english["month"].lower()) // 3 + 1
        day = f"{english['day']}/{month}/{english['year']}"
        text = f"{day} {text[english.end() :].replace(' at ', ' ')}"
    read = parse_visible(text)
    return read[0] if read and plausible(read[0]) else _date(text)
