"""`kb outlets`: declared newspapers, and trying one out, as an operator types it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from kb.cli.output import words
from kb.cli.probed import COLUMNS, WORDS
from kb.outlets import load_outlet, load_outlets
from kb.outlets.draft import LINES
from tests.cli.program import Done, kb
from tests.crawlers.paper import outlet, put_up
from tests.crawlers.site import Answer, Site, site


@pytest.fixture
def paper() -> Iterator[Site]:
    with site() as served:
        put_up(served)
        yield served


def test_list_and_check_name_the_declared_ones(tmp_path: Path, paper: Site) -> None:
    folder = outlet(paper, tmp_path / "papers").parent
    listed = kb(tmp_path, "outlets", "list", "--format", "json", outlets=str(folder))
    assert [row["id"] for row in json.loads(listed.out)] == ["thu"]
    checked = kb(tmp_path, "outlets", "check")
    assert (checked.code, checked.out) == (0, "")
    assert checked.err.startswith(f"{len(load_outlets())} outlets, ")


@pytest.mark.parametrize("by", ["file", "id"])
def test_a_good_outlet(tmp_path: Path, paper: Site, by: str) -> None:
    file = outlet(paper, tmp_path / "papers")
    what = {"file": str(file), "id": "thu"}[by]
    done = kb(
        tmp_path, "outlets", "probe", what, "--format", "json",
        outlets=str(file.parent), language="en",
    )  # fmt: skip
    assert done.code == 0, done.err
    rows = json.loads(done.out)
    assert {tuple(row) for row in rows} == {COLUMNS}
    assert {row["check"] for row in rows} == {
        "robots", "feed", "sitemap", "section", "article", "field",
    }  # fmt: skip
    fields = {row["target"]: row for row in rows if row["check"] == "field"}
    assert fields["published_at"]["detail"] == "11/05/2024 17:42"
    assert fields["parser"]["generic"] == "generic/1"
    assert done.err.endswith("It can be switched on: set enabled: true.\n")
    assert not list(tmp_path.glob("data/**/*.warc.gz"))


def test_the_table_is_in_words_and_says_what_to_do(tmp_path: Path, paper: Site) -> None:
    paper.pages["/rss/home.rss"] = Answer(status=404)
    done = kb(tmp_path, "outlets", "probe", str(outlet(paper, tmp_path / "papers")))
    assert done.code == 1
    for told in ("nguồn RSS", "HỎNG", "HTTP 404", "giờ đăng", "tít", "Báo Phố Nghề (thu)"):
        assert told in done.out
    assert "│ /rss/home.rss " in done.out
    assert f"- Mở {paper.home}/rss/home.rss trong trình duyệt" in done.err
    assert "1 mục hỏng. Chưa nên bật" in done.err


def drafted(folder: Path, paper: Site, *more: str) -> Done:
    home = f"{paper.home}/"
    return kb(
        folder, "outlets", "probe", home, "--allow-private", "--delay", "0", *more, language="en"
    )


def test_a_new_outlet_is_written_and_passes_its_own_probe(tmp_path: Path, paper: Site) -> None:
    done = drafted(tmp_path, paper, "--id", "pho-nghe", "--format", "csv")
    assert done.code == 0, done.err
    assert tuple(next(csv.reader(io.StringIO(done.out)))) == COLUMNS
    file = tmp_path / "pho-nghe.yaml"
    assert "Wrote pho-nghe.yaml" in done.err
    assert "Choose level" in done.err
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LINES
    assert (load_outlet(file).id, load_outlet(file).family) == ("pho-nghe", "vccorp")
    assert kb(tmp_path, "outlets", "probe", str(file)).code == 0
    again = drafted(tmp_path, paper, "--id", "pho-nghe")
    assert (again.code, "pho-nghe.yaml exists" in again.err) == (2, True)


def test_a_page_that_refuses_is_not_drafted(tmp_path: Path, paper: Site) -> None:
    paper.pages["/robots.txt"] = Answer(b"User-agent: *\nDisallow: /\n", type="text/plain")
    done = drafted(tmp_path, paper, "-o", "moi.yaml")
    assert (done.code, (tmp_path / "moi.yaml").exists()) == (1, False)
    assert "ask for permission" in done.err
    assert paper.paths() == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["khong-co"], "no outlet 'khong-co'"),
        (["khong-co.yaml"], "khong-co.yaml: no such file"),
        (["https://tuoitre.vn/"], "is declared as tuoitre: `kb outlets probe tuoitre`"),
        (["https://"], "home: "),
        (["tuoitre", "--id", "a"], "only with a home page's URL"),
        (["https://moi.example/", "--id", "Báo Mới"], "id: "),
        (["https://moi.example/", "-o", "khong-co/moi.yaml"], "khong-co is not a folder"),
        (["tuoitre", "--format", "xml"], "--format"),
    ],
)
def test_wrong_usage(tmp_path: Path, asked: list[str], told: str) -> None:
    done = kb(tmp_path, "outlets", "probe", *asked)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_both_languages_have_the_same_words() -> None:
    vi, en = words("vi", WORDS), words("en", WORDS)
    named = ("check_", "result_", "target_")
    """Names of parts and fields, which stand as they are where a language has no other."""
    assert {key for key in vi if not key.startswith(named)} == {
        key for key in en if not key.startswith(named)
    }
    holes = {key: set(_holes(text)) for key, text in vi.items()}
    assert all(set(_holes(text)) == holes[key] for key, text in en.items())


def _holes(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name]
