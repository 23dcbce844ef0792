"""A whole newspaper to be tried out: front page, list of feeds, gzipped sitemaps, articles."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import yaml

from tests.crawlers.site import Answer, Site

EXTRACT = Path(__file__).parents[1] / "extract"
SLUGS = (
    "xuong-moc-pho-co-mo-cua-don-khach",
    "le-hoi-den-long-ve-lai-ben-song",
    "trien-lam-gom-cu-trong-thap-nuoc",
    "cau-da-tram-tuoi-duoc-sua-lai",
    "hoa-si-tre-ve-tuong-ngo-nho",
    "pho-di-bo-them-ba-san-khau",
)
ARTICLES = tuple(f"/{slug}-19726112{day}083000123.htm" for day, slug in enumerate(SLUGS))
"""From the oldest to the newest."""
FILM = "/video-mot-ngay-o-xuong-moc-pho-co-197261129083000123.htm"
FRONT = """<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">
<title>Tin tức Thủ đô | Báo Phố Nghề</title><meta property="og:site_name" content="Báo Phố Nghề">
<link rel="alternate" type="application/rss+xml" title="Trang chủ" href="/rss/home.rss"></head>
<body><input id="hdZoneId" value="0"><div class="main-menu"><ul>
<li><a href="/">Trang chủ</a></li><li><a href="/kinh-te.htm">Kinh tế</a></li>
<li><a href="/van-hoa.htm">Văn hóa</a></li><li><a href="/video.htm">Video</a></li>
<li><a href="https://khac.example/">Báo bạn</a></li></ul></div>
{links}<a href="/rss.htm">RSS</a><a href="/dieu-khoan.htm">Điều khoản</a></body></html>"""


def article(family: str = "vccorp") -> bytes:
    """Return an article's page in the markup of a family, from the pages of tests/extract."""
    story = yaml.safe_load((EXTRACT / "story.yaml").read_text("utf-8"))
    text = (EXTRACT / "pages" / f"{family}.html").read_text("utf-8")
    fields = {name: story[name] for name in ("title", "lead", "related", "caption")}
    fields |= {f"p{number}": text for number, text in enumerate(story["paragraphs"], start=1)}
    for name, value in fields.items():
        text = text.replace("{" + name + "}", value)
    return text.encode()


def put_up(site: Site, *, family: str = "vccorp", age: timedelta = timedelta()) -> None:
    """Fill a site with the newspaper; its newest article is `age` old."""
    for path in ARTICLES:
        site.pages[path] = Answer(article(family))
    links = "".join(f'<h3><a href="{path}">{path[1:40]}</a></h3>' for path in ARTICLES)
    site.pages["/"] = Answer(FRONT.replace("{links}", links).encode())
    site.pages["/rss.htm"] = Answer(
        b'<html><body><a href="/rss/home.rss">Trang ch\xe1\xbb\xa7</a>'
        b'<a href="/rss/van-hoa.rss">V\xc4\x83n h\xc3\xb3a</a></body></html>'
    )
    newest = datetime.now(UTC) - age
    days = [newest - timedelta(days=back) for back in range(len(ARTICLES))]
    rows = [(path, format_datetime(day)) for path, day in zip(ARTICLES[::-1], days, strict=True)]
    site.feed("/rss/home.rss", *rows)
    site.feed("/rss/van-hoa.rss", *rows[3:])
    for name in ("/van-hoa.htm", "/kinh-te.htm"):
        site.section(name, *ARTICLES[:3], name.replace(".htm", "/trang-2.htm"))
    site.pages["/robots.txt"] = Answer(
        f"User-agent: *\nDisallow: /cam/\nSitemap: {site.home}/sitemap.xml\n".encode(),
        type="text/plain",
    )
    months = "".join(
        f"<sitemap><loc>{site.home}/sitemaps/{month}.xml.gz</loc><lastmod>{month}-20</lastmod>"
        "</sitemap>"
        for month in ("2026-10", "2026-11")
    )
    site.pages["/sitemap.xml"] = _xml(f"<sitemapindex>{months}</sitemapindex>".encode())
    urls = "".join(
        f"<url><loc>{site.home}{path}</loc><lastmod>{day.isoformat()}</lastmod></url>"
        for path, day in zip(ARTICLES[::-1], days, strict=True)
    )
    month = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    site.pages["/sitemaps/2026-11.xml.gz"] = Answer(month, type="application/gzip")


def _xml(body: bytes) -> Answer:
    return Answer(b'<?xml version="1.0"?>' + body, type="application/xml")


LISTINGS = {
    "feeds": ["/rss/home.rss"],
    "sitemaps": ["/sitemap.xml"],
    "sections": ["/van-hoa.htm"],
}


def outlet(site: Site, folder: Path, **more: object) -> Path:
    """Write the newspaper's YAML (id `thu`) and return the file."""
    entry: dict[str, object] = {"name": "Báo Phố Nghề", "level": "hanoi", "family": "vccorp"}
    entry |= {key: [site.home + path for path in paths] for key, paths in LISTINGS.items()}
    entry |= {"article_url": r"-197\d{12,15}\.htm$", "enabled": False}
    return site.outlet(folder, **(entry | more)) / "thu.yaml"
