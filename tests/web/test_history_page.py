"""What became of an article: changes, stories with the same words, the archived copy, inert."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from playwright.sync_api import Browser

from kb.archive import Archive
from kb.archive.diff import RevisionDiff, changed
from kb.settings import settings
from kb.web import create_app
from kb.web.history import _pieces
from kb.web.inert import POLICY, inert
from tests.cli.program import kb
from tests.web.conftest import Serve

URL = "https://bao-thu.example/lang-non-mo-hoi-1.html"
COPY = "https://bao-sau.example/lang-non-vao-hoi-2.html"
BODY = [
    "Sáng mùng tám, làng nón bên sông Đáy mở hội, rước kiệu từ đình ra bến rồi quay về sân chợ.",
    "Ban tổ chức cho biết năm nay có bốn mươi gian hàng, gấp đôi năm trước, do các hộ tự dựng.",
    "Người làng tin rằng giữ được khuôn nón cổ thì giữ được khách, nên mở lớp cho trẻ con.",
]
EVIL = """<script>window.hacked = 1; document.title = "hacked"</script>
<img src="https://outside.example/x.png" alt="Kiệu ra bến" onerror="window.hacked = 2">
<svg onload="window.hacked = 3"><script>window.hacked = 4</script></svg>
<a href="javascript:window.hacked = 5">Bấm vào đây</a>
<p style="background: url(https://outside.example/y.png)" onclick="window.hacked = 6">Chân</p>
<meta http-equiv="refresh" content="0; url=https://outside.example/">
<iframe src="https://outside.example/"></iframe><form action="https://outside.example/"><input></form>"""


def page(*paragraphs: str, day: int = 8) -> bytes:
    text = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        "<html><head><title>Làng nón mở hội</title>"
        f'<meta property="article:published_time" content="2026-03-{day:02}T07:30:00+07:00">'
        f"</head><body><article><h1>Làng nón mở hội</h1>{text}</article>{EVIL}</body></html>"
    ).encode()


def warc(path: Path, url: str, at: str, body: bytes) -> None:
    """Write a WARC file of one response."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    head = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid4()}>\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    path.write_bytes(gzip.compress(head.encode() + answer + b"\r\n\r\n"))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A story that was edited a day later, and one of another paper that took it over."""
    folder = tmp_path_factory.mktemp("history")
    edited = [BODY[0], BODY[1].replace("bốn mươi", "bốn mươi hai"), BODY[2]]
    warc(folder / "1.warc.gz", URL, "2026-03-08T02:00:00Z", page(*BODY))
    warc(folder / "2.warc.gz", URL, "2026-03-09T02:00:00Z", page(*edited))
    warc(folder / "3.warc.gz", COPY, "2026-03-10T02:00:00Z", page(*edited, day=10))
    for number in (1, 2, 3):
        done = kb(folder, "ingest", str(folder / f"{number}.warc.gz"))
        assert done.code == 0, done.err
    with Archive.open(f"sqlite:///{folder / 'data' / 'kb.sqlite'}") as archive:
        yield archive


@pytest.fixture(scope="module")
def address(told: Archive, serve: Serve) -> Iterator[str]:
    with serve(create_app(told)) as base:
        yield base


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=900) as opened:
        yield opened


def test_an_edit_is_shown_word_by_word(client: httpx.Client) -> None:
    text = client.get("/articles/1/changes").text
    assert re.findall(r"<ins>(.*?)</ins>", text) == [" hai"]
    assert "<del>" not in text
    back = client.get("/articles/1/changes?from=2&to=1").text
    assert re.findall(r"<del>(.*?)</del>", back) == [" hai"]
    assert "Hai bản giống nhau" in client.get("/articles/1/changes?from=1&to=1").text


def test_of_a_long_text_only_what_is_near_a_change_is_shown() -> None:
    earlier, later = "đầu " * 200 + "cũ " + "cuối " * 200, "đầu " * 200 + "mới " + "cuối " * 200
    (change,) = changed("body", earlier, later)
    texts = [{"title": "", "lead": "", "body": text} for text in (earlier, later)]
    pieces = list(_pieces(RevisionDiff(1, 1, 2, *texts, (change,)), "body"))
    assert [what for what, _ in pieces] == ["gap", "same", "delete", "insert", "same", "gap"]
    assert [text for what, text in pieces if what in ("delete", "insert")] == ["cũ", "mới"]
    assert pieces[1][1] == earlier[: change.before[0]][-160:]
    assert pieces[4][1] == earlier[change.before[1] :][:160]


def test_the_page_of_an_article_leads_to_its_changes_and_copy(client: httpx.Client) -> None:
    text = unescape(client.get("/articles/1").text)
    assert 'href="/articles/1/changes?from=1&to=2"' in text
    assert 'href="/articles/1/capture"' in text


@pytest.mark.parametrize(("number", "other", "word"), [(1, 2, "Đăng sau"), (2, 1, "Có trước")])
def test_both_stories_with_the_same_words_name_each_other(
    client: httpx.Client, number: int, other: int, word: str
) -> None:
    section = client.get(f"/articles/{number}").text.split('id="kin"')[1].split("</section>")[0]
    assert f'href="/articles/{other}"' in section
    assert word in section
    assert "chung nguồn" in section


