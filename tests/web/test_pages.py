"""The first page and the pages of entries; languages; every page in one piece."""

from __future__ import annotations

import httpx
import pytest

from kb.archive import Archive, Query
from kb.web.pages import LATEST
from tests.web.markup import texts, tree
from tests.web.stories import FILLERS, registry, stories

PAGES = [
    "/", "/search", "/search?q=l%E1%BB%85+h%E1%BB%99i", "/articles/1", "/articles/4",
    "/initiatives/design-festival", "/initiatives/uccn", "/initiatives/sea-forum",
    "/actors/hanoi-museum", "/actors/vu-thu-ha", "/actors/hanoi-peoples-committee",
    "/commitments", "/commitments?due=coming", "/assignments?q=h%E1%BB%99i", "/quotes",
]  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_in_both_languages(
    client: httpx.Client, path: str, language: str
) -> None:
    answer = client.get(path, params={**httpx.URL(path).params, "lang": language})
    page = tree(answer)
    assert answer.headers["content-language"] == page.get("lang") == language
    assert len(page.xpath("//h1")) == len(page.xpath("//main")) == 1
    assert page.xpath("//main/@id") == [page.xpath("//a[@class='skip']/@href")[0].lstrip("#")]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for name in page.xpath("//@aria-labelledby | //@aria-describedby"):
        assert set(name.split()) <= set(ids)
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert page.xpath("//script[not(@src)] | //@style | //style") == []
    assert all(src.startswith("/static/") for src in page.xpath("//script/@src"))


def test_no_link_within_the_desk_is_dead(client: httpx.Client) -> None:
    links = {link for path in PAGES for link in tree(client.get(path)).xpath("//@href | //@src")}
    assert all(link.startswith(("/", "#", "http://", "https://")) for link in links)
    inside = sorted(link for link in links if link.startswith("/"))
    assert len(inside) > len(PAGES)
    for link in inside:
        assert client.head(link).status_code in (200, 405), link  # the interface answers GET only


def test_articles_stand_under_their_day_in_vietnam(client: httpx.Client) -> None:
    page = tree(client.get("/"))
    assert texts(page, "//section[@class='day']/h2")[:4] == [
        "Thứ Sáu, 07/11/2025",
        "Thứ Năm, 06/11/2025",
        "Thứ Tư, 01/01/2025",
        "Thứ Bảy, 20/05/2023",
    ]
    assert page.xpath("//section[@class='day']/h2/time/@datetime")[2] == "2025-01-01"
    first = page.xpath("//article")[0]
    assert texts(first, ".//h3") == ["Lễ hội Thiết kế sáng tạo Hà Nội mở cửa tối nay"]
    assert texts(first, ".//*[@class='outlet']") == ["Hà Nội Mới"]
    assert texts(first, ".//*[@class='lead']") == [stories()[0][0].lead]
    assert first.xpath(".//a[@class='chip']/@href") == ["/initiatives/design-festival"]


def test_older_articles_follow_page_by_page_to_the_last(client: httpx.Client) -> None:
    seen: list[str] = []
    path = "/"
    while path:
        answer = client.get(path)
        page = tree(answer)
        seen += page.xpath("//article//h3/a/@href")
        older = page.xpath("//a[@rel='next']/@href")
        assert [answer.links["next"]["url"]] == older if older else "next" not in answer.links
        path = older[0] if older else ""
    assert len(seen) == len(set(seen)) == FILLERS + len(stories()) > LATEST
    assert seen[-1] == "/articles/4"  # the one without a date


def test_coverage_of_the_programme_can_be_seen_alone(client: httpx.Client) -> None:
    tabs = tree(client.get("/")).xpath("//nav[@class='tabs']/a")
    assert [tab.get("aria-current") for tab in tabs] == ["page", None]
    page = tree(client.get(tabs[1].get("href")))
    assert page.xpath("//article//h3/a/@href") == [f"/articles/{one}" for one in (1, 2, 3, 4)]
    assert texts(page, "//h1") == ["Tin mới 4 bài"]
    assert page.xpath("//nav[@class='tabs']/a/@aria-current") == ["page"]


def test_initiatives_are_counted_as_the_archive_counts(
    client: httpx.Client, archive: Archive
) -> None:
    rows = {row["entity_id"]: row["articles"] for row in archive.initiatives_rows(Query())}
    names = [entry.name for entry in registry().of_kind("initiative")]
    wanted = [
        f"{entry.name} {rows.get(entry.id, 0)} bài" for entry in registry().of_kind("initiative")
    ]
    assert len(names) == 6
    assert rows["design-festival"] == 3
    assert texts(tree(client.get("/")), "//ul[@class='tally']/li") == wanted


