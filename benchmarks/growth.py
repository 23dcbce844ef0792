"""How loading and answers grow with the archive: a picture and a table of what was measured.

Usage: python -m benchmarks.growth FIGURES.json [--picture docs/growth.png] [--wall]

FIGURES.json is what `python -m benchmarks.archive --ask … --json FIGURES.json` wrote. Times are
those of the processor, which other work on the machine disturbs less than the clock on the wall;
`--wall` takes that for answers, of which SQLite counts some on two cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

SHOWN = {
    "search newest": ("search, newest first", "#0b6e75"),
    "search ranked": ("search, best first", "#3a9e5c"),
    "co-mentions": ("who stands beside an actor", "#8b3a62"),
    "share of voice, six": ("share of voice of six", "#c8553d"),
    "initiative timeline": ("an initiative by week", "#d79b1e"),
    "actor by month": ("an actor by month", "#3c5a99"),
}
"""Questions with their labels and colours."""
_INK, _PALE = "#2b2b2b", "#d9d9d9"
_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 10, "text.color": _INK, "axes.labelcolor": _INK,
    "axes.edgecolor": _PALE, "xtick.color": _INK, "ytick.color": _INK, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "grid.color": _PALE, "grid.linewidth": 0.6,
    "axes.titlelocation": "left", "axes.titleweight": "bold", "axes.titlesize": 11,
}  # fmt: skip
Rows = list[dict[str, Any]]
Line = tuple[list[int], list[float]]


def main() -> None:
    """Draw the picture, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("figures", type=Path)
    parser.add_argument("--picture", type=Path, default=Path("docs/growth.png"))
    parser.add_argument("--wall", action="store_true", help="answers by the clock")
    options = parser.parse_args()
    rows: Rows = json.loads(options.figures.read_text())
    print(table(rows, wall=options.wall))
    draw(rows, options.picture, wall=options.wall)


def line(rows: Rows, what: str, value: str) -> Line:
    """Return sizes and figures of one thing; of several measurements of a size the last."""
    found = {row["articles"]: row[value] for row in rows if row["what"] == what}
    sizes = sorted(found)
    return sizes, [found[size] for size in sizes]


def table(rows: Rows, *, wall: bool) -> str:
    """Return the figures as a table in Markdown, a column a size."""
    sizes = line(rows, "search newest", "p95")[0]
    lines = [
        f"| p95, ms | {' | '.join(f'{size:,}' for size in sizes)} | last to first |",
        f"|---|{'---|' * (len(sizes) + 1)}",
    ]
    for what, (label, _) in SHOWN.items():
        _, times = line(rows, what, "p95" if wall else "cpu_p95")
        grown = f"{times[-1] / times[0]:.1f}" if times else "–"
        lines.append(f"| {label} | {' | '.join(f'{time:.0f}' for time in times)} | {grown} |")
    _, weight = line(rows, "size", "bytes")
    lines.append(f"| bytes an article | {' | '.join(f'{one:,.0f}' for one in weight)} | |")
    at, rates = line(rows, "load", "cpu_rate")
    loads = dict(zip(at, rates, strict=True))
    shown = " | ".join(f"{loads[size]:.0f}" if size in loads else "–" for size in sizes)
    lines.append(f"| articles loaded a second, up to there | {shown} | |")
    return "\n".join(lines)


def draw(rows: Rows, path: Path, *, wall: bool) -> None:
    """Draw loading on the left and answers on the right."""
    with mpl.rc_context(_STYLE):
        figure, (left, right) = plt.subplots(
            1, 2, figsize=(11, 4.6), width_ratios=(1, 1.25), layout="constrained"
        )
        _loading(left, rows)
        _answers(right, rows, wall=wall)
        figure.savefig(path, dpi=130, facecolor="white", metadata={"Software": ""})
        plt.close(figure)


def _loading(axes: Axes, rows: Rows) -> None:
    sizes, rates = line(rows, "load", "cpu_rate")
    axes.plot(sizes, rates, color="#0b6e75", marker="o", markersize=5, linewidth=2)
    axes.set_ylim(0, max(rates) * 1.2)
    axes.set_xlim(0, max(sizes) * 1.05)
    axes.set_title("Loading: articles a second, 40 mentions each")
    axes.set_xlabel("articles in the archive")
    axes.xaxis.set_major_formatter(FuncFormatter(_short))
    change = rates[-1] / rates[0] - 1
    text = f"{change:+.0%} from the first to the last".replace("-", "−")
    axes.text(0.02, 0.10, text, transform=axes.transAxes, color="#0b6e75")
    at, weight = line(rows, "size", "bytes")
    if at:
        text = f"{weight[-1] / 1000:.1f} KB an article, texts, index and mentions together"
        axes.text(0.02, 0.04, text, transform=axes.transAxes, fontsize=9)


def _answers(axes: Axes, rows: Rows, *, wall: bool) -> None:
    ends: list[tuple[float, str, str]] = []
    last = 0
    for what, (label, colour) in SHOWN.items():
        sizes, times = line(rows, what, "p95" if wall else "cpu_p95")
        if not sizes:
            continue
        axes.plot(sizes, times, color=colour, marker="o", markersize=4, linewidth=1.8)
        ends.append((times[-1], label, colour))
        last = max(last, sizes[-1])
    axes.set_ylim(0, max(end[0] for end in ends) * 1.1)
    axes.set_xlim(0, last * 1.02)
    axes.xaxis.set_major_formatter(FuncFormatter(_short))
    axes.set_title("Answers: milliseconds that 95 of 100 stay below")
    axes.set_xlabel("articles in the archive")
    for height, (_, label, colour) in zip(_apart(ends), sorted(ends), strict=True):
        axes.annotate(label, (last, height), xytext=(10, 0), textcoords="offset points",
                      va="center", color=colour, annotation_clip=False)  # fmt: skip


def _apart(ends: Sequence[tuple[float, str, str]]) -> list[float]:
    """Return where labels stand, ascending, so that none covers another."""
    step = max(end[0] for end in ends) * 0.055
    found: list[float] = []
    for value, *_ in sorted(ends):
        found.append(max(value, found[-1] + step) if found else value)
    return found


def _short(value: float, _: object) -> str:
    return f"{value / 1e6:g} million" if value >= 1e6 else f"{value / 1e3:g}k" if value else "0"


if __name__ == "__main__":
    main()
