"""A report as one HTML file: its own style sheet, no script, fit for paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from kb.research.pack.blocks import Block, Chart, Heading, Paragraph, Run, Table
from kb.research.pack.drawing import HEIGHT, WIDTH, drawing
from kb.research.pack.phrases import words


def render(blocks: Sequence[Block], language: str, title: str, others: Sequence[str] = ()) -> str:
    """Return the file's text; `others`: languages in which the report lies beside it."""
    template = _environment().get_template("report.html")
    contents = [one for one in blocks if isinstance(one, Heading) and one.level == 2 and one.mark]
    return template.render(
        blocks=blocks, language=language, title=title, contents=contents, w=words(language),
        others=others, width=WIDTH, height=HEIGHT,
    )  # fmt: skip


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("kb.research.pack"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["drawing"] = drawing
    made.tests |= {
        "heading": lambda one: isinstance(one, Heading),
        "paragraph": lambda one: isinstance(one, Paragraph),
        "grid": lambda one: isinstance(one, Table),
        "chart": lambda one: isinstance(one, Chart),
        "safe_link": _is_safe,
    }
    return made


def _is_safe(run: Run) -> bool:
    """Whether a run leads to a page, a file of the pack or a mark: never `javascript:`."""
    return bool(run.href) and str(run.href).startswith(
        ("#", "data/", "copies/", "https://", "http://")
    )
