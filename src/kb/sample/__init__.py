"""Three invented newspapers, served over real HTTP on loopback, to crawl and read.

`press/` holds the data (papers, stories), `templates/` the markup of three CMS families,
`expected.yaml` what a reader of the papers should find.
"""

from __future__ import annotations

from kb.sample.model import Article, Paper, Press
from kb.sample.outlets import outlets
from kb.sample.press import load_press
from kb.sample.server import Request, SamplePress

__all__ = ["Article", "Paper", "Press", "Request", "SamplePress", "load_press", "outlets"]
