"""Lao Động. Markup known from public notes."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="laodong",
    marks=(".art-body", ".chappeau"),
    title=(
        "h1.title",
        ".article-detail h1",
    ),
    lead=(".article-detail .chappeau", ".chappeau"),
    body=(".art-body", ".article-content"),
    date=(".f-datetime", ".time time", ".time"),
    byline=(".art-author", ".authors", ".author"),
    section=(".breadcrumb a:last-child",),
    captions=(".art-photo",),
    tags=(".keywords a",),
    drop=(".insert-wrap", ".f-box"),
)