def test_last_run_says_when_what_and_what_failed(client: httpx.Client) -> None:
    said = texts(tree(client.get("/")), "//p[contains(@class,'run')]")
    assert said[0].endswith("thu tin hằng đêm 45 bài mới · 1 bài sửa · 2 lỗi")


def test_initiative_has_a_bar_and_a_row_for_each_year(client: httpx.Client) -> None:
    page = tree(client.get("/initiatives/design-festival"))
    assert texts(page, "//figure//tbody/tr/*[1]") == ["2025", "2024", "2023"]
    assert texts(page, "//figure//tbody/tr[1]/td") == ["1 bài", "3", "33,3%"]
    assert texts(page, "//figure//tbody/tr[2]/td") == ["0 bài", "0", "–"]
    assert "Trong đó không rõ ngày: 1 bài" in texts(page, "//p[@class='note']")
    bars = page.xpath("//svg[@class='chart']//a/@href")
    assert [tree(client.get(bar)).xpath("//article//h3/a/@href") for bar in bars] == [
        ["/articles/3"],
        ["/articles/1"],
    ]
    assert texts(page, "//svg[@class='chart']/title") == [
        "Số bài nhắc tới Lễ hội Thiết kế sáng tạo Hà Nội theo năm"
    ]
    assert texts(page, "//svg/desc")[0].startswith("Từ 2023 đến 2025; nhiều nhất là năm")


def test_initiative_names_its_company_and_its_sources(
    client: httpx.Client, archive: Archive
) -> None:
    entry = registry().entries["design-festival"]
    page = tree(client.get("/initiatives/design-festival"))
    assert set(page.xpath("//header//details//a/@href")) == set(entry.sources)
    assert texts(page, "//details[1]//li") == [alias.text for alias in entry.aliases]
    rows = archive.actors_rows(Query(initiatives=("design-festival",)))
    assert sorted(texts(page, "//section[@aria-labelledby='actors']//li")) == sorted(
        f"{row['name']} {row['articles']} bài" for row in rows
    )
    assert texts(page, "//p[@class='about']") == [entry.description]


def test_initiative_without_coverage_says_so(client: httpx.Client) -> None:
    page = tree(client.get("/initiatives/sea-forum"))
    assert texts(page, "//p[@class='empty']") == ["Chưa có bài nào trong kho nhắc tới."]
    assert page.xpath("//svg") == []


def test_person_has_posts_with_dates_and_sources(client: httpx.Client) -> None:
    post, holder = next(
        (post, holder)
        for post in registry().posts
        for holder in post.holders
        if holder.person == "vu-thu-ha" and holder.since and len(holder.since) == 10
    )
    page = tree(client.get("/actors/vu-thu-ha"))
    rows = page.xpath("//table/tbody/tr")
    row = next(one for one in rows if holder.source in one.xpath(".//a/@href"))
    year, month, day = str(holder.since).split("-")
    assert texts(row, "./th") == [post.name]
    assert texts(row, "./td")[0] == f"{day}/{month}/{year}"
    assert row.xpath("./td//time/@datetime")[0] == holder.since


def test_organisation_lists_articles_initiatives_and_holders(client: httpx.Client) -> None:
    page = tree(client.get("/actors/hanoi-department-of-culture-and-sports"))
    assert page.xpath("//article//h3/a/@href") == ["/articles/1", "/articles/3"]
    assert texts(page, "//section[@aria-labelledby='initiatives']//li") == [
        "Lễ hội Thiết kế sáng tạo Hà Nội 2 bài",
        "Mạng lưới không gian văn hóa sáng tạo Hà Nội 1 bài",
    ]
    posts = [
        post
        for post in registry().posts
        if post.org == "hanoi-department-of-culture-and-sports" and post.holders
    ]
    assert texts(page, "//th[@scope='rowgroup']") == [post.name for post in posts]
    assert len(page.xpath("//tbody/tr/td/a[starts-with(@href,'/actors/')]")) == sum(
        len(post.holders) for post in posts
    )


def test_language_is_chosen_once_and_kept(client: httpx.Client) -> None:
    assert client.get("/", headers={"accept-language": "en"}).headers["content-language"] == "vi"
    switch = tree(client.get("/search?q=x&lang=vi")).xpath("//a[@class='switch']/@href")
    assert switch == ["/search?q=x&lang=en"]
    assert client.get(switch[0]).headers["content-language"] == "en"
    assert texts(tree(client.get("/")), "//h1")[0].startswith("Latest coverage")
    assert client.get("/?lang=xx").headers["content-language"] == "en"


def test_answers_name_the_page_in_each_language(client: httpx.Client) -> None:
    link = client.get("/actors/hanoi-museum").headers["link"]
    assert link == (
        '</actors/hanoi-museum?lang=vi>; rel="alternate"; hreflang="vi", '
        '</actors/hanoi-museum?lang=en>; rel="alternate"; hreflang="en"'
    )