@pytest.mark.parametrize("path", ["x", "0", "99", "99999999999", "1%00"])
@pytest.mark.parametrize("rest", ["changes", "capture", "capture/page"])
def test_what_is_not_there(client: httpx.Client, path: str, rest: str) -> None:
    assert client.get(f"/articles/{path}/{rest}").status_code == 404


@pytest.mark.parametrize("asked", ["from=7&to=9", "from=x", "from=-1&to=%F0%9F%98%80"])
def test_revisions_that_are_not_there_show_the_last_change(
    client: httpx.Client, asked: str
) -> None:
    assert "<ins> hai</ins>" in client.get(f"/articles/1/changes?{asked}").text


def test_the_copy_says_where_it_lies(client: httpx.Client, told: Archive) -> None:
    text = client.get("/articles/1/capture").text
    assert "2.warc.gz@" in text
    assert re.search(r"sha1:[A-Z2-7]{32}", text)
    assert 'sandbox src="/articles/1/capture/page"' in text


def test_the_copy_is_the_page_without_anything_that_acts(client: httpx.Client) -> None:
    answer = client.get("/articles/1/capture/page")
    assert answer.headers["content-security-policy"] == POLICY
    text = answer.content.decode()
    assert BODY[1].replace("bốn mươi", "bốn mươi hai") in text
    assert "[Kiệu ra bến]" in text
    assert "Bấm vào đây" in text
    for word in ("<script", "onerror", "onclick", "onload", "javascript:", "<iframe", "<form",
                 "refresh", "hacked", "href=", "src="):  # fmt: skip
        assert word not in text


def test_a_browser_loads_nothing_and_runs_nothing(address: str, browser: Browser) -> None:
    with browser.new_context() as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        opened = context.new_page()
        opened.goto(f"{address}/articles/1/capture", wait_until="networkidle")
        frame = opened.frame_locator("iframe.copy")
        frame.get_by_text("Chân").wait_for()
        opened.goto(f"{address}/articles/1/capture/page", wait_until="networkidle")
        assert opened.title() == "Làng nón mở hội"
        assert asked
        assert [one for one in asked if not one.startswith(f"{address}/")] == []


def test_copies_are_open_to_reviewers_only(client: httpx.Client) -> None:
    far = {"X-Forwarded-For": "198.51.100.9"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_ACCESS", "open")
        settings.cache_clear()
        assert client.get("/articles/1/capture/page", headers=far).status_code == 403
        assert "<iframe" not in client.get("/articles/1/capture", headers=far).text
    settings.cache_clear()


def test_a_copy_whose_file_is_gone_is_no_failure(
    client: httpx.Client, told: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise FileNotFoundError("2.warc.gz")

    monkeypatch.setattr("kb.web.history.read_capture", lost)
    assert client.get("/articles/1/capture/page").status_code == 404


def test_a_copy_is_found_where_the_data_folder_was_moved_to(
    client: httpx.Client, told: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    moved = tmp_path / "captures" / "bao-a" / "1.warc.gz"
    moved.parent.mkdir(parents=True)
    warc(moved, URL, "2026-03-08T02:00:00Z", page(*BODY))
    written = str(tmp_path / "trước" / "captures" / "bao-a" / "1.warc.gz")
    monkeypatch.setattr("kb.web.history.record", lambda origin: (written, 0))
    monkeypatch.setenv("KB_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    assert client.get("/articles/1/capture/page").status_code == 200
    monkeypatch.undo()
    settings.cache_clear()


_WORD = st.text(alphabet="abđê <>\"'/=&;!-", max_size=12)
_TAG = st.sampled_from("p a img script svg style div iframe form input math template b td".split())  # noqa: SIM905
_NAME = st.sampled_from("href src onclick ONLOAD style srcdoc xlink:href formaction title".split())  # noqa: SIM905
_VALUE = st.sampled_from(["javascript:alert(1)", "//x.example", "x", "data:text/html,<script>"])
_PIECE = st.one_of(
    _WORD,
    st.builds(lambda t, n, v: f'<{t} {n}="{v}">', _TAG, _NAME, _VALUE),
    st.builds(lambda t: f"</{t}>", _TAG),
)


@given(st.lists(_PIECE, min_size=1, max_size=30))
def test_whatever_a_page_holds_nothing_of_it_acts(pieces: list[str]) -> None:
    kept = inert(f"<html><body>x{''.join(pieces)}</body></html>").decode()
    tree = html.document_fromstring(kept)
    tags = {one.tag for one in tree.iter() if isinstance(one.tag, str)}
    assert not tags & {
        "script",
        "svg",
        "style",
        "iframe",
        "form",
        "input",
        "math",
        "template",
        "img",
    }
    names = {name.lower() for one in tree.iter() for name in one.attrib}
    assert not [name for name in names if name.startswith("on")]
    assert not names & {"href", "src", "srcdoc", "xlink:href", "formaction"}
