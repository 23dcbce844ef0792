"""Tables of Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; cells are Markdown on one line each, see `plain` and `code`."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def plain(text: str) -> str:
    """Return a text as a cell shows it, letter by letter; `words in backticks` become code."""
    parts = re.split(r"`([^`]*)`", " ".join(text.split()))
    return "".join(code(part) if number % 2 else _shown(part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """Return a text as code in a cell; nothing, if there is none."""
    # No backticks: a table would cut the cell at a `|` between them.
    return f"<code>{_shown(text)}</code>" if text else ""


def _shown(text: str) -> str:
    escaped = html.escape(text, quote=False)
    # Signs by which Markdown marks words up.
    return re.sub(r"[|*_\[\]\\`~]", lambda sign: f"&#{ord(sign.group())};", escaped)
