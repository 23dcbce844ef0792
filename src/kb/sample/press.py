"""Loading the sample press from its folder, with errors that name the file and the key."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from kb.errors import ConfigError
from kb.sample.fields import VIETNAM, Fields
from kb.sample.model import (
    Article,
    Block,
    Feed,
    Paper,
    Planted,
    Press,
    Section,
    Teaser,
)

FOLDER = Path(__file__).with_name("press")
FAMILIES = frozenset({"vccorp", "mastercms", "vnexpress"})
REVISED = ".v2"
"""End of the file name (before `.md`) of a story's second state."""

_RELATED = re.compile(r"\[\[(.+?) \| (.+)\]\]")


@cache
def load_press(folder: Path = FOLDER) -> Press:
    """Return the papers of a folder.

    Args:
        folder: holds `press.yaml` and one folder a paper with `paper.yaml` and `<slug>.md`.

    Raises:
        ConfigError: a file is missing, unreadable or says something impossible.
    """
    today = Fields(_mapping(folder / "press.yaml"), "press.yaml").take("today", date)
    homes = sorted(path.parent for path in folder.glob("*/paper.yaml"))
    if not homes:
        raise ConfigError(f"{folder}: holds no paper: add <id>/paper.yaml")
    return Press(today, {home.name: _paper(home, today) for home in homes})


def _paper(home: Path, today: date) -> Paper:
    said = Fields(_mapping(home / "paper.yaml"), f"{home.name}/paper.yaml")
    paper = Paper(
        id=home.name,
        name=said.text("name"),
        slogan=said.text("slogan"),
        level=said.text("level"),
        family=said.text("family"),
        article_path=said.text("article_path"),
        article_url=said.text("article_url"),
        sections=said.records("sections", Section),
        feeds=said.records("feeds", Feed),
        sitemaps=said.texts("sitemaps"),
        robots=said.text("robots"),
        planted=said.record("planted", Planted),
        teasers=said.records("teasers", Teaser),
        articles=(),
    )
    said.done()
    if paper.family not in FAMILIES:
        raise said.error("family", f"is {paper.family!r}, not one of {', '.join(sorted(FAMILIES))}")
    if len(paper.sitemaps) not in {1, 3}:
        raise said.error("sitemaps", "must be one file, or an index, a file and a news sitemap")
    return replace(paper, articles=_articles(home, paper, today))


def _articles(home: Path, paper: Paper, today: date) -> tuple[Article, ...]:
    states = {path.stem: _article(path, paper, today) for path in sorted(home.glob("*.md"))}
    first = {slug: a for slug, a in states.items() if not slug.endswith(REVISED)}
    for slug in states.keys() - first.keys():
        original = first.get(slug.removesuffix(REVISED))
        if original is None or original.path != states[slug].path:
            raise ConfigError(f"{home.name}/{slug}.md: revises no story with the same id")
        first[original.slug] = replace(original, revised=states[slug])
    for path, times in Counter(article.path for article in first.values()).items():
        if times > 1:
            raise ConfigError(f"{home.name}: {times} stories stand at {path}: change one id")
    return tuple(sorted(first.values(), key=lambda a: a.published_at, reverse=True))


def _article(file: Path, paper: Paper, today: date) -> Article:
    name = f"{paper.id}/{file.name}"
    parts = _read(file).split("---\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ConfigError(f"{name}: must begin with a head between two lines of ---")
    said = Fields(_parse(parts[1], name), name)
    slug = file.stem.removesuffix(REVISED)
    published = said.moment("published_at")
    article = Article(
        slug=slug,
        id=said.text("id"),
        path=paper.article_path.format(slug=slug, id=said.text("id")),
        title=said.text("title"),
        lead=said.text("lead"),
        section=said.text("section"),
        authors=said.texts("authors"),
        created_at=_created(said, paper.family) or published,
        published_at=published,
        modified_at=said.moment("modified_at") if "modified_at" in said else published,
        tags=said.texts("tags"),
        source=said.text("source") if "source" in said else "",
        body=tuple(_block(piece, name) for piece in parts[2].strip().split("\n\n") if piece),
    )
    said.done()
    if not article.paragraphs:
        raise ConfigError(f"{name}: has no body below its head")
    if not re.search(paper.article_url, article.path):
        raise said.error("id", f"gives {article.path}, which article_url does not match")
    if article.section not in {section.id for section in paper.sections}:
        raise said.error("section", f"is {article.section!r}, which paper.yaml does not list")
    if (
        not article.created_at <= published <= article.modified_at
        or article.modified_at.date() > today
    ):
        raise said.error("modified_at", f"and the other times must run from created to {today}")
    return article


def _created(said: Fields, family: str) -> datetime | None:
    """Return the time that VCCorp writes into a story's id, after three digits."""
    if family != "vccorp":
        return None
    try:
        return datetime.strptime(said.text("id")[3:15], "%y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise said.error("id", "must be three digits, YYMMDDhhmmss and two digits") from error


def _block(piece: str, name: str) -> Block:
    if piece.startswith("## "):
        return Block("heading", piece[3:])
    if piece.startswith("![") and piece.endswith("]"):
        return Block("photo", piece[2:-1])
    if piece.startswith("[["):
        match = _RELATED.fullmatch(piece)
        if match is None:
            raise ConfigError(f"{name}: write a related box as [[title | lead]], not {piece!r}")
        return Block("related", match[1], match[2])
    return Block("paragraph", " ".join(piece.split()))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file.parent.name}/{file.name}: cannot be read: {error}") from error


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(said, dict):
        raise ConfigError(f"{name}: must hold keys and values")
    return said


def _mapping(file: Path) -> dict[str, Any]:
    return _parse(_read(file), f"{file.parent.name}/{file.name}")
