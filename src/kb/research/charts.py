"""What `plot()` draws of a figure where nobody says what: one measure, on a scale that fits it.

`plot(kind=…)`, `plot(y=…)`, `plot.bar()` and all else are those of pandas, and so is what is made
of a figure by selecting or computing.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from pandas.plotting import PlotAccessor

_OWN = ("x", "y", "kind", "subplots")


class Figure(pd.DataFrame):
    """A frame that knows how it is drawn: `attrs["kind"]` says which it is, `attrs["measure"]` what
    its columns count where all count the same (`articles`, `share`)."""

    @property
    def plot(self) -> Any:  # noqa: ANN401 - as pandas declares it, or what draws in its place
        """Draw; without `x`, `y` or `kind` as the figure is meant, else as pandas does."""
        return _Usual(self)

    @property
    def _constructor(self) -> Any:  # noqa: ANN401
        return pd.DataFrame  # what is computed from a figure is no figure


class _Usual(PlotAccessor):
    """pandas' own, with a drawing of the figure's own for a call that says nothing of it."""

    def __init__(self, data: pd.DataFrame) -> None:
        super().__init__(data)
        self._figure = data

    def __call__(self, *args: Any, **words: Any) -> Any:  # noqa: ANN401
        """Draw, and return matplotlib's axes."""
        shape = self._figure.attrs.get("kind")
        if args or any(name in words for name in _OWN) or not len(self._figure):
            return super().__call__(*args, **words)
        ax = _axes(words)
        if shape == "share-of-voice":
            return _voices(self._figure, ax, words)
        if shape == "timeline":
            return _events(self._figure, ax, words)
        return _attention(self._figure, ax, words)


def figure(frame: pd.DataFrame, measure: str | None = None) -> Figure:
    """Return a frame as one that knows how it is drawn."""
    made = Figure(frame)
    made.attrs = frame.attrs | ({"measure": measure} if measure else {})
    return made


def _axes(words: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return where to draw: what was given, or a figure in which no heading is cut off."""
    if (given := words.pop("ax", None)) is not None:
        return given
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=words.pop("figsize", None), layout="constrained")[1]


def _percent(axis: Any) -> None:  # noqa: ANN401
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0))


def _attention(frame: pd.DataFrame, ax: Any, words: dict[str, Any]) -> Any:  # noqa: ANN401
    """Draw a line of points from zero: a period that stands alone between gaps is seen, too."""
    measure = frame.attrs.get("measure")
    drawn = pd.DataFrame(frame) if measure else pd.DataFrame(frame.iloc[:, :1])
    made = drawn.plot(
        ax=ax, **{"marker": ".", "clip_on": False, "legend": len(drawn.columns) > 1, **words}
    )
    if len(drawn.columns) == 1:
        made.set_ylabel(str(drawn.columns[0]))
    made.set_ylim(bottom=0)
    if measure == "share":
        _percent(made.yaxis)
    else:
        made.yaxis.get_major_locator().set_params(integer=True)
    return made


def _voices(frame: pd.DataFrame, ax: Any, words: dict[str, Any]) -> Any:  # noqa: ANN401
    """Draw a bar for each entity, the first one on top, with its articles at its end."""
    articles, _, share = map(str, frame.columns)
    drawn = pd.DataFrame(frame).plot.barh(y=share, ax=ax, **{"legend": False, **words})
    drawn.bar_label(drawn.containers[-1], [f" {count}" for count in frame[articles]])
    drawn.invert_yaxis()
    drawn.set_xlabel(f"{share} (n = {frame.iloc[0, 1]!s})")
    drawn.set_ylabel("")
    _percent(drawn.xaxis)
    return drawn


def _events(frame: pd.DataFrame, ax: Any, words: dict[str, Any]) -> Any:  # noqa: ANN401
    """Draw a lane for each kind of event, the first on top, and a point for each event."""
    at, event = frame.columns[0], frame.columns[1]
    lanes = list(frame[event].cat.categories)
    moments = frame[at].dt.tz_localize(None)
    ax.plot(moments, frame[event].cat.codes, **{"marker": "o", "linestyle": "", **words})
    ax.set_yticks(range(len(lanes)), lanes)
    ax.set_ylim(len(lanes) - 0.5, -0.5)
    ax.grid(axis="y", alpha=0.3)
    return ax
