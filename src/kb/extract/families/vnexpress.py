"""VnExpress."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="vnexpress",
    marks=("article.fck_detail", "h1.title-detail + p.description"),
    title=("h1.title-detail",),
    lead=("p.description",),
    body=("article.fck_detail", ".fck_detail"),
    date=(".header-content span.date", "span.date"),
    byline=("p.author_mail strong", "p.author_mail", ".author_mail"),
    section=("ul.breadcrumb li:last-of-type a", ".breadcrumb a"),
    captions=("figure.tplCaption", "table.tplCaption", ".desc_cation", "p.Image"),
    tags=(".tags .item-tag a", ".tags h4 a"),
    drop=(
        "p.author_mail",
        "[data-type=quiz]",
        ".box_embed_video",
        ".list-news",
        ".box-tinlienquanv2",
        ".related_news",
        "ul.list_title",
        "#article-end",
        ".width_common.box-tinlienquan",
    ),
)
