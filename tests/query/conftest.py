"""The press of `press.py` in an archive of each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kb.archive import Archive
from tests.archive.conftest import scratch
from tests.query.press import fill


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """URL of the archive."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path_factory.mktemp('query') / 'kb.sqlite'}"
        _fill(made)
        yield made
        return
    with scratch() as made:
        _fill(made)
        yield made


def _fill(address: str) -> None:
    with Archive.open(address) as archive:
        fill(archive)


@pytest.fixture(scope="session")
def archive(address: str) -> Iterator[Archive]:
    """The archive, open."""
    with Archive.open(address) as opened:
        yield opened
