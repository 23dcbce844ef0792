"""What stands inside stories besides paragraphs, in the markup of each family: kept or apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kb.article import Article
from kb.extract import extract_page
from kb.extract.families import FAMILIES

Page = Callable[[str], bytes]
NAMES = (*FAMILIES, "unknown")
WORDS = "Sửa bể ngâm, dựng giàn phơi và mời bốn thợ cả về dạy"
OTHER = "Ba làng nghề ven sông mở hội xuân sớm đón khách"


@pytest.fixture
def read(page: Page, story: dict[str, Any]) -> Callable[[str, str], Article]:
    """Return the article on a family's page with something put below its third paragraph."""

    def extracted(name: str, inserted: str) -> Article:
        html = page(name).decode()
        at = html.index(story["paragraphs"][2]) + len(story["paragraphs"][2])
        at = html.index(">", at) + 1
        return extract_page((html[:at] + inserted + html[at:]).encode(), url=None)

    return extracted


Read = Callable[[str, str], Article]
FIGURE = '<figure><img src="a.jpg"><figcaption>{}</figcaption></figure>'
KEPT = {
    "sub-heading in bold": "<p><strong>{}</strong></p>",
    "sub-heading": "<h3>{}</h3>",
    "quotation": "<blockquote><p>{}</p></blockquote>",
    "quotation in a box": '<div class="quote-box"><p>{}</p></div>',
    "note": '<div style="background:#fffbf2" class="box-note"><p>{}</p></div>',
    "list": "<ul><li>{}</li></ul>",
    "numbered list": "<ol><li>{}</li></ol>",
    "table": '<div class="table-wrap"><table><tr><td><p>{}</p></td></tr></table></div>',
    "marked paragraph": '<p class="t-j"><span style="color:#000">{}</span></p>',
    "words with a link": '<p>{} <a href="/x.htm">trong năm nay</a>.</p>',
    "bare text": "{}<br><br>",
}
CUT = {
    "read-more in a paragraph": '<p><b>Xem thêm: <a href="/r.htm">{}</a></b></p>',
    "read-more with arrows": '<p>&gt;&gt;&gt; <a href="/r.htm">{}</a></p>',
    "box of links": '<div class="box-xem-them"><h4>Tin liên quan</h4><ul><li><a href="/r.htm">{}'
    "</a></li></ul></div>",
    "box without a class": '<div><p>Đọc thêm</p><ul><li><a href="/r.htm">{}</a></li></ul></div>',
    "advertisement": '<div class="ads-inread"><p>Quảng cáo</p><p>{}</p></div>',
    "sponsored": '<div class="box-sponsor"><p>{}</p></div>',
    "newsletter": '<div class="newsletter-box"><p>{}</p><form><input></form></div>',
    "poll": '<div class="poll"><p>{}</p><button>Gửi</button></div>',
    "author's box": '<div class="box-author"><p>{}</p></div>',
    "embedded video": '<video><p>{}</p></video>',
    "link to the app": '<div class="social-share"><span>{}</span></div>',
    "hidden": '<div style="display: none"><p>{}</p></div>',
}  # fmt: skip
CAPTIONS = {
    "figure": FIGURE,
    "two pictures": f'<div class="gallery">{FIGURE.format("")}{FIGURE}</div>',
    "table around a picture": "<table><tr><td><img></td></tr><tr><td>{}</td></tr></table>",
    "class": '<div class="image-box"><img><p class="image-caption">{}</p></div>',
    "credit": "<p><em>{} - Ảnh: Minh Đức</em></p>",
}


def told(article: Article) -> list[str]:
    return article.body.split("\n")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", KEPT)
def test_parts_of_the_story_stay(name: str, shape: str, read: Read, story: dict[str, Any]) -> None:
    article = read(name, KEPT[shape].format(WORDS))
    first, second = story["paragraphs"][:3], story["paragraphs"][3:]
    assert told(article)[:3] == first
    assert WORDS in told(article)[3]
    assert told(article)[4:] == second


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", CUT)
def test_what_is_not_the_story_goes(
    name: str, shape: str, read: Read, story: dict[str, Any]
) -> None:
    article = read(name, CUT[shape].format(OTHER))
    assert told(article) == story["paragraphs"]
    assert shape == "embedded video" or OTHER in article.boilerplate


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", CAPTIONS)
def test_captions_are_apart(name: str, shape: str, read: Read, story: dict[str, Any]) -> None:
    article = read(name, CAPTIONS[shape].format(WORDS))
    assert told(article) == story["paragraphs"]
    assert any(WORDS in caption for caption in article.captions)
    assert WORDS in article.boilerplate


