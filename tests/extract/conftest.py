"""One story and the pages that show it in the markup of each CMS family."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
Page = Callable[[str], bytes]


@pytest.fixture(scope="session")
def story() -> dict[str, Any]:
    """The invented story: title, lead, paragraphs, related headline, caption."""
    told: dict[str, Any] = yaml.safe_load((HERE / "story.yaml").read_text("utf-8"))
    return told


@pytest.fixture(scope="session")
def page(story: dict[str, Any]) -> Page:
    """Return the bytes of one page of `pages/` with the story filled in."""
    fields = {name: story[name] for name in ("title", "lead", "related", "caption")}
    fields |= {f"p{number}": text for number, text in enumerate(story["paragraphs"], start=1)}

    def fill(name: str) -> bytes:
        text = (HERE / "pages" / f"{name}.html").read_text("utf-8")
        for field, value in fields.items():
            text = text.replace("{" + field + "}", value)
        return text.encode()

    return fill
