"""Broken data of the sample press: each fault is named with its file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from kb.errors import ConfigError
from kb.sample import load_press
from kb.sample.press import FOLDER

REVISED = "le-hoi-thiet-ke-2026-truoc-gio-khai-mac"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the press's data that a test may break."""
    return Path(shutil.copytree(FOLDER, tmp_path / "press"))


BROKEN = "thudomoi/phan-luong-nut-giao-nga-tu-so.md"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (BROKEN, "section: thoi-su", "section: vu-tru", "section is 'vu-tru'"),
        (BROKEN, 'id: "285110"', "", "id is missing"),
        (BROKEN, 'id: "285110"', 'id: "51"', "id gives /phan-luong-.*article_url"),
        (BROKEN, "authors: [Lê Phi Bảo]", "authors: Lê Phi Bảo", "authors must be a list"),
        (BROKEN, "authors: [Lê Phi Bảo]", "authors: [7]", "authors must hold texts only"),
        (BROKEN, "2026-11-18T06:45", "18/11/2026", "published_at must look like"),
        (BROKEN, "2026-11-18T06:45", "2026-12-01T06:45", "modified_at and the other times"),
        (BROKEN, "tags:", "tag: x\ntags:", "tag is not a known key"),
        (BROKEN, "section: thoi-su", "section: [", "is not YAML"),
        (BROKEN, "---\n", "", "must begin with a head"),
        (BROKEN, "![Sơ đồ", "[[Sơ đồ", r"write a related box as \[\[title"),
        ("thudomoi/paper.yaml", "family: mastercms", "family: joomla", "family is 'joomla'"),
        ("thudomoi/paper.yaml", "status: 200", "status: fine", "planted: status must be a int"),
        ("thudomoi/paper.yaml", "sitemaps: [/sitemap.xml]", "sitemaps: []", "sitemaps must be"),
        ("press.yaml", "2026-11-20", "soon", "today must be a date"),
        (f"songhong/{REVISED}.md", '"377261114', '"377269914', "id must be three digits"),
        (f"songhong/{REVISED}.md", '"3772611140', '"3772611150', "modified_at and the other"),
        (f"songhong/{REVISED}.v2.md", '"377', '"378', "revises no story"),
    ],
)
def test_a_broken_file_is_named_with_its_fault(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"{re.escape(Path(file).name)}: {message}"):
        load_press(folder)


def test_a_story_without_a_body_and_a_folder_without_papers_are_refused(folder: Path) -> None:
    path = folder / BROKEN
    path.write_text(path.read_text(encoding="utf-8").rsplit("---\n", 1)[0] + "---\n", "utf-8")
    with pytest.raises(ConfigError, match="has no body"):
        load_press(folder)
    for paper in load_press().papers:
        shutil.rmtree(folder / paper)
    with pytest.raises(ConfigError, match="holds no paper"):
        load_press(folder)
    (folder / "press.yaml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_press(folder)


def test_two_stories_at_one_address_are_refused(folder: Path) -> None:
    head = (folder / "thudomoi" / "paper.yaml").read_text(encoding="utf-8")
    fixed = head.replace("article_path: /{slug}-d{id}.html", "article_path: /bai-d285110.html")
    (folder / "thudomoi" / "paper.yaml").write_text(fixed, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"11 stories stand at /bai-d285110\.html"):
        load_press(folder)
