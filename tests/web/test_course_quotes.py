"""The course of an initiative: words stand beside the name of who said them, and of no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from kb.archive import Archive, EntryRow, Query
from kb.article import Article
from kb.reading import Mention, Quote, Reading
from kb.registry import load_registry
from kb.web import create_app
from kb.web.chronicle import chronicle
from tests.web.conftest import Serve
from tests.web.markup import texts, tree

CENTRE = "design-centre"
NAME = "Trung tâm Thiết kế sáng tạo Hà Nội"
SAID: tuple[tuple[str, bool, str], ...] = (
    ("Đỗ Thị Mây", False, "xưởng sẽ mở quanh năm"),
    ("Tạ Văn Gốm", True, "“Chúng tôi chờ lò nung này đã mười năm.”"),
    ("Đỗ Thị Mây", True, "“Ai cũng vào được.”"),
    ("Hội Thợ sơn", False, "thợ trẻ được học không mất tiền"),
)
FIRST = "Chúng tôi chờ lò nung này đã mười năm."


def told(number: int, said: tuple[tuple[str, bool, str], ...]) -> tuple[Article, Reading]:
    body = f"{NAME} mở xưởng. " + ". ".join(f"{who}: {words}" for who, _, words in said)
    published = datetime.fromisoformat(f"2025-04-0{number}T09:00:00+07:00")
    article = Article(
        f"Tin xưởng {number}", "", body, url=f"https://vidu.example/xuong-{number}",
        published_at=published,
    )  # fmt: skip
    quotes = tuple(
        Quote(None, who, None, direct, words, "nói", "body", at, at + len(words))
        for who, direct, words in said
        if (at := body.index(words)) >= 0
    )
    mention = Mention(
        "initiative", CENTRE, NAME, NAME, "body", 0, len(NAME), 0, len(NAME) + 10,
        "registry:exact", 1.0,
    )  # fmt: skip
    return article, Reading((mention,), "test", 2, 40, quotes=quotes)


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        archive.sync_registry(
            EntryRow(e.id, e.kind, e.name, e.name_en, e.level, e.programme, e.parent, {})
            for e in load_registry().of_kind("initiative")
        )
        archive.load([told(1, SAID), told(2, SAID[:1]), told(3, SAID[:2])], None)
        yield archive


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ("vi", ["bài còn dẫn lời 1 người hoặc cơ quan khác",
                "bài còn dẫn lời 2 người hoặc cơ quan khác"]),
        ("en", ["the article quotes 1 more speaker", "the article quotes 2 more speakers"]),
    ],
)  # fmt: skip
def test_a_quote_stands_beside_who_said_it_and_the_others_are_counted(
    stored: Archive, serve: Serve, language: str, more: list[str]
) -> None:
    with serve(create_app(stored)) as base:
        address = f"{base}/initiatives/{CENTRE}?lang={language}"
        page = tree(httpx.get(address, timeout=900))
    events = page.xpath("//ol[@class='course']/li[@class='quoted']")
    assert [texts(one, "./p[@class='what']") for one in events] == [
        [f"“{FIRST}”"],
        [SAID[0][2]],
        [f"“{FIRST}”"],
    ]
    assert [texts(one, "./p[@class='who']") for one in events] == [
        [f"Tạ Văn Gốm ({more[0]})"],
        ["Đỗ Thị Mây"],
        [f"Tạ Văn Gốm ({more[1]})"],
    ]


def test_speakers_are_counted_where_the_page_of_quotes_ends_within_an_article(
    stored: Archive,
) -> None:
    course = chronicle(stored, Query(initiatives=(CENTRE,), limit=4), None, [])
    shown = [(one.event.text, one.event.actors[0][1], one.event.others) for one in course.dots]
    assert shown == [
        (f"“{FIRST}”", "Tạ Văn Gốm", 1),
        (SAID[0][2], "Đỗ Thị Mây", 0),
        (f"“{FIRST}”", "Tạ Văn Gốm", 2),
    ]


def test_a_first_article_without_a_title_can_be_opened(tmp_path: Path, serve: Serve) -> None:
    article, read = told(1, SAID[:1])
    with Archive.open(f"sqlite:///{tmp_path}/kb.sqlite") as archive:
        archive.load([(replace(article, title=""), read)], None)
        with serve(create_app(archive)) as base:
            page = tree(httpx.get(f"{base}/initiatives/{CENTRE}", timeout=900))
    (event,) = page.xpath("//ol[@class='course']/li[@class='announced']")
    assert texts(event, "./p[@class='what']/a") == ["Bài không có tít"]
