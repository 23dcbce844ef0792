"""Znews (formerly Zing). Markup known from public notes."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="znews",
    marks=(".the-article-body", ".the-article-header"),
    title=("h1.the-article-title",),
    lead=(".the-article-summary",),
    body=(".the-article-body",),
    date=(".the-article-publish", "ul.the-article-meta"),
    byline=(".the-article-credit .author", ".the-article-author", ".the-article-meta .author"),
    section=(".the-article-category a",),
    captions=("table.picture", ".pCaption", "td.pic"),
    tags=(".the-article-tags a",),
    drop=(
        "#innerarticle",
        "table.article",
        ".surveywidget",
    ),
)
