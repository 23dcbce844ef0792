"""Declaring the served papers as outlets, for a crawl over real HTTP."""

from __future__ import annotations

from pathlib import Path

import yaml

from kb.sample.server import SamplePress


def outlets(press: SamplePress, folder: Path) -> list[Path]:
    """Write one outlet YAML file for each paper of a press that is being served.

    Args:
        press: an open sample press: the files name its ports.
        folder: made if it is missing; files of the same name are replaced.

    Returns:
        The files written, in the order of the papers' ids.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for paper in press.press.papers.values():
        base = press.home(paper.id).removesuffix("/")
        outlet = {
            "id": paper.id,
            "name": paper.name,
            "home": f"{base}/",
            "level": paper.level,
            "family": paper.family,
            "feeds": [base + feed.path for feed in paper.feeds],
            # An index names the others.
            "sitemaps": [base + paper.sitemaps[0]],
            "sections": [f"{base}/", *(base + section.path for section in paper.sections)],
            "article_url": paper.article_url,
            "delay": 0,
            "concurrency": 4,
            "timezone": "Asia/Ho_Chi_Minh",
            "expect": {"min_per_week": 0, "max_per_week": 500},
            "allow_private": True,
            "enabled": True,
        }
        file = folder / f"{paper.id}.yaml"
        file.write_text(
            yaml.safe_dump(outlet, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        written.append(file)
    return written
