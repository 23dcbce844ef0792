"""What a reader of the sample press should find, for tests of the later stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("expected.yaml")


@dataclass(frozen=True, slots=True)
class Expected:
    """What one story says. `published_at` is exact to the minute, with +07:00."""

    paper: str
    slug: str
    title: str
    published_at: datetime
    bylines: tuple[str, ...]
    about: bool
    """Whether the story is about Hanoi's programme."""
    initiatives: tuple[str, ...]
    """Ids that the story names; `uccn` is the programme by its own name."""
    perhaps: tuple[str, ...]
    """Ids whose words stand there as a common noun only: finding them is no fault."""
    not_in_body: tuple[str, ...]
    """Texts of the boxes on its page that are not the story's."""
    reprint_of: str | None
    """`paper/slug` of the story whose text this one repeats."""
    revised_title: str | None
    """Title in edition 2, if it differs."""


def load_expected() -> dict[tuple[str, str], Expected]:
    """Return the expectations by paper id and slug."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        (paper, slug): Expected(
            paper=paper,
            slug=slug,
            title=story["title"],
            published_at=datetime.fromisoformat(story["published_at"]),
            bylines=tuple(story["bylines"]),
            about=story["about"],
            initiatives=tuple(story["initiatives"]),
            perhaps=tuple(story.get("perhaps", ())),
            not_in_body=tuple(story["not_in_body"]),
            reprint_of=story.get("reprint_of"),
            revised_title=story.get("revised_title"),
        )
        for paper, stories in said.items()
        for slug, story in stories.items()
    }
