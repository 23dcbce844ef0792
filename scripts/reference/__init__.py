"""The pages of the documentation that are made from the program itself while the site is built.

Nothing of it is kept in the repository: `mkdocs.yml` names `hook.py`, which puts each page of
`PAGES` into `reference/`.
"""

from __future__ import annotations

from collections.abc import Callable

from scripts.reference.api import api_page
from scripts.reference.columns import columns_page
from scripts.reference.commands import commands_page
from scripts.reference.query import query_page
from scripts.reference.settings import settings_page

PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "settings.md": settings_page,
    "query.md": query_page,
    "columns.md": columns_page,
    "api.md": api_page,
}
"""Name of the page in `docs/reference/` → what writes its Markdown."""
