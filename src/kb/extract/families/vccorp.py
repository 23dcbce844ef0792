"""VCCorp: Tuổi Trẻ, Thanh Niên, Người Lao Động, Báo Chính phủ, CafeF, VTV, Tổ Quốc …"""

from __future__ import annotations

from kb.extract.families.model import Family

FAMILY = Family(
    name="vccorp",
    marks=("div.detail-content.afcbc-body", "[data-role=content]", "div.afcbc-body"),
    title=(
        "h1[data-role=title]",
        "h1.detail-title",
        "h1.article-title",
        "h1.title",
    ),
    lead=("[data-role=sapo]", "h2.detail-sapo", "h2.sapo", "p.sapo", ".sapo"),
    # Tuổi Trẻ has the class twice: the first with the role is the story.
    body=(
        "[data-role=content]",
        "div.detail-content.afcbc-body",
        "div.afcbc-body",
        "div.detail-content",
        "#mainContent",
    ),
    date=("[data-role=publishdate]", ".detail-time", "span.pdate", ".dateandcat"),
    byline=(
        ".detail-author-bot a.name",
        ".author-item-name",
        ".author-info a.name",
        ".author-info-top a",
        ".detail-author",
        "p.author",
        "[data-role=author]",
    ),
    section=(".detail-cate a", "[data-role=cate-name]", ".detail-breadcrumb a.active"),
    # Boxes of `type=content` and `wrapnote` are written by the story's authors: they stay.
    captions=(
        ".PhotoCMS_Caption",
        ".VideoCMS_Caption",
        ".VCSortableInPreviewMode[type=Photo]",
        ".VCSortableInPreviewMode[type=Video]",
        ".VCSortableInPreviewMode[type=VideoStream]",
        ".VCSortableInPreviewMode[type=LayoutAlbum]",
    ),
    tags=(".detail-tab a", ".detail-tag-list a", ".list-tags a", ".tags-item a"),
    drop=(
        "[type=RelatedOneNews]",
        "[type=RelatedNewsBox]",
        "[type=RelatedNews]",
        ".kbwscwlrl-content",
        ".link-source-detail",
        ".knc-relate-wrapper",
        "#reactRelate",
        ".readmore-body-box",
        ".link-content-footer",
        ".link-source-wrapper",
        ".tindnd",
        "#listNewsInContent",
        ".chisochungkhoan",
        ".box-author-detail",
    ),
)
