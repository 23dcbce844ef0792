"""Run the notebooks of docs/notebooks again, on the sample press, and keep what they show.

    .venv/bin/python scripts/notebook.py

What was run and by whom is left out of the files; `tests/docs/test_notebook.py` sees that they
show what a run gives.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "notebooks"
KB = Path(sys.executable).with_name("kb")
SECONDS = 900


def main() -> None:
    """Crawl the sample press, run each notebook on it, write it back."""
    with tempfile.TemporaryDirectory() as folder:
        night = [KB, "nightly", "--sample", "--no-server"]
        environment = {**os.environ, "KB_DATA_DIR": folder, "KB_DATABASE_URL": ""}
        subprocess.run(night, env=environment, check=True, capture_output=True)
        for path in sorted(FOLDER.glob("*.ipynb")):
            book = executed(path, Path(folder))
            path.write_text(nbformat.writes(book, indent=1) + "\n", "utf-8")
            print(path.name, path.stat().st_size)


def executed(path: Path, data: Path) -> Any:  # noqa: ANN401 - a notebook of nbformat
    """Return a notebook as it is after a run on the archive of a data folder.

    Raises:
        CellExecutionError: a cell failed.
    """
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as own:  # what the libraries keep for later
        settings = {
            "KB_DATA_DIR": str(data), "KB_DATABASE_URL": "", "IPYTHONDIR": own,
            "JUPYTER_RUNTIME_DIR": own, "MPLCONFIGDIR": own,
        }  # fmt: skip
        with patch.dict(os.environ, settings):
            # On a slow day matplotlib says that it looks for fonts: not in the notebook.
            fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
            subprocess.run(fonts, check=True, capture_output=True)
            NotebookClient(book, timeout=SECONDS, kernel_name="python3").execute(cwd=str(data))
    for cell in book.cells:
        cell.metadata.clear()  # when it ran says nothing
    book.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return book


if __name__ == "__main__":
    main()
