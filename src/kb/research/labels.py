"""Vietnamese headings of frames, on request."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import pandas as pd

from kb.errors import ConfigError
from kb.text import read_yaml

Labels = Literal["vi"] | None


@cache
def vietnamese() -> Mapping[str, str]:
    """Return the headings of labels.yaml by the names of columns."""
    found: dict[str, str] = read_yaml(
        files("kb.research").joinpath("labels.yaml").read_text("utf-8")
    )
    return found


def labelled(frame: pd.DataFrame, labels: Labels) -> pd.DataFrame:
    """Return a frame with headings in Vietnamese (`vi`), or as it is (None).

    Raises:
        ConfigError: there are no headings of that language.
    """
    if labels is None:
        return frame
    if labels != "vi":
        raise ConfigError(f"no labels {labels!r}; there are 'vi', or None for the names of columns")
    words = vietnamese()
    renamed = frame.rename(columns=lambda name: words.get(name, name))
    if frame.index.name is not None:
        # `start` of a period is a day, of a span a place in a text.
        named = "period" if frame.index.name == "start" else str(frame.index.name)
        renamed.index = renamed.index.rename(words.get(named, frame.index.name))
    if isinstance(getattr(frame.get("event"), "dtype", None), pd.CategoricalDtype):
        column = words["event"]
        renamed[column] = renamed[column].cat.rename_categories(dict(words))
    return renamed
