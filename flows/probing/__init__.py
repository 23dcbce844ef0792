"""Trying an outlet out before it is switched on: what the crawl met, and what its article says.

The verdicts are codes with facts; whoever shows them finds the words.
"""

from __future__ import annotations

from pathlib import Path

from crawlers.child import OnLine
from crawlers.probe import probe
from flows.probing.article import read_article
from flows.probing.check import Check, Result, Verdict
from flows.probing.draft import draft_outlet
from flows.probing.judge import judge, promises
from kb.outlets import Outlet

__all__ = ["Check", "Result", "Verdict", "draft_outlet", "try_outlet"]


def try_outlet(outlet: Outlet, out: Path, on_line: OnLine | None = None) -> Verdict:
    """Try a declared outlet; captures and log go to `out`.

    Raises:
        CrawlError: the crawl child did not come to its end.
    """
    found = probe(outlet, out, on_line=on_line)
    read = read_article(found.articles, outlet)
    return Verdict(outlet, [*judge(found, outlet, read), *promises(outlet, found)])
