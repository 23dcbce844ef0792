"""Dân Trí: Tailwind classes since 2025, so structure counts; `singular-…` before."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="dantri",
    marks=(
        "article #desktop-in-article",
        ".singular-content",
        ".e-magazine__body",
        "article.dt-flex > h1",
    ),
    title=(
        "article > h1",
        "h1.title-page.detail",
        "h1.e-magazine__title",
    ),
    lead=("article > h2", "h2.singular-sapo", ".e-magazine__sapo"),
    body=(
        "#desktop-in-article",
        "#mobile-in-article",
        "article > .dt-text-black-mine",
        ".singular-content",
        ".e-magazine__body",
    ),
    date=("article time[datetime]", "time.author-time", "time[datetime]"),
    byline=(".author-name", "article > h1 + div a[href*=tac-gia]", "article > h1 + div a"),
    tags=("a[href*='/tags/']", ".tags-wrap a"),
    drop=(
        ".article-business",
        ".dantri-widget",
        ".dt-news__related",
        "article article",
        ".news-related",
    ),
)