BODIES = {
    "vccorp": "detail-content afcbc-body", "mastercms": 'id="content_detail_news"',
    "vnexpress": "fck_detail", "dantri": "dt-text-black-mine", "epi": "article__body",
    "vietnamnet": "maincontent main-content", "onecms": "entry", "znews": "the-article-body",
    "laodong": "art-body",
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_series_of_pictures_is_told_by_its_captions(
    name: str, page: Page, story: dict[str, Any]
) -> None:
    html = page(name).decode()
    for text in story["paragraphs"]:
        html = html.replace(text, "")
    one, _, three, four, _ = story["paragraphs"]
    at = html.index(">", html.index(BODIES[name])) + 1
    figures = "".join(FIGURE.format(text) for text in (one, three, four))
    article = extract_page((html[:at] + figures + html[at:]).encode(), url=None)
    assert [text for text in told(article) if text in story["paragraphs"]] == [one, three, four]
    assert (article.title, article.lead) == (story["title"], story["lead"])


# --- pages of other kinds ------------------------------------------------------------------------


def paragraphs(story: dict[str, Any], tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in story["paragraphs"])


def extracted(head: str, body: str) -> Article:
    html = f"<!doctype html><html lang=vi><head>{head}</head><body>{body}</body></html>"
    return extract_page(html.encode(), url=None)


def test_boxes_that_the_authors_wrote_stay(story: dict[str, Any]) -> None:
    box = f"""<div class="VCSortableInPreviewMode" type="content"><div><h3>Học gì ở xưởng?</h3>
      <p>{WORDS}.</p><div type="PhotoInContentBox"><figcaption class="PhotoCMS_Caption">{OTHER}
      </figcaption></div></div></div>
      <div class="VCSortableInPreviewMode" type="RelatedNewsBox"><a href="/r">{OTHER}</a></div>"""
    body = f"<h1>{story['title']}</h1><div class='detail-content afcbc-body'>{paragraphs(story)}"
    article = extracted("", f"{body}{box}</div>")
    assert told(article) == [*story["paragraphs"], "Học gì ở xưởng?", f"{WORDS}."]
    assert article.captions == (OTHER,)


def test_a_story_without_a_lead_has_none(story: dict[str, Any]) -> None:
    for description in ("", story["title"], story["paragraphs"][0][:90] + "..."):
        meta = f'<meta name="description" content="{description}">'
        body = f"<h1>{story['title']}</h1><article class='fck_detail'>{paragraphs(story)}</article>"
        article = extracted(meta, body)
        assert (article.lead, told(article)) == ("", story["paragraphs"]), description


def test_several_authors_and_no_house(story: dict[str, Any]) -> None:
    people = """{"@type":"Person","name":"Đoàn Hải"},{"@type":"Person","name":"LÊ VÂN - MINH ĐỨC"},
      {"@type":"Person","name":"Báo Mẫu Online"},{"@type":"Person","name":"Tạp chí Giấy Dó"}"""
    data = f'{{"@type":"NewsArticle","author":[{people}]}}'
    head = f'<script type="application/ld+json">{data}</script>'
    body = f"<h1>{story['title']}</h1><div class='article__body'>{paragraphs(story)}</div>"
    assert extracted(head, body).authors == ("Đoàn Hải", "LÊ VÂN", "MINH ĐỨC")


def test_source_lines_at_the_end_are_no_text(story: dict[str, Any]) -> None:
    for line in ("Theo TTXVN", "(Theo Reuters)", "Nguồn: Báo Mẫu", "TTXVN/Vietnam+"):
        rows = f"{paragraphs(story)}<p><b>Đoàn Hải</b></p><p><i>{line}</i></p>"
        body = f"<h1>{story['title']}</h1><div class='maincontent main-content'>{rows}</div>"
        article = extracted("", body)
        assert told(article) == story["paragraphs"], line
        assert (article.authors, line in article.boilerplate) == (("Đoàn Hải",), True)


def test_a_long_read_in_sections(story: dict[str, Any]) -> None:
    one, two, three, four, five = story["paragraphs"]
    body = f"""<h1 class="e-magazine__title">{story["title"]}</h1>
      <div class="e-magazine__sapo">{story["lead"]}</div><div class="e-magazine__body dnews__body">
      <div class="section"><p>{one}</p></div><figure class="full"><img></figure>
      <div class="section"><h2>{two}</h2><p>{three}</p><blockquote>{four}</blockquote></div>
      <div class="section"><p>{five}</p></div>
      <div class="e-magazine__credit"><p>Nội dung: Đoàn Hải</p><p>Ảnh: Minh Đức</p>
      <p>Thiết kế: Hà My</p></div></div>"""
    article = extracted("", body)
    assert (article.title, article.lead) == (story["title"], story["lead"])
    assert told(article) == [one, two, three, four, five]
    assert article.authors == ("Đoàn Hải",)


def test_a_live_report_keeps_its_entries(story: dict[str, Any]) -> None:
    rows = "".join(
        f"<div class='live-item'><span class='live-time'>{9 + at}:30</span><p>{text}</p></div>"
        for at, text in enumerate(story["paragraphs"])
    )
    body = f"<h1>{story['title']}</h1><article class='fck_detail'>{rows}</article>"
    article = extracted("", body)
    assert [text for text in told(article) if text in story["paragraphs"]] == story["paragraphs"]


def test_a_page_for_phones_and_an_amp_page(story: dict[str, Any]) -> None:
    head = f"""<link rel=canonical href="https://mau.example/bai-1.htm">
      <meta property="article:published_time" content="2024-05-11T17:42:00+07:00">
      <meta name="description" content="{story["lead"]}">"""
    phone = f"""<h1 class="detail-title">{story["title"]}</h1>
      <h2 class="detail-sapo">{story["lead"]}</h2>
      <div class="detail-content afcbc-body">{paragraphs(story)}</div>"""
    amp = f"""<header><a href="/">Báo Mẫu</a></header><article><h1>{story["title"]}</h1>
      <h2 class="sapo">{story["lead"]}</h2><amp-img src="a.jpg" alt="x"></amp-img>
      <div class="content">{paragraphs(story)}<amp-ad></amp-ad></div>
      <amp-list class="related"><a href="/r">{OTHER}</a></amp-list></article>"""
    for body in (phone, amp):
        article = extracted(head, body)
        assert (article.title, article.lead) == (story["title"], story["lead"])
        assert told(article) == story["paragraphs"]


def test_comments_below_the_story_stay_out(story: dict[str, Any]) -> None:
    said = "Bài viết hay quá, tôi đã đến xưởng hai lần rồi và sẽ còn quay lại cùng các con nữa."
    comments = f"<div id='box_comment' class='comment-list'>{f'<div><p>{said}</p></div>' * 9}</div>"
    for inside in (True, False):
        rows = paragraphs(story) + (comments if inside else "")
        body = f"<h1>{story['title']}</h1><article class='fck_detail'>{rows}</article>"
        article = extracted("", body + ("" if inside else comments))
        assert told(article) == story["paragraphs"]


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="news_keywords" content="giấy dó, hồ Tây,Báo Mẫu, Giấy dó,">',
        '<meta name="keywords" content="giấy dó; hồ Tây">',
        '<meta property="article:tag" content="giấy dó"><meta property="article:tag" '
        'content="hồ Tây">',
        '<script type="application/ld+json">{"@type":"NewsArticle","keywords":["giấy dó","hồ Tây"]}'
        "</script>",
        '<meta name="keywords" content="">',
    ],
)
def test_keywords(head: str, story: dict[str, Any]) -> None:
    tags = '<div class="article__tag"><a href="/t">giấy dó</a><a href="/u">#hồ Tây</a></div>'
    site = '<meta property="og:site_name" content="Báo Mẫu">' if "Báo Mẫu" in head else ""
    body = f"<h1>{story['title']}</h1><div class='article__body'>{paragraphs(story)}</div>{tags}"
    assert extracted(head + site, body).keywords == ("giấy dó", "hồ Tây")


def test_a_page_without_keywords_has_none(story: dict[str, Any]) -> None:
    body = f"<h1>{story['title']}</h1><div class='afcbc-body'>{paragraphs(story)}</div>"
    assert extracted("", body).keywords == ()
