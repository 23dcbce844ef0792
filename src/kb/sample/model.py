"""Records of the sample press: papers, their stories and what stands around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

BlockKind = Literal["paragraph", "heading", "photo", "related"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a story's column; `lead` only in a related box."""

    kind: BlockKind
    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One state of one story. Times carry +07:00; `source` is the paper it was taken from."""

    slug: str
    id: str
    path: str
    title: str
    lead: str
    section: str
    authors: tuple[str, ...]
    created_at: datetime
    """When the desk began it; where the family tells, before `published_at`."""
    published_at: datetime
    modified_at: datetime
    tags: tuple[str, ...]
    source: str
    body: tuple[Block, ...]
    revised: Article | None = None
    """The state that edition 2 serves instead of this one."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The story's own text after the lead: paragraphs and headings, in order."""
        return tuple(b.text for b in self.body if b.kind in {"paragraph", "heading"})


@dataclass(frozen=True, slots=True)
class Section:
    """A rubric with a page of its own."""

    id: str
    name: str
    path: str
    zone: int


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS feed; `section` is empty for the feed of the whole paper."""

    path: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Teaser:
    """A story of which only the announcement exists: what fills the boxes beside a story."""

    title: str
    lead: str
    day: date


@dataclass(frozen=True, slots=True)
class Planted:
    """An address shaped like a story that holds none; `linked_from` is `home` or `feed`."""

    status: int
    path: str
    title: str
    linked_from: str


@dataclass(frozen=True, slots=True)
class Paper:
    """One invented newspaper with everything it serves."""

    id: str
    name: str
    slogan: str
    level: str
    family: str
    article_path: str
    article_url: str
    sections: tuple[Section, ...]
    feeds: tuple[Feed, ...]
    sitemaps: tuple[str, ...]
    """One file of stories; or an index, a file of stories and a news sitemap."""
    robots: str
    planted: Planted
    teasers: tuple[Teaser, ...]
    articles: tuple[Article, ...]
    """First states, newest first."""

    def edition(self, number: int) -> tuple[Article, ...]:
        """Return the stories as edition 1 or 2 has them, newest first."""
        if number == 1:
            return self.articles
        return tuple(article.revised or article for article in self.articles)

    def section(self, section_id: str) -> Section:
        """Return a section by id; loading has made sure that every story's exists."""
        return next(section for section in self.sections if section.id == section_id)


@dataclass(frozen=True, slots=True)
class Press:
    """The papers by id, and the day on which they stand still."""

    today: date
    papers: dict[str, Paper]
