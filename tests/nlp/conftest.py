"""One reader for all tests on reading: it takes a second to build."""

from __future__ import annotations

import pytest

from kb.nlp import Reader
from kb.registry import load_registry


@pytest.fixture(scope="session")
def reader() -> Reader:
    """Return a reader with the bundled registry."""
    return Reader(load_registry())
