"""The word lists of `words.yaml`, as one pattern each."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from kb.text import read_yaml


@lru_cache(maxsize=1)
def rules() -> dict[str, re.Pattern[str]]:
    """Return the patterns by name: subject, forwarded, header, greeting, signature, source."""
    source = (files("kb.extract.office") / "words.yaml").read_text(encoding="utf-8")
    data: dict[str, list[str]] = read_yaml(source)
    return {
        name: re.compile("|".join(f"(?:{one})" for one in said), re.IGNORECASE)
        for name, said in data.items()
    }
