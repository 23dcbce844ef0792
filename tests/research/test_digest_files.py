"""Digests of what came from files: without an outlet, without a title."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kb.archive import Archive
from kb.article import VIETNAM, Article
from kb.reading import Commitment, Mention, Quote, Reading
from kb.registry import load_registry
from kb.research.digest import digest, render
from kb.research.digest.content import Digest
from kb.research.digest.rendering import subject

NOW = datetime(2026, 5, 12, 7, 0, tzinfo=VIETNAM)
NAME = "Trung tâm Thiết kế sáng tạo Hà Nội"
FILE = "002_67490973b87b7f11.txt"


def told(
    number: int, outlet: str | None, title: str = "", days: int = 0
) -> tuple[Article, Reading]:
    """A story of last night on the centre; what it is on is nobody else's."""
    things = ["gốm", "lụa", "sơn", "giấy", "mây", "đồng"][number % 6]
    body = (
        f"{NAME} mở lớp {things} thứ {number * 7919}.\n"
        f"Sẽ dạy {things} {number} buổi. Bà Tô Sa: “Thợ {things} chờ đã {number} năm.”"
    )
    seen = NOW - timedelta(hours=5)
    article = Article(
        title, "", body, outlet=outlet, seen_at=seen,
        published_at=seen - timedelta(days=days, hours=1),
        url=f"https://vidu.example/{number}" if outlet else None,
        source_file=None if outlet else f"/srv/kho/{number}/{FILE}",
    )  # fmt: skip

    def place(words: str) -> tuple[str, int, int]:
        return "body", body.index(words), body.index(words) + len(words)

    due, said = f"Sẽ dạy {things} {number} buổi", f"Thợ {things} chờ đã {number} năm."
    mention = Mention("initiative", "design-centre", NAME, NAME, "body", 0, len(NAME), 0,
                      body.index("\n"), "registry", 1.0)  # fmt: skip
    quote = Quote(None, "Tô Sa", None, True, said, "nói", *place(said))  # type: ignore[arg-type]
    promise = Commitment("design-centre", None, None, due, None, "2026-05-30", None, None,
                         *place(due))  # type: ignore[arg-type]  # fmt: skip
    return article, Reading((mention,), "thử", 2, 20, quotes=(quote,), commitments=(promise,))


def gathered(folder: Path, *stories: tuple[Article, Reading]) -> Digest:
    with Archive.open(f"sqlite:///{folder / 'kb.sqlite'}") as archive:
        archive.load(list(stories), None)
        return digest(archive, load_registry(), NOW - timedelta(days=1), NOW)


@pytest.mark.parametrize(
    ("outlets", "vi", "en"),
    [
        (["bao-mot", None, "bao-hai", None, "bao-mot"],
         "5 tin của 2 báo (2 tin không rõ nguồn), trong 5 bài mới của kho",
         "stories: 5, outlets: 2 (stories of unknown outlets: 2), of 5 new articles"),
        ([None, None], "2 tin không rõ nguồn, trong 2 bài mới của kho",
         "stories of unknown outlets: 2, of 2 new articles"),
        (["bao-mot", "bao-hai"], "2 tin của 2 báo, trong 2 bài mới của kho",
         "stories: 2, outlets: 2, of 2 new articles"),
    ],
)  # fmt: skip
def test_a_file_is_no_newspaper(
    tmp_path: Path, outlets: list[str | None], vi: str, en: str
) -> None:
    stories = [told(n, outlet, f"Lớp số {n}") for n, outlet in enumerate(outlets)]
    found = gathered(tmp_path, *stories)
    assert found.outlets == len({one for one in outlets if one})
    for form in ("text", "html", "brief"):
        assert vi in render(found, form, "vi")
        assert en in render(found, form, "en")
    assert FILE not in render(found, "json", "vi")


@pytest.mark.parametrize("form", ["text", "html", "brief"])
def test_what_has_no_outlet_or_title_is_called_so(tmp_path: Path, form: str) -> None:
    found = gathered(tmp_path, told(0, None), told(1, None, days=90))
    for language, outlet, title in (
        ("vi", "Không rõ nguồn", "Bài không có tít"),
        ("en", "Unknown outlet", "Untitled article"),
    ):
        page = render(found, form, language)
        assert (page.count(outlet), page.count(title)) == {
            # The story, an older one, two promises; quotes have no title.
            "text": (5, 4), "html": (5, 4), "brief": (1, 1),
        }[form]  # fmt: skip
        assert "None" not in page
    assert subject(found, "vi", now=True) == "Tin mới: Bài không có tít"
