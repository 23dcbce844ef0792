"""The notebooks of the documentation as pages: text, code, what it printed, pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_FENCE = "````"
"""Longer than any fence within a cell."""


def notebook_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and content of the files that show each notebook of a folder: a page, pictures."""
    for path in sorted(folder.glob("*.ipynb")):
        parts, pictures = [], 0
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                parts.append(source)
                continue
            parts.append(_block("python", source))
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                if "image/svg+xml" in data:
                    pictures += 1
                    name = f"{path.stem}-{pictures}.svg"
                    yield name, "".join(data["image/svg+xml"])
                    parts.append(f"![What the code above draws]({name})")
                elif text := _text(output, data):
                    parts.append(_block("text", text))
        parts.append(f"[The notebook itself]({path.name})")
        yield f"{path.stem}.md", "\n\n".join(parts) + "\n"


def _text(output: dict[str, Any], data: dict[str, Any]) -> str:
    return "".join(output.get("text", data.get("text/plain", "")))


def _block(language: str, text: str) -> str:
    return f"{_FENCE}{language}\n{text.rstrip()}\n{_FENCE}"
