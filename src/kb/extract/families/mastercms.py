"""MasterCMS: Báo Đầu tư, Lao động Thủ đô … No JSON-LD and no meta date on its pages."""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="mastercms",
    marks=(
        "table.MASTERCMS_TPL_TABLE",
        ".__MASTERCMS_CONTENT",
        "[class*=MASTERCMS_EL]",
        "img.__img_mastercms",
        "#content_detail_news",
    ),
    title=("div.title-detail", "h1.article-detail-title", "h1.detail-title"),
    lead=(
        "div.sapo_detail",
        ".article-detail-desc",
        ".article-desc",
        ".detail-desc",
        ".sapo",
        "[class*=detail-desc]",
    ),
    body=(
        "#content_detail_news",
        ".__MASTERCMS_CONTENT",
        ".__MB_CONTENT_FOR_PRINTER",
        "[id^=__MB_MASTERCMS_EL_3]",
        ".article-content",
        ".content_detail",
    ),
    date=(
        "span.post-time",
        ".article-publish-time",
        ".format_time",
        ".format_date",
        ".article-date",
        ".tool i",
    ),
    byline=("a.author", "span.author", ".article-author", "p.author"),
    section=(".text-uppercase > a", ".bc-item:last-child a", "li.menu-alias a"),
    captions=("td.media-caption",),
    tags=(".tag_detail a", ".article-tag a", ".tags a"),
    drop=(
        "table.__mb_article_in_image",
        "table.__MB_ARTICLE_A",
        "[class*=__MB_ARTICLE]",
    ),
)
