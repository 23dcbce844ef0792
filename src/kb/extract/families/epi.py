"""ePi / NetLife: Nhân Dân, Sài Gòn Giải Phóng, Tiền Phong, PLO, An ninh Thủ đô, VietnamPlus …"""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="epi",
    marks=(".article__body", "div.cms-body", "div.zce-content-body"),
    title=(
        "h1.cms-title",
        "h1.article__title",
        ".article__title",
        "h1.article__header",
    ),
    lead=(".article__sapo", ".cms-desc"),
    body=(".article__body", "div.zce-content-body", "div.cms-body", "[itemprop=articleBody]"),
    date=(".article__meta time", "time.time", ".article__meta .time", "time[datetime]"),
    byline=(
        ".article__author .name",
        ".article__author .cms-author",
        "a.cms-author",
        ".cms-author",
        ".article__author",
        ".article__meta .author",
        "p.author",
    ),
    section=("li.main-cate a", ".breadcrumbs a:last-child", ".article__cate a", ".breadcrumb a"),
    captions=(".article__avatar", "table.picture"),
    tags=(".article__tag a", ".article__tags a"),
    drop=(
        ".article__tag",
        ".article__story",
        ".article__source",
        ".article__related",
        ".cms-relate",
        ".article-relate",
        ".ads_middle",
        "[id^=adsWeb_]",
        ".inner-article",
        "#innerarticle",
        ".notebox",
    ),
)
