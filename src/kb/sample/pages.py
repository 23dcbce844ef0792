"""Rendering one paper: every address it answers, as bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kb.sample.model import Article, Feed, Paper, Section

FEED_ITEMS = 10
"""How many stories a feed holds; older ones stand in the sitemap and the sections only."""
NEWS_DAYS = 3
"""How many days back a news sitemap reaches."""
PICTURE = bytes.fromhex(
    "47494638396101000100800000ffffff00000021f90400000000002c00000000010001000002024401003b"
)
"""A GIF of one pixel, for every picture."""

WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: HTTP status, media type, bytes and when they last changed (None: unknown)."""

    status: int
    media_type: str
    body: bytes
    modified: datetime | None = None


def _json_entities(text: str) -> str:
    """Quote as JSON with letters beyond Latin-1 escaped twice, as VCCorp's pages have them."""
    marked = "".join(c if ord(c) < 256 else f"&amp;#{ord(c)};" for c in escape(text, quote=False))
    return json.dumps(marked, ensure_ascii=False)


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _environment() -> Environment:
    folder = Path(__file__).with_name("templates")
    made = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)
    made.filters |= {
        "json_entities": lambda text: made.filters["safe"](_json_entities(text)),
        "weekday": _weekday,
        "rfc822": format_datetime,
    }
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


_TEMPLATES = _environment()


class Site:
    """One paper in one edition at one address (`base`: scheme, host and port, no slash)."""

    def __init__(self, paper: Paper, base: str, today: date, edition: int) -> None:
        self.paper = paper
        self.base = base
        self.today = today
        self.articles = paper.edition(edition)
        self._routes = self._all_routes()

    def page(self, path: str) -> Page:
        """Return the answer to a path (without query): a 404 page if nothing stands there."""
        if path.startswith("/anh/"):
            return Page(200, "image/gif", PICTURE)
        make = self._routes.get(path)
        return make() if make else Page(404, "text/html", "<h1>Không tìm thấy</h1>".encode())

    def _all_routes(self) -> dict[str, Callable[[], Page]]:
        paper, planted = self.paper, self.paper.planted
        routes: dict[str, Callable[[], Page]] = {
            "/": self._home,
            "/robots.txt": self._robots,
            planted.path: self._planted,
        }
        routes |= {feed.path: partial(self._feed, feed) for feed in paper.feeds}
        routes |= {section.path: partial(self._section, section) for section in paper.sections}
        routes |= {article.path: partial(self._article, article) for article in self.articles}
        if len(paper.sitemaps) == 1:
            return routes | {paper.sitemaps[0]: self._sitemap}
        index, stories, news = paper.sitemaps
        return routes | {index: self._index, stories: self._sitemap, news: self._news}

    def _render(
        self, template: str, media_type: str, articles: tuple[Article, ...], **more: object
    ) -> Page:
        changed = max(article.modified_at for article in self.articles)
        body = _TEMPLATES.get_template(template).render(
            paper=self.paper,
            base=self.base,
            today=self.today,
            articles=articles,
            changed=changed,
            **more,
        )
        modified = max((article.modified_at for article in articles), default=changed)
        return Page(200, media_type, body.encode(), modified)

    def _listing(self, path: str, heading: str, section: Section | None) -> Page:
        planted = self.paper.planted if self.paper.planted.linked_from == "home" else None
        chosen = tuple(a for a in self.articles if section is None or a.section == section.id)
        return self._render(
            f"{self.paper.family}/listing.html.j2",
            "text/html",
            chosen,
            path=path,
            heading=heading,
            section=section,
            planted=None if section else planted,
        )

    def _home(self) -> Page:
        return self._listing("/", self.paper.name, None)

    def _section(self, section: Section) -> Page:
        return self._listing(section.path, section.name, section)

    def _article(self, article: Article) -> Page:
        index = self.articles.index(article)
        around = self.articles[index + 1 :] + self.articles[:index]
        teasers = self.paper.teasers[index % 3 :] + self.paper.teasers[: index % 3]
        return self._render(
            f"{self.paper.family}/article.html.j2",
            "text/html",
            (article,),
            article=article,
            url=self.base + article.path,
            section=self.paper.section(article.section),
            others=around[:3],
            teasers=teasers[:6],
        )

    def _planted(self) -> Page:
        planted = self.paper.planted
        return Page(planted.status, "text/html", f"<h1>{escape(planted.title)}</h1>".encode())

    def _robots(self) -> Page:
        return self._render("robots.txt.j2", "text/plain", ())

    def _feed(self, feed: Feed) -> Page:
        chosen = tuple(a for a in self.articles if feed.section in {"", a.section})
        whole = self.paper.planted.linked_from == "feed" and not feed.section
        return self._render(
            "rss.xml.j2",
            "application/rss+xml",
            chosen[:FEED_ITEMS],
            planted=self.paper.planted if whole else None,
        )

    def _index(self) -> Page:
        return self._render("sitemapindex.xml.j2", "application/xml", ())

    def _sitemap(self) -> Page:
        return self._render("sitemap.xml.j2", "application/xml", self.articles, news=False)

    def _news(self) -> Page:
        since = self.today - timedelta(days=NEWS_DAYS)
        chosen = tuple(a for a in self.articles if a.published_at.date() >= since)
        return self._render("sitemap.xml.j2", "application/xml", chosen, news=True)
