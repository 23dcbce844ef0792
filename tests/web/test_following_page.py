"""Saved searches on the desk: kept, read as a feed, sent when and where was said, given up."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from lxml.html import HtmlElement

from kb.archive import Archive, Query, following
from kb.archive.accounts import Accounts, Role
from kb.archive.following import Follow, Sending
from kb.archive.judgements.log import local_name
from kb.settings import settings
from kb.web import create_app, follow_form
from tests.web.conftest import Serve
from tests.web.markup import html_of, texts, tree
from tests.web.stories import fill

PASSWORD = "thuyền thúng qua sông"
DAILY = {"name": "Lễ hội", "q": "lễ hội", "rhythm": "daily", "hour": "7", "address": "a@so.example"}
_addresses = count(1)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    path = tmp_path_factory.mktemp("followed") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as opened:
        fill(opened)
        for name, role in (("Ngân", Role.reader), ("Bình", Role.reader), ("Quản", Role.admin)):
            Accounts(opened.engine).add(name, role, PASSWORD)
        yield opened


@pytest.fixture(scope="module")
def here(desk: Archive, serve: Serve) -> Iterator[str]:
    with serve(create_app(desk)) as base:
        yield base


@pytest.fixture(autouse=True)
def nothing_kept(desk: Archive) -> Iterator[None]:
    yield
    for one in following.follows(desk):
        following.drop_follow(desk, one.name)


@pytest.fixture
def client(here: str) -> Iterator[httpx.Client]:
    """Whoever sits at this computer."""
    with httpx.Client(base_url=here, timeout=900) as opened:
        yield opened


def as_(here: str, desk: Archive, name: str) -> httpx.Client:
    """Return the browser elsewhere of somebody who has signed in."""
    secret = Accounts(desk.engine).begin(name, 1)
    headers = {
        "X-Forwarded-For": f"198.51.100.{next(_addresses)}", "Cookie": f"kb_session={secret}",
        "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip
    return httpx.Client(base_url=here, headers=headers, timeout=900)


def kept(desk: Archive) -> Follow:
    (one,) = following.follows(desk)
    return one


def names(page: HtmlElement) -> list[str]:
    return texts(page, "//section[@class='kept']/h2")


# --- saving --------------------------------------------------------------------------------------


def test_the_form_carries_the_whole_search(client: httpx.Client, desk: Archive) -> None:
    asked = {"q": "lễ hội", "outlet": "hanoimoi", "from": "2025-01-01", "reuse": "folded"}
    found = tree(client.get("/search", params=asked))
    (address,) = found.xpath("//ul[@class='actions']//a[starts-with(@href,'/following')]/@href")
    page = tree(client.get(address))
    fields = {
        one.get("name"): one.get("value") for one in page.xpath("//form[@class='follow']//input")
        if one.get("type") == "hidden" or one.get("name") == "name"
    }  # fmt: skip
    assert fields == {**asked, "name": "lễ hội"}
    answer = client.post("/following", data=fields)
    assert answer.status_code == 303
    one = kept(desk)
    assert (one.rhythm, one.channel, one.who) == ("never", "", local_name())
    assert one.query() == Query.from_params(asked.items())


def test_what_is_sent_asks_for_no_days(client: httpx.Client, desk: Archive) -> None:
    more = {"from": "2025-01-01", "to": "2025-12-31", "as_of": "2026-01-01", "order": "relevance"}
    client.post("/following", data={**DAILY, **more, "quiet": "1", "language": "en"})
    one = kept(desk)
    assert one.query() == Query("lễ hội")
    assert (one.rhythm, one.hour, one.weekday, one.quiet) == ("daily", 7, None, True)
    assert (one.channel, one.language) == ("a@so.example", "en")


def test_the_form_says_what_is_sent_and_why_no_days(client: httpx.Client) -> None:
    page = tree(client.get("/following/new", params={"q": "lễ hội", "from": "2023-01-01"}))
    assert texts(page, "//p[@class='note']")[0] == "Hiểu là: lễ VÀ hội"
    (why,) = [one for one in texts(page, "//p[@class='help']") if one.startswith("Ngày, thời điểm")]
    assert "chỉ tin mới" in why
    plain = tree(client.get("/following/new", params={"q": "lễ hội"}))
    assert why not in texts(plain, "//p[@class='help']")


def test_who_follows_the_programme_is_led_to_its_articles(
    client: httpx.Client, desk: Archive
) -> None:
    client.post("/following", data=DAILY | {"q": ""})
    page = tree(client.get("/following"))
    links = page.xpath("//section[@class='kept']/h2/a/@href")
    links += page.xpath("//section[@class='kept']//ul[@class='actions']//a/@href")[:1]
    ours = [("kind", "initiative"), ("kind", "programme")]
    assert [parse_qsl(urlsplit(one).query) for one in links] == [ours, ours]
    (feed,) = page.xpath("//label[@class='feed']/input/@value")
    assert parse_qsl(urlsplit(feed).query) == ours
    assert kept(desk).query() == Query()


@pytest.mark.parametrize(
    ("more", "when"),
    [
        ({"rhythm": "weekly", "weekday": "2", "hour": "17"}, "Thứ Tư hằng tuần, 17:00"),
        ({"rhythm": "daily", "hour": ""}, "Hằng ngày, cùng lượt sáng"),
        ({"rhythm": "immediate", "per_hour": "2"},
         "Ngay khi có bài mới, nhiều nhất 2 lần mỗi giờ"),
        ({"rhythm": "never", "address": ""}, "Không gửi, chỉ lưu"),
    ],
)  # fmt: skip
def test_the_list_says_when_and_where(
    client: httpx.Client, more: dict[str, str], when: str
) -> None:
    assert client.post("/following", data=DAILY | more).status_code == 303
    page = tree(client.get("/following"))
    assert names(page) == ["Lễ hội"]
    said = texts(page, "//section[@class='kept']//dd")
    assert said == ([when] if more["rhythm"] == "never" else [when, "a@so.example"])
    (feed,) = page.xpath("//label[@class='feed']/input/@value")
    assert urlsplit(feed).path == "/feed.atom"
    assert "<entry>" in client.get(feed).text
    assert page.xpath("//section[@class='kept']/h2/a/@href") == ["/search?q=l%E1%BB%85+h%E1%BB%99i"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": " !!! "}, "Xin đặt tên"),
        ({"address": "không phải thư"}, "Địa chỉ không dùng được"),
        ({"address": ""}, "Địa chỉ không dùng được"),
        ({"address": "file:///etc/passwd"}, "Địa chỉ không dùng được"),
        ({"rhythm": "hourly"}, "Xin chọn khi nào"),
        ({"hour": "25"}, "không hợp lệ"),
        ({"hour": "-1"}, "không hợp lệ"),
        ({"rhythm": "weekly", "weekday": "9"}, "không hợp lệ"),
        ({"rhythm": "immediate", "per_hour": "0"}, "không hợp lệ"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    client: httpx.Client, desk: Archive, more: dict[str, str], said: str
) -> None:
    answer = client.post("/following", data=DAILY | more)
    assert answer.status_code == 422
    page = html_of(answer)
    assert said in texts(page, "//p[@role='alert']")[0]
    typed = (DAILY | more)["address"]
    assert page.xpath("//input[@name='address']/@value") == [typed]
    assert page.xpath("//input[@name='q']/@value")[-1] == "lễ hội"
    assert following.follows(desk) == []


def test_a_name_that_is_taken_gets_a_number(client: httpx.Client, desk: Archive) -> None:
    for _ in range(3):
        client.post("/following", data=DAILY)
    assert [one.name for one in following.follows(desk)] == ["Lễ hội", "Lễ hội 2", "Lễ hội 3"]


def test_how_it_is_sent_can_be_changed(client: httpx.Client, desk: Archive) -> None:
    client.post("/following", data=DAILY)
    before = kept(desk)
    page = tree(client.get("/following/new?edit=L%E1%BB%85+h%E1%BB%99i"))
    assert page.xpath("//input[@name='rhythm'][@checked]/@value") == ["daily"]
    assert page.xpath("//select[@name='hour']/option[@selected]/@value") == ["7"]
    changed = {**DAILY, "edit": "Lễ hội", "name": "khác", "rhythm": "weekly", "weekday": "4"}
    assert client.post("/following", data=changed).status_code == 303
    after = kept(desk)
    assert (after.name, after.rhythm, after.weekday) == ("Lễ hội", "weekly", 4)
    assert after.created_at == before.created_at  # else it would be due anew


def test_nobody_keeps_more_than_so_many(
    client: httpx.Client, desk: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_form, "MOST", 2)
    codes = [client.post("/following", data=DAILY).status_code for _ in range(3)]
    assert codes == [303, 303, 422]
    assert len(following.follows(desk)) == 2


# --- whose it is ---------------------------------------------------------------------------------


def test_each_sees_and_stops_only_their_own(here: str, desk: Archive) -> None:
    with as_(here, desk, "Ngân") as mine, as_(here, desk, "Bình") as other:
        assert mine.post("/following", data=DAILY).status_code == 303
        assert names(tree(mine.get("/following"))) == ["Lễ hội"]
        assert names(tree(other.get("/following"))) == []
        for path in ("new?edit=", "preview?name=", "preview/mail?name="):
            assert other.get(f"/following/{path}L%E1%BB%85+h%E1%BB%99i").status_code == 404
        stolen = {**DAILY, "edit": "Lễ hội", "address": "b@so.example"}
        assert other.post("/following", data=stolen).status_code == 404
        assert other.post("/following/stop", data={"name": "Lễ hội"}).status_code == 404
        assert kept(desk).channel == "a@so.example"
        assert mine.post("/following/stop", data={"name": "Lễ hội"}).status_code == 303
        assert following.follows(desk) == []


def test_who_administers_sees_and_stops_all(here: str, desk: Archive) -> None:
    with as_(here, desk, "Ngân") as reader, as_(here, desk, "Quản") as admin:
        reader.post("/following", data=DAILY)
        assert names(tree(admin.get("/following"))) == ["Lễ hội của Ngân"]
        assert admin.post("/following/stop", data={"name": "Lễ hội"}).status_code == 303
    assert following.follows(desk) == []


def test_the_public_is_led_to_sign_in(
    here: str, desk: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_ACCESS", "open")
    settings.cache_clear()
    try:
        with httpx.Client(base_url=here, headers={"X-Real-IP": "198.51.100.7"}) as public:
            assert public.get("/search").status_code == 200
            answer = public.get("/following/new?q=g%E1%BB%91m")
            assert answer.status_code == 303
            onward = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
            assert onward == {"next": "/following/new?q=g%E1%BB%91m"}
            assert public.post("/following", data=DAILY).status_code == 303
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert following.follows(desk) == []


def test_a_page_of_another_site_saves_nothing(client: httpx.Client, desk: Archive) -> None:
    forged = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/following", data=DAILY, headers=forged).status_code == 403
    assert following.follows(desk) == []


# --- webhooks ------------------------------------------------------------------------------------


def test_a_webhook_is_for_who_administers_and_shows_its_secret_once(
    here: str, desk: Archive
) -> None:
    hook = {**DAILY, "address": "https://nhan.example/tin"}
    with as_(here, desk, "Ngân") as reader:
        answer = reader.post("/following", data=hook)
        assert answer.status_code == 422
        assert "quản trị" in texts(html_of(answer), "//p[@role='alert']")[0]
    with as_(here, desk, "Quản") as admin:
        shown = admin.post("/following", data=hook)
        one = kept(desk)
        assert one.secret is not None
        assert one.secret.startswith("whsec_")
        assert one.secret in shown.text
        assert shown.headers["cache-control"] == "no-store"
        page = admin.get("/following")
        assert one.secret not in page.text
        assert "nhan.example/tin" not in page.text
        # What is not shown stays as it is where something else is changed.
        form = {**DAILY, "edit": "Lễ hội", "address": "", "hour": "9"}
        assert admin.post("/following", data=form).status_code == 303
        again = kept(desk)
        assert (again.channel, again.secret, again.hour) == (one.channel, one.secret, 9)


# --- what was sent, and what would be ----------------------------------------------------------


def test_what_was_sent_is_listed_with_its_state(client: httpx.Client, desk: Archive) -> None:
    client.post("/following", data=DAILY)
    now = datetime(2026, 5, 12, 0, 30, tzinfo=UTC)
    row = Sending("x", "Lễ hội", "2026-05-12", now, now, now, 4, "waiting", message="{}")
    following.queue(desk, row, ())
    following.settle(desk, "x", tries=1, error="hộp thư đầy")
    page = tree(client.get("/following"))
    assert texts(page, "//section[@class='kept']//tbody//td") == [
        "12/05/2026 07:30", "4", "đang chờ gửi", "hộp thư đầy",
    ]  # fmt: skip


def test_a_preview_tells_what_came_in_and_sends_nothing(
    client: httpx.Client, desk: Archive
) -> None:
    client.post("/following", data={**DAILY, "q": "lễ hội thiết kế"})
    page = tree(client.get("/following/preview?name=L%E1%BB%85+h%E1%BB%99i"))
    (frame,) = page.xpath("//iframe[@sandbox]/@src")
    assert texts(page, "//dd")[1] == str(desk.search(Query("lễ hội thiết kế")).total)
    mail = client.get(frame)
    assert "default-src 'none'" in mail.headers["content-security-policy"]
    for hit in desk.search(Query("lễ hội thiết kế")).hits:
        assert hit.title in mail.text
    assert "Giá vé" not in mail.text
    assert following.sendings(desk) == []
    assert following.untold(desk, "Lễ hội", datetime(2000, 1, 1, tzinfo=UTC)) != []


def test_a_feed_reader_signs_in_with_a_token_as_its_password(here: str, desk: Archive) -> None:
    token = Accounts(desk.engine).begin("Ngân", None, label="feeds")
    elsewhere = {"X-Forwarded-For": "198.51.100.200"}
    with httpx.Client(base_url=here, headers=elsewhere, timeout=900) as reader:
        refused = reader.get("/feed.atom?q=g%E1%BB%91m")
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")
        basic = base64.b64encode(f"Ngân:{token}".encode()).decode()
        for path, code in (("/feed.atom?q=x", 200), ("/api/v1/articles", 401), ("/", 303)):
            answer = reader.get(path, headers={"Authorization": f"Basic {basic}"})
            assert answer.status_code == code, path
        for wrong in (base64.b64encode(b"x:y").decode(), "====", "/w==", "x"):
            answer = reader.get("/feed.atom", headers={"Authorization": f"Basic {wrong}"})
            assert answer.status_code == 401


def test_an_archive_with_what_it_does_not_know_still_lists(
    client: httpx.Client, desk: Archive
) -> None:
    odd = Follow("Cũ", "a@so.example", {"since": "hôm qua"}, who=local_name(), hour=7)
    following.keep_follow(desk, odd)
    assert names(tree(client.get("/following"))) == ["Cũ"]
