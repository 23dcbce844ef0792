"""Captures → articles once more: pages that an older parser has taken apart."""

from __future__ import annotations

from pathlib import Path

from flows.checking import locate
from flows.stages import extract_batch
from kb.archive.snapshots import Parsed
from kb.article import Article
from kb.capture import Rejection
from kb.errors import KbError
from kb.extract import Document, read_capture
from kb.extract.families import FAMILIES
from kb.settings import Settings


def is_old(parser: str) -> bool:
    """Whether a parser (`vccorp/2`, `vccorp/2@2023-05-01`) has been replaced by a newer one."""
    name = parser.partition("/")[0]
    family = FAMILIES.get(name)
    if family is None:
        return False
    return parser.partition("@")[0] not in {each.parser for each in family.at(None)}


def extract_again(
    outlets: Path | None, settings: Settings, batch: list[Parsed]
) -> tuple[list[Parsed], list[Article | Rejection]]:
    """Take articles from their captures; one whose capture is no longer there is left out."""
    pairs = [(one, found) for one in batch if (found := _document(one, settings)) is not None]
    kept = [one for one, _ in pairs]
    return kept, extract_batch(outlets, [document for _, document in pairs])


def _document(one: Parsed, settings: Settings) -> Document | None:
    name, _, offset = one.source_file.rpartition("@")
    if not offset.isdigit():
        return None
    try:
        place = locate(name, settings)
        capture = read_capture(str(place), int(offset), max_bytes=settings.max_page_bytes)
    except (OSError, KbError):  # `kb archive check` tells of captures that are missing or damaged
        return None
    return Document(
        "page",
        one.source_file,
        capture.payload,
        url=one.url,
        outlet=one.outlet,
        encoding=capture.encoding,
        digest=capture.digest,
        seen_at=capture.fetched_at,
    )
