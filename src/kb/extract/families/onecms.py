"""OneCMS: Hànộimới, Kinh tế & Đô thị, Công lý, Người Quan Sát … Markup known from public notes."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="onecms",
    marks=("[class*=c-detail-head]", "[class*=sc-longform-header]", ".b-maincontent .entry"),
    title=(
        "h1.c-detail-head__title",
        "h1.sc-longform-header-title",
    ),
    lead=(
        ".block-sc-sapo",
        ".sc-longform-header-sapo",
        "h2.desc",
        ".desc",
        ".c-detail-head__sapo",
        ".b-maincontent .sapo",
    ),
    body=(".b-maincontent .entry", "article.entry", "div.entry", ".entry", ".b-maincontent"),
    date=(".c-detail-head__time", ".sc-longform-header-date", ".c-detail-head__row"),
    byline=(
        ".c-detail-head__author",
        ".sc-longform-header-author",
        ".block-sc-author",
        ".c-author-page",
    ),
    section=(".c-detail-head__cat", ".sc-longform-header-cate", ".bread-crumb a:last-child"),
    drop=(
        ".sc-longform-header",
        ".c-detail-head",
        ".sc-hightlight-box",
        ".c-box",
        ".sc-empty-layer",
        ".sc-related-article",
    ),
)
