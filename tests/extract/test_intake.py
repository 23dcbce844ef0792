"""Files and folders: good ones become documents, each bad one is named once."""

from __future__ import annotations

import gzip
import json
import os
import pickle
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from kb.article import story_key
from kb.capture import Rejection
from kb.errors import BadInput
from kb.extract import Document, documents, to_article
from kb.outlets import Outlet

LIMIT = 1_000_000
Page = Callable[[str], bytes]


@pytest.fixture
def outlets() -> dict[str, Outlet]:
    mau = Outlet.model_validate(
        {
            "id": "mau",
            "name": "Báo Mẫu",
            "home": "http://127.0.0.1:8123",
            "level": "trade",
            "family": "vccorp",
            "feeds": ["http://127.0.0.1:8123/rss"],
            "article_url": r"\.htm$",
        }
    )
    return {"mau": mau}


def take(*paths: Path) -> tuple[list[Document], list[Rejection]]:
    items = list(documents(paths, max_bytes=LIMIT))
    return (
        [item for item in items if isinstance(item, Document)],
        [item for item in items if isinstance(item, Rejection)],
    )


def lines(story: dict[str, Any], count: int) -> str:
    rows = [{"title": f"{story['title']} {i}", "body": story["lead"]} for i in range(count)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_every_kind_plain_and_packed(
    tmp_path: Path, page: Page, story: dict[str, Any], outlets: dict[str, Outlet]
) -> None:
    text = "\n".join([story["title"], *story["paragraphs"]]).encode()
    for name, content in {
        "a.html": page("vccorp"),
        "b.HTM.gz": gzip.compress(page("epi")),
        "c.txt": text,
        "d.txt.gz": gzip.compress(text),
        "e.jsonl.gz": gzip.compress(lines(story, 2).encode()),
        "f.html": gzip.compress(page("znews")),  # packed, though its name does not say so
        "g.txt.gz": text,  # not packed, though its name says so
    }.items():
        (tmp_path / name).write_bytes(content)
    found, rejected = take(tmp_path)
    assert rejected == []
    kinds = ["page", "page", "text", "text", "record", "record", "page", "text"]
    assert [document.kind for document in found] == kinds
    articles = [to_article(document, outlets) for document in found]
    assert all(article.title.startswith(story["title"]) for article in articles)
    assert articles[5].source_file == f"{tmp_path / 'e.jsonl.gz'}:2"


def test_folder_is_sorted_deep_and_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".hidden.txt", ".git/x.txt", "a.png", "style.css", "n.doc"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Một dòng.", encoding="utf-8")
    found, rejected = take(tmp_path)
    names = [Path(document.source).relative_to(tmp_path).as_posix() for document in found]
    assert names == ["a/z.txt", "b.txt"]
    assert [Path(item.source).name for item in rejected] == ["n.doc"]


def test_manifest_gives_address_and_outlet(
    tmp_path: Path, page: Page, outlets: dict[str, Outlet]
) -> None:
    (tmp_path / "a.html").write_bytes(page("vccorp"))
    (tmp_path / "b.html").write_bytes(page("unknown"))
    rows = [
        {"file": "a.html", "url": "http://127.0.0.1:8123/bai.htm", "outlet": "other", "kind": "x"},
        {"file": "b.html", "url": None, "outlet": "mau"},
    ]
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found, rejected = take(tmp_path)
    assert rejected == []
    assert [to_article(document, outlets).outlet for document in found] == ["mau", "mau"]
    assert found[0].url == "http://127.0.0.1:8123/bai.htm"
    assert take(tmp_path / "a.html")[0][0].url == found[0].url
    assert "its folder" in take(manifest)[1][0].reason


def test_documents_travel_to_other_processes(tmp_path: Path, page: Page) -> None:
    (tmp_path / "a.html").write_bytes(page("vccorp"))
    found, _ = take(tmp_path)
    assert pickle.loads(pickle.dumps(found)) == found


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b" \n\r\n", "empty"),
        ("a.txt.gz", gzip.compress(b""), "empty"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.jsonl", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        ("a.html.gz", gzip.compress(os.urandom(5000))[:3000], "cut off"),
        ("a.html.gz", b"\x1f\x8b\x08" + b"x" * 400, "gzip"),
        ("a.html", b"<p>" + b"x" * LIMIT, "larger than"),
        ("a.html.gz", gzip.compress(b"x" * (LIMIT + 1)), "larger than"),
        ("a.pdf", b"%PDF-1.7", "damaged PDF"),
        ("a.odt", b"PK", "are not read"),
        ("noending", b"x", "are not read"),
        ("a.warc", b"nothing like it", "damaged"),
    ],
)
def test_bad_file_is_named_once_and_the_rest_goes_on(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    bad, good = tmp_path / name, tmp_path / "good.txt"
    bad.write_bytes(content)
    good.write_text("Một dòng.", encoding="utf-8")
    found, rejected = take(bad, good)
    assert [document.source for document in found] == [str(good)]
    assert len(rejected) == 1
    assert reason in rejected[0].reason
    assert rejected[0].source.startswith(str(bad))
    assert "\n" not in rejected[0].reason


def test_missing_pipe_and_forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, secret = tmp_path / "p.html", tmp_path / "s.html"
    os.mkfifo(pipe)
    secret.write_text("<p>x</p>", encoding="utf-8")
    opened = Path.open

    def refuse(path: Path, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        if path == secret:
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    _, rejected = take(tmp_path / "none.html", pipe, secret)
    reasons = [item.reason for item in rejected]
    assert reasons == ["no such file or folder", "not a regular file", "no permission to read it"]


def test_cut_jsonl_gives_the_lines_before(tmp_path: Path, story: dict[str, Any]) -> None:
    path = tmp_path / "a.jsonl.gz"
    noise = json.dumps({"title": os.urandom(300_000).hex()})
    packed = gzip.compress((lines(story, 3) + noise + "\n").encode())
    path.write_bytes(packed[:-2000])
    found, rejected = take(path)
    assert len(found) == 3
    assert [item.reason for item in rejected] == ["the gzip file is cut off"]


def test_broken_and_oversized_lines_cost_only_themselves(
    tmp_path: Path, story: dict[str, Any], outlets: dict[str, Outlet]
) -> None:
    path = tmp_path / "a.jsonl"
    good = lines(story, 2).splitlines()
    large = json.dumps({"title": "x" * LIMIT})
    path.write_text("\n".join([good[0], "{broken", large, "[1]", good[1]]), encoding="utf-8")
    found, rejected = take(path)
    assert [(item.source, "larger" in item.reason) for item in rejected] == [(f"{path}:3", True)]
    outcome = []
    for document in found:
        try:
            outcome.append(to_article(document, outlets).title)
        except BadInput as error:
            outcome.append(str(error)[:8])
    assert outcome == [f"{story['title']} 0", "not JSON", "a record", f"{story['title']} 1"]


def test_other_charsets(tmp_path: Path, outlets: dict[str, Outlet]) -> None:
    latin = tmp_path / "latin.txt"
    text = "Un café à Hanoï, où l'été dernier la création d'un réseau d'ateliers fut célébrée."
    latin.write_bytes(text.encode("latin-1"))
    windows = tmp_path / "windows.txt"
    tones = "Ha\u0300 Nô\u0323i mơ\u0309 xươ\u0309ng giâ\u0301y cho ngươ\u0300i tre\u0309."
    windows.write_bytes(tones.encode("cp1258"))
    noise = tmp_path / "noise.txt"
    noise.write_bytes(bytes(range(128, 256)) * 20)
    found, rejected = take(latin, windows, noise)
    assert rejected == []
    assert to_article(found[0], outlets).body == text
    assert to_article(found[1], outlets).body == "Hà Nội mở xưởng giấy cho người trẻ."
    with pytest.raises(BadInput, match="charset"):
        to_article(found[2], outlets)


def test_picture_named_html_is_refused_when_parsed(
    tmp_path: Path, outlets: dict[str, Outlet]
) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    found, _ = take(path)
    with pytest.raises(BadInput, match="PNG"):
        to_article(found[0], outlets)


def test_given_date_and_outlet(page: Page, outlets: dict[str, Outlet]) -> None:
    given = datetime(2024, 5, 12, tzinfo=UTC)
    html = b"<h1>T</h1><div class=afcbc-body><p>" + "một hai ba ".encode() * 20 + b".</p></div>"
    undated = to_article(Document("page", "a.html", html, outlet="mau", published=given), outlets)
    assert (undated.published_at, undated.published_from) == (given, "given")
    assert undated.outlet == "mau"
    dated = to_article(Document("page", "a.html", page("epi"), published=given), outlets)
    assert dated.published_from == "meta"


@pytest.mark.parametrize(
    "tag",
    [
        '<link rel="canonical" href="http://127.0.0.1:8123/bai.htm?a=1&amp;b=2">',
        "<link href='http://127.0.0.1:8123/bai.htm?a=1&amp;b=2' rel=canonical />",
        '<meta property="og:url" content="http://127.0.0.1:8123/bai.htm?a=1&amp;b=2">',
    ],
)
def test_saved_page_names_its_own_address(tag: str, page: Page, outlets: dict[str, Outlet]) -> None:
    html = page("vccorp").replace(b"<head>", b"<head>" + tag.encode())
    article = to_article(Document("page", "a.html", html), outlets)
    assert (article.url, article.outlet) == ("http://127.0.0.1:8123/bai.htm?a=1&b=2", "mau")
    known = to_article(Document("page", "a.html", html, url="https://x.example/1"), outlets)
    assert (known.url, known.outlet) == ("https://x.example/1", "x.example")


def test_unforeseen_fault_becomes_bad_input(
    monkeypatch: pytest.MonkeyPatch, page: Page, outlets: dict[str, Outlet]
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr("kb.extract.document.extract_page", fail)
    with pytest.raises(BadInput, match="RecursionError: too deep"):
        to_article(Document("page", "a.html", page("epi")), outlets)


@pytest.mark.parametrize(
    ("address", "canonical", "kept"),
    [
        ("https://mau.example/bai-123456.htm", None, "/bai-123456.htm"),
        ("http://m.mau.example/bai-123456.htm", None, "/bai-123456.htm"),
        ("https://amp.mau.example/bai-123456.htm?utm_source=x", None, "/bai-123456.htm"),
        ("https://mau.example/bai-123456.htm/amp?gad_source=1", None, "/bai-123456.htm"),
        ("https://mau.example/bai-cu-123456.htm", "/bai-123456.htm", "/bai-123456.htm"),
        # a page that names another story, the front page or another newspaper is not believed
        ("https://mau.example/bai-123456.htm", "/bai-654321.htm", "/bai-123456.htm"),
        ("https://mau.example/bai-123456.htm", "/", "/bai-123456.htm"),
        ("https://mau.example/bai-123456.htm", "//khac.example/bai-123456.htm", "/bai-123456.htm"),
        ("https://mau.example/bai-1.htm", "/bai-1-moi.htm", "/bai-1.htm"),
    ],
)
def test_one_story_has_one_address(
    address: str, canonical: str | None, kept: str, page: Page
) -> None:
    link = f'<link rel="canonical" href="{urljoin("https://mau.example/", canonical or "")}">'
    html = page("unknown").replace(b"<head>", b"<head>" + link.encode() * bool(canonical))
    paper = Outlet.model_validate(
        {
            "id": "mau",
            "name": "Báo Mẫu",
            "home": "https://mau.example",
            "level": "local",
            "family": "generic",
            "feeds": ["https://mau.example/rss"],
            "article_url": r"-\d+(?:-moi)?\.htm$",
        }
    )
    article = to_article(Document("page", "a.html", html, url=address), {"mau": paper})
    assert article.url == f"https://mau.example{kept}"
    assert story_key(article.url) == f"mau.example{kept}"
    assert story_key(address.partition("?")[0]).startswith("mau.example/")
