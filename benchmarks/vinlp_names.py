"""Run by the interpreter of ViNLP's own venv: JSON list of sentences in, of `[word, tag]` out."""

from __future__ import annotations

import json
import sys

from ViNLP import ner  # type: ignore[import-not-found]


def main() -> None:
    """Tag what comes on standard input."""
    rows = [[(row[0], row[-1]) for row in ner(one)] for one in json.load(sys.stdin)]
    json.dump(rows, sys.stdout)


if __name__ == "__main__":
    main()
