"""What the ledger keeps of a night as sentences: for the terminal, the desk's page and Prefect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from kb.article import VIETNAM
from kb.text import read_yaml

Said = Mapping[str, Any]
"""The words of `night.yaml` in one language."""
COLUMNS = ("found", "new", "changed", "same", "gone", "refused", "failed", "skipped")


@cache
def words(language: str) -> Said:
    """Return the words of the report in a language."""
    found: Said = read_yaml((files("kb.research") / "night.yaml").read_text("utf-8"))[language]
    return found


def moment(at: datetime) -> str:
    """Return a moment in Vietnam."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def decimal(value: float, said: Said, form: str = ".1f") -> str:
    """Return a number as the language writes it: 5,8 or 5.8."""
    return format(value, form).replace(".", said["decimal"])


def title(run: Mapping[str, Any], said: Said) -> str:
    """Return the first line on a run."""
    seconds = (run["counts"] or {}).get("seconds") or {}
    return str(
        said["title"].format(
            id=run["id"],
            at=moment(run["started_at"]),
            status=said["status"].get(run["status"], run["status"]),
            seconds=decimal(seconds.get("all", 0.0), said),
        )
    )


def alarms(counts: Mapping[str, Any], names: Mapping[str, str], said: Said) -> Iterator[str]:
    """Yield lines on what changed at outlets, each page that shows it under its outlet."""
    rows = counts.get("alarms") or []
    if rows:
        yield said["alarms"]
    for (outlet, url), alarms in groupby(rows, key=lambda row: (row["outlet"], row["url"])):
        found = list(alarms)
        yield f"  {names.get(outlet, outlet)} ({outlet})"
        for row in found:
            facts = {
                key: said["source"].get(str(value), value) for key, value in row["facts"].items()
            }
            yield f"    - {said['alarm'][row['kind']].format(**facts)}"
        yield f"      {url}"
        yield from (f"      {line}" for line in found[0]["facts"].get("listings", ()))
        if opinion := found[0]["opinion"]:
            yield f"      {said['ours'].format(**opinion['ours'])}"
            agreed = said["agreement"].format(percent=round(100 * opinion["agreement"]))
            yield f"      {said['theirs'].format(**opinion['theirs'])} ({agreed})"


def faults(counts: Mapping[str, Any], names: Mapping[str, str], said: Said) -> Iterator[str]:
    """Yield lines on what failed and was refused, by outlet."""
    lines = []
    for outlet, one in counts["outlets"].items():
        found = {**(one.get("faults") or {}), **(one.get("unused") or {})}
        parts = [f"{count} × {reason}" for reason, count in found.items()]
        refused = (one.get("refusals") or {}).items()
        parts += [f"{count} × {said['refusals']}: {reason}" for reason, count in refused]
        if parts:
            lines.append(f"  {names.get(outlet, outlet)}: {'; '.join(parts)}")
    if lines:
        yield said["faults"]
        yield from lines


def needs(counts: Mapping[str, Any], names: Mapping[str, str], said: Said) -> Iterator[str]:
    """Yield lines on what needs a person; those under the first begin with spaces."""
    rows = counts.get("needs") or []
    if rows:
        yield said["needs"]
    for row in rows:
        whose = f"{names.get(row['outlet'], row['outlet'])}: " if row["outlet"] else ""
        yield f"  {whose}{said['need'][row['kind']].format(**row['facts'])}"


def stages(counts: Mapping[str, Any], seconds: Mapping[str, float], said: Said) -> str:
    """Return one line on what the time was spent on."""
    names = ("crawl", "extract", "read", "load")
    spent = {name: decimal(seconds.get(name, 0.0), said) for name in names}
    busy = sum(seconds.get(name, 0.0) for name in ("extract", "read", "load"))
    read = sum(one["new"] + one["changed"] for one in counts["outlets"].values())
    speed = said["speed"].format(rate=decimal(read / busy, said)) if read and busy else ""
    return str(said["stages"].format(articles=counts.get("articles", 0), speed=speed, **spent))


def mentions(
    counts: Mapping[str, Any], names: Mapping[str, str], usual: Mapping[str, float]
) -> list[tuple[str, int, float | None]]:
    """Return name, mentions and the usual number (None: not known yet) of each initiative.

    `names` are those of the registry by id, `usual` as `kb.archive.usual.usual_mentions` tells it.
    """
    found = counts.get("initiatives") or {}
    return [(name, int(found.get(key, 0)), usual.get(key)) for key, name in names.items()]
