"""What mkdocs calls while it builds the site: adds what is made, says which is Vietnamese."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, Files

from scripts.reference import PAGES
from scripts.reference.notebook import notebook_files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from the program, and the notebooks as pages."""
    made = {f"reference/{name}": page() for name, page in PAGES.items()}
    notebooks = notebook_files(Path(config.docs_dir) / "notebooks")
    made |= {f"notebooks/{name}": content for name, content in notebooks}
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Say in the page itself that it is Vietnamese (`lang: vi` at its head): readers' voices."""
    language = page.meta.get("lang", "en")
    return output.replace('<html lang="en"', f'<html lang="{language}"', 1)
