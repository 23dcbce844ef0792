"""VietNamNet."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="vietnamnet",
    marks=("h1.content-detail-title", "div.maincontent.main-content"),
    title=("h1.content-detail-title",),
    lead=("h2.content-detail-sapo", ".content-detail-sapo"),
    body=("div.maincontent.main-content", "#maincontent", "div.maincontent"),
    date=(".bread-crumb-detail__time", ".publish-date"),
    byline=(".article-detail-author__info .name", ".newsFeature__author-info .name"),
    section=(".bread-crumb-detail > ul > li:last-child > a",),
    tags=(".tag-cotnent a", ".tag-content a", ".hot-tags a"),
    drop=(
        "article.ck-cms-wiki-news-full",
        "[class*=ck-cms-insert-neww-group]",
        ".articles-edit",
        ".vnn-template-noneditable",
        ".inner-article",
        ".box-taitro",
    ),
)
