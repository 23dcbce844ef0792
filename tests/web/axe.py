"""What axe-core finds wrong on a page: one call for every test of a page in the browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def faults(page: Page) -> list[str]:
    """Return the serious and critical violations of the page that is open, folds and all.

    Each as `rule: what is wrong: the element`. Closed folds are opened first: what they hide is
    part of the page.
    """
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options)
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found.response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
