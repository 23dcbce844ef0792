"""Pages for what is not there and for what breaks; nothing of the inside is shown."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from kb.archive import Archive, Query, SearchPage
from kb.errors import ArchiveError
from kb.web import create_app
from tests.web.conftest import Serve
from tests.web.markup import html_of


class Broken(Archive):
    """An archive whose search fails."""

    def search(self, query: Query) -> SearchPage:
        raise {"busy": ArchiveError, "bug": RuntimeError}[query.text]("secret detail")

    def search_anyhow(self, query: Query) -> tuple[Query, SearchPage]:
        return query, self.search(query)


@pytest.fixture
def broken(archive: Archive, serve: Serve) -> Iterator[httpx.Client]:
    app = create_app(Broken(archive.engine))
    with serve(app) as address, httpx.Client(base_url=address, timeout=900) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/nothing", "/articles/0", "/articles/99999", "/articles/99999999999999999999",
        "/articles/١", "/articles/-1", "/articles/x", "/actors/design-festival", "/actors/%00",
        "/initiatives/hanoi-museum", "/static/../app.py", "/static/none.css",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_page(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert html_of(answer).xpath("//h1/text()") == ["Không có trang này"]
    assert answer.headers["content-security-policy"]


def test_wrong_methods_are_refused_as_a_page(client: httpx.Client) -> None:
    answer = client.post("/search")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert html_of(answer).xpath("//*[@class='status']/text()") == ["405"]


@pytest.mark.parametrize(
    ("text", "status", "heading"),
    [("busy", 503, "Kho dữ liệu đang bận"), ("bug", 500, "Có lỗi xảy ra")],
)
def test_failures_are_pages_that_tell_no_secrets(
    broken: httpx.Client, text: str, status: int, heading: str
) -> None:
    page = broken.get("/search", params={"q": text})
    assert page.status_code == status
    assert html_of(page).xpath("//h1/text()") == [heading]
    data = broken.get("/api/v1/articles", params={"q": text})
    assert data.status_code == status
    assert data.headers["content-type"] == "application/problem+json"
    assert data.json()["status"] == status
    for answer in (page, data):
        assert "secret" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'self'")
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_archive_of_the_settings_is_opened_and_closed(
    serve: Serve, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path_factory.mktemp("empty") / "new.sqlite"
    opened: list[Archive] = []
    original = Archive.open

    def remember() -> Archive:
        opened.append(original(f"sqlite:///{path}"))
        return opened[0]

    monkeypatch.setattr(Archive, "open", remember)
    with serve(create_app()) as address:
        page = html_of(httpx.get(f"{address}/"))
        assert "Kho chưa có bài nào" in page.text_content()
        assert "Chưa có lượt chạy nào" in page.text_content()
        pool = opened[0].engine.pool
    assert opened[0].engine.pool is not pool  # disposed of at the end
