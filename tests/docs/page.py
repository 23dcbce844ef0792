"""A page of the documentation, taken apart: its blocks of commands, and what they print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
_BLOCK = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```$(\n*^```text\n(.*?)^```$)?", re.M | re.S)
_ANY = re.compile(r" ?… ?")
_FRAMES = re.compile(r"[\u2500-\u257f]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: its language, its text, and the `text` block right behind it, if any."""

    language: str
    text: str
    shown: str | None


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page in their order."""
    found = _BLOCK.finditer(page.read_text("utf-8"))
    return [Block(one[1], one[2], one[4] if one[3] else None) for one in found]


def lines(text: str) -> list[str]:
    """Return what a text says, without the frames of tables, blanks in a row and empty lines."""
    plain = (" ".join(_FRAMES.sub(" ", line).split()) for line in text.splitlines())
    return [line for line in plain if line]


def differs(shown: str, printed: str) -> str:
    """Return "" if what is printed is what is shown, else both.

    In what is shown `…` stands for anything within a line, and a line of `…` for any lines.
    """
    wanted = "".join(
        r"(?:.*\n)*?" if line == "…" else ".*".join(map(re.escape, _ANY.split(line))) + r"\n"
        for line in lines(shown)
    )
    said = "".join(f"{line}\n" for line in lines(printed))
    return "" if re.fullmatch(wanted, said) else f"shown:\n{shown}\nprinted:\n{printed}"
