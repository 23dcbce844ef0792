"""New layouts for the papers of the sample press: what a newspaper changes overnight."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from kb.errors import ConfigError

FILE = Path(__file__).with_name("redesigns.yaml")


def redesigned(html: str, name: str) -> str:
    """Return a page as it looks after the redesign of that name.

    Raises:
        ConfigError: there is no such redesign.
    """
    try:
        changes = _redesigns()[name]
    except KeyError:
        known = ", ".join(_redesigns())
        raise ConfigError(f"sample press: no redesign {name!r}, only {known}") from None
    for pattern, instead in changes:
        html = pattern.sub(instead, html)
    return html


@cache
def _redesigns() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        name: [(re.compile(found, re.DOTALL), instead) for found, instead in changes]
        for name, changes in said.items()
    }
