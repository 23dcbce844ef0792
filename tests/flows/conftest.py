"""One sample press, and one archive built from it once: a night costs seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kb.sample import Press, SamplePress, outlets
from tests.flows.nights import Night, Rows, copied, rows, run


@pytest.fixture(scope="session")
def press() -> Iterator[SamplePress]:
    """The sample press; a test that changes what it serves puts that back."""
    with SamplePress() as served:
        yield served


@pytest.fixture(scope="session")
def papers(press: SamplePress, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that declares the sample press's outlets."""
    folder = tmp_path_factory.mktemp("papers")
    outlets(press, folder)
    return folder


@pytest.fixture(scope="session")
def first(press: SamplePress, papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The first night of an empty archive; only to be looked at."""
    return run(tmp_path_factory.mktemp("first"), papers)


@dataclass(frozen=True)
class Later:
    """A later night with all tables before and after it."""

    night: Night
    before: Rows
    after: Rows


ALL = ("article", "revision", "reading", "mention", "outlet", "entry", "quarantine")


def later(first: Night, home: Path, papers: Path, *ids: str) -> Later:
    before = rows(copied(first, home), *ALL)
    night = run(home, papers, *ids)
    return Later(night, before, rows(home, *ALL))


@pytest.fixture(scope="session")
def second(first: Night, papers: Path, tmp_path_factory: pytest.TempPathFactory) -> Later:
    """A second night on which the papers print nothing new."""
    return later(first, tmp_path_factory.mktemp("second"), papers)


WITHDRAWN = ("thudomoi", "phan-luong-nut-giao-nga-tu-so")


@pytest.fixture(scope="session")
def edition(
    first: Night, papers: Path, press: SamplePress, tmp_path_factory: pytest.TempPathFactory
) -> Later:
    """A night on which one story has been rewritten and another one withdrawn."""
    whole = press.press
    press.press, press.edition = without(whole, *WITHDRAWN), 2
    try:
        ids = ("songhong", "thudomoi")
        return later(first, tmp_path_factory.mktemp("edition"), papers, *ids)
    finally:
        press.press, press.edition = whole, 1


def without(press: Press, paper: str, slug: str) -> Press:
    """Return a press in which one paper has withdrawn a story."""
    changed = press.papers[paper]
    left = tuple(article for article in changed.articles if article.slug != slug)
    return replace(press, papers={**press.papers, paper: replace(changed, articles=left)})
