"""The record between extraction and reading: one state of one story's text."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The newspapers' time zone: what is kept in UTC is shown in it."""

Field = Literal["title", "lead", "body"]
FIELDS: tuple[Field, ...] = ("title", "lead", "body")


@dataclass(frozen=True, slots=True)
class Article:
    """One story as extracted from one page, file or record.

    Texts are NFC, without invisible characters; `body` is paragraphs joined by one newline.
    `published_at` is timezone-aware; `published_from` says where it was found: `meta`,
    `visible`, `json-ld`, `url` (a lower bound), `feed`, `record`, `mail` (the day that a mail
    brought it, an upper bound), `given`, or None.
    """

    title: str
    lead: str
    body: str
    url: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_from: str | None = None
    modified_at: datetime | None = None
    section: str | None = None
    source_file: str | None = None
    seen_at: datetime | None = None
    """When the page was fetched, so that of two texts the later counts; None if not known."""
    capture_digest: str | None = None
    """Payload digest (`sha1:BASE32`) of the capture that the text was taken from."""
    boilerplate: str = ""
    """What was cut away from around the story, captions included, so that nothing is lost."""
    parser: str = "text/1"
    """What extracted the text, and its version: a CMS family, `generic`, `trafilatura`, `text`,
    `record`, `pdf`, `docx`, `mail`."""
    keywords: tuple[str, ...] = ()
    """What the page says that it is about, in its order."""
    captions: tuple[str, ...] = ()
    """Captions of pictures and films, which are no part of the body."""
    misdated: str = ""
    """A date that the source declares and that cannot be; told when it is loaded, not kept."""
    words: int = field(init=False)
    """Whitespace-separated syllables of title, lead and body."""

    def __post_init__(self) -> None:
        count = sum(len(getattr(self, name).split()) for name in FIELDS)
        object.__setattr__(self, "words", count)

    def text(self, name: Field) -> str:
        """Return the text of one field; spans of mentions count its code points."""
        return str(getattr(self, name))

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the text and its dates and bylines: equal means the same revision."""
        published = self.published_at.astimezone(UTC).isoformat() if self.published_at else ""
        parts = (self.title, self.lead, self.body, published, *self.authors)
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def key(self) -> str:
        """What makes it the same story: its address, else its text."""
        if self.url:
            return story_key(self.url)
        text = "\x1f".join((self.title, self.lead, self.body))
        return "text:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def story_key(url: str) -> str:
    """Return the address of a story without scheme, `www.` or `m.` and the like, fragment and
    tracking parameters; what is no address of the web (`clip-5`, `urn:x:9`) as it stands."""
    if plain := _PLAIN.fullmatch(url):  # which is left as it is, a tenth of the time
        return _undressed("".join(plain.groups()))
    from w3lib.url import canonicalize_url, url_query_cleaner

    try:
        cleaned = url_query_cleaner(
            completed(url), parameterlist=TRACKING, remove=True, unique=False, keep_fragments=False
        )
        return _undressed(canonicalize_url(cleaned).partition("://")[2]) or url
    except ValueError:  # a port or a host that is none
        return url


def completed(url: str) -> str:
    """Return an address with the scheme that people leave out: `bao.example/a` is
    `https://bao.example/a`."""
    found = _NO_SCHEME.fullmatch(url.strip())
    return f"https://{found[1]}" if found else url


def is_front_page(url: str) -> bool:
    """Whether an address is that of a whole site, and of no story on it."""
    return re.search("[/?]", story_key(url)) is None


def fault(url: str) -> str | None:
    """Return what is wrong with an address that no program can ask for, None if nothing is."""
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and not parts.hostname:
            return "it names no host"
        _ = parts.port  # which is not looked at before
    except ValueError as error:
        return str(error)
    return None


def _undressed(bare: str) -> str:
    label, _, rest = bare.partition(".")
    return (rest if label in HOST_VARIANTS else bare).rstrip("/")


# Neither capitals in the host, nor port, query, fragment, nor anything to decode or to resolve.
_PLAIN = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/(?!\.)[A-Za-z0-9._~-]*)*)")
_NO_SCHEME = re.compile(r"(?is)(?://)?((?:[\w-]+\.)+[a-z][\w-]+(?::\d+)?/.*)")
HOST_VARIANTS = ("www", "m", "mobile", "wap", "amp")
"""First label of a host that is only another dress of the same paper."""


TRACKING = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "fbclid", "gclid", "zarsrc", "zalo", "gidzl", "mibextid",
)  # fmt: skip
