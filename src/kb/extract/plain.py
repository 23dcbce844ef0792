"""Raw text of a saved article → Article: the story apart from what was copied with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from kb.article import Article
from kb.errors import NoArticle
from kb.extract import boilerplate, bylines, dates
from kb.text import clean, name_form

if TYPE_CHECKING:
    from kb.outlets import Outlet

_TITLE_WORDS = 35
_SECTION_WORDS = 4
_RUN_ON_WORDS = 20
_CAPTION_WORDS = 30
_MOST_AUTHORS = 3
_HEAD = 4
"""Lines at the top among which a section, a place or the date may stand."""
_DATELINE = re.compile(
    r"^\(?(?:TTXVN|VNA|Bnews|VOV|VTV|NLĐO?|TTO|PLO|Dân trí|Chinhphu\.vn|[\w.]+\.vn)\)?\s*[-–—]\s",
    re.I,
)
_ONLY_DATE = re.compile(
    r"(?:(?:thứ|chủ)\s*\w+\s*,?\s*)?(?:ngày\s+)?[\d/.:h\s,|'’–-]{8,40}(?:\(?\s*GMT\s*[+-]\s*\d+(?::?\d\d)?\)?)?",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    r"(?:(?:theo|nguồn|đăng trên|trích)\s*:?\s*)?"
    r"(?:(?:báo|tạp chí|trang tin|cổng)\s+)?(?:điện tử\s+)?",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"\s*[-–|]\s*(?:thứ|chủ|\d)", re.IGNORECASE)


def from_text(
    text: str,
    *,
    source_file: str,
    outlet: Outlet | None = None,
    published: datetime | None = None,
) -> Article:
    """Return the story in a saved text.

    The first line that can be a headline is the title. The whole story goes into the body; a
    lead is set only where an agency's dateline shows that the paragraph above it was one. What
    is not story is kept in `boilerplate`. A day and month without a year is no date.

    Args:
        text: decoded text, one paragraph a line or with empty lines between.
        source_file: kept in the article.
        outlet: where it appeared, if known.
        published: date given by the user (`published_from` becomes `given`).

    Raises:
        NoArticle: nothing but white space and boilerplate.
    """
    lines = clean(text).split("\n")
    story = boilerplate.split(lines).kept
    story, section = _head(lines, story)
    title = lines[story[0]] if story and _can_be_title(lines, story) else ""
    body = _without_captions(lines, story[1:] if title else story, title)
    authors = _sign(lines, body)
    shown, above = _date_line(lines)
    when = published or shown
    if not body and not title:
        raise NoArticle("the text holds no story")
    lead = ""
    if len(body) > 1 and _DATELINE.match(lines[body[1]]) and len(lines[body[0]].split()) >= 8:
        lead = lines[body.pop(0)]
    told, used = set(body), {lead, title}
    left = [row for i, row in enumerate(lines) if i not in told and row not in used]
    return Article(
        title=title,
        lead=lead,
        body="\n".join(lines[i].removesuffix(" |") for i in body),
        outlet=outlet.id if outlet else None,
        authors=authors or above,
        published_at=when,
        published_from="given" if published else ("visible" if when else None),
        section=section,
        source_file=source_file,
        boilerplate="\n".join(left),
    )


def date_above(lines: Sequence[str]) -> datetime | None:
    """Return the first date in the short lines above a headline (`Hà Nội Mới, 9/11/2025`)."""
    read = (dates.parse_visible(line) for line in lines)
    return next((one[0] for one in read if one and dates.plausible(one[0])), None)


def outlet_named(lines: Iterable[str], outlets: Mapping[str, Outlet]) -> Outlet | None:
    """Return the outlet whose name is a line of its own: `Báo Hà Nội Mới, số ra ngày 9/11/2025`,
    `Theo Tuổi Trẻ`."""
    names = {_outlet_name(outlet.name): outlet for outlet in outlets.values()}
    said = (_outlet_name(re.split(r"[,(|–—]|\s-\s|\d", line, maxsplit=1)[0]) for line in lines)
    return next((names[name] for name in said if name in names), None)


def _outlet_name(text: str) -> str:
    return name_form(_BEFORE_NAME.sub("", text.strip())).replace(" ", "")


def _date_line(lines: list[str]) -> tuple[datetime | None, tuple[str, ...]]:
    """Return the date that stands alone, or after the author, on one of the first lines."""
    for text in lines[:_HEAD]:
        if _ONLY_DATE.fullmatch(text) or boilerplate.is_noise(text):
            read = dates.parse_visible(text)
            if read and dates.plausible(read[0]):
                return read[0], bylines.signature(_BEFORE_DATE.split(text)[0])
    return None, ()


def _head(lines: list[str], story: list[int]) -> tuple[list[int], str | None]:
    """Take section, place and date lines off the top; return the rest and the section."""
    section = None
    kept: list[int] = []
    for place, at in enumerate(story):
        text = lines[at]
        if place >= _HEAD or place + 1 == len(story):
            kept.append(at)
            continue
        if _ONLY_DATE.fullmatch(text):
            continue
        if len(text.split()) <= _SECTION_WORDS and not boilerplate.ends_sentence(text):
            following = lines[story[place + 1]]
            headline = boilerplate.is_headline(following)
            longer = len(following.split()) > _SECTION_WORDS
            if not kept and headline and longer and not boilerplate.ends_sentence(following):
                section = section or text
                continue
            if len(kept) == 1:  # a place or the kind of story between title and text
                continue
        kept.append(at)
    return kept, section


def _can_be_title(lines: list[str], story: list[int]) -> bool:
    text = lines[story[0]]
    if len(text.split()) > _TITLE_WORDS or re.search(r"(?<!\.\.)[.;:,]$", text):
        return False
    # A single long line is a text without a title; a headline has something below it.
    return len(story) > 1 or len(text.split()) < boilerplate.PROSE_WORDS


def _without_captions(lines: list[str], story: list[int], title: str) -> list[int]:
    """Return the story without captions and without headlines of others run together.

    A picture repeats the headline as its alternative text, its caption is the next line. Below
    the lead some outlets print related headlines; saved as text they run on in one long line
    without the end of a sentence.
    """
    kept: list[int] = []
    captioned = False
    for at in story:
        text = lines[at]
        if captioned and len(text.split()) <= _CAPTION_WORDS:
            captioned = False
            continue
        captioned = bool(title) and text == title
        run_on = len(kept) == 1 and _is_run_on(text)
        if not (captioned or run_on or boilerplate.is_caption(text)):
            kept.append(at)
    return kept


def _is_run_on(text: str) -> bool:
    """Whether a line is long and yet no sentence ends in it: headlines run together."""
    inner = bool(re.search(r"[.!?…]\s", text))
    return (
        len(text.split()) >= _RUN_ON_WORDS
        and not inner
        and not boilerplate.ends_sentence(text.removesuffix(" |"))
    )


def _sign(lines: list[str], body: list[int]) -> tuple[str, ...]:
    """Take author and source lines off the end of the story; return the authors."""
    signed: tuple[str, ...] = ()
    while len(body) > 1 and len(signed) < _MOST_AUTHORS:
        named = bylines.signature(lines[body[-1]])
        if not named and not bylines.is_credit(lines[body[-1]]):
            break
        signed = named + signed
        body.pop()
    return signed
