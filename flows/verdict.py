"""Are the nights in order? Judged from the runs that the ledger keeps, and from nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from statistics import median
from typing import Any

from flows.process import at_work
from kb.archive import Archive
from kb.errors import ArchiveError
from kb.research import night
from kb.settings import Settings
from kb.text import read_yaml

Run = Mapping[str, Any]
QUIET = ("silent", "listings", "few")
"""Alarms of the night's report (`flows/alarm.py`) that say that an outlet brought too little."""
_NUMBERS = ("hours", "most", "usual")
"""Facts that may have decimals, written as the language writes them."""
_LEAST = 3
"""Earlier nights under which nothing is usual, and the usual number under which nothing is less."""
_LOOK_BACK = 400
"""Runs of all kinds that are looked through."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `facts` fill the sentence of its `kind`."""

    check: str
    kind: str
    wrong: bool
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Tells a finding that was told before from a new one: a night that fails is news each
        time, what lasts is not."""
        once = self.facts.get("run") or self.facts.get("outlet") or ""
        return f"{self.check}/{self.kind}/{once}"

    def say(self, language: str) -> str:
        """Return it as a sentence."""
        mark = str(night.words(language)["decimal"])
        facts = {
            name: night.moment(value)
            if isinstance(value, datetime)
            else str(value).replace(".", mark)
            if name in _NUMBERS
            else value
            for name, value in self.facts.items()
        }
        return str(said(language)["finding"][self.kind]).format(**facts)


@lru_cache(maxsize=2)
def said(language: str) -> dict[str, Any]:
    """Return the words of a language."""
    text = (files("flows") / "alerts.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = read_yaml(text)[language]
    return found


def judge_settings(chosen: Settings, now: datetime) -> list[Finding]:
    """Judge the archive of the settings; one that cannot be opened is a finding, too."""
    try:
        with Archive.open(chosen.url, create=False) as archive:
            return judge(archive.runs(_LOOK_BACK), chosen, now)
    except ArchiveError as error:
        return [Finding("night", "archive", True, {"reason": str(error)})]


def judge(runs: Sequence[Run], chosen: Settings, now: datetime) -> list[Finding]:
    """Return what each check finds: `night`, `late`, `articles`, and `outlets` one by one.

    Args:
        runs: of the ledger, newest first; other kinds than nightly ones are left out, and so are
            nights that asked only a few outlets or for given addresses.
        now: aware.
    """
    nights = _whole([run for run in runs if run["kind"] == "nightly"])
    if not nights:
        return [Finding("night", "never", True)]
    ended = [run for run in nights if run["finished_at"] is not None]
    found = [_night(nights[0]), *_late(nights, ended, chosen, now)]
    if ended and ended[0]["status"] != "failed":
        found += [_articles(ended, chosen), *_outlets(ended)]
    return found


def _whole(runs: Sequence[Run]) -> list[Run]:
    most = max((len(_counts(run)) for run in runs), default=0)
    return [run for run in runs if _covers(run, most)]


def _covers(run: Run, most: int) -> bool:
    if run["finished_at"] is None:
        return True
    return bool((run["counts"] or {}).get("whole", True)) and len(_counts(run)) * 2 >= most


def _counts(run: Run) -> Mapping[str, Mapping[str, Any]]:
    return (run["counts"] or {}).get("outlets") or {}


def _new(run: Run) -> int:
    return sum(one.get("new", 0) for one in _counts(run).values())


def _night(last: Run) -> Finding:
    facts = {"run": last["id"], "at": last["finished_at"] or last["started_at"]}
    status = last["status"]
    if status == "running":
        status = "running" if at_work(last) else "interrupted"
    if status in ("done", "done with failures"):
        failed = sum(one.get("failed", 0) for one in _counts(last).values())
        facts |= {"new": _new(last), "failed": failed}
    kind = status.replace(" ", "_")
    return Finding("night", kind, kind in ("failed", "interrupted"), facts)


def _late(
    nights: Sequence[Run], ended: Sequence[Run], chosen: Settings, now: datetime
) -> Iterator[Finding]:
    most = timedelta(hours=chosen.late_hours)
    # One that failed at once every night is late in the end, whatever its ledger says.
    done = [run for run in ended if run["status"] != "failed"]
    since = done[0]["finished_at"] if done else nights[-1]["started_at"]
    hours = round((now - since) / timedelta(hours=1), 1)
    facts = {"hours": hours, "most": f"{chosen.late_hours:g}"}
    at_last = nights[0]
    running = at_last["status"] == "running" and at_work(at_last)
    late = now - since > most and not (running and now - at_last["started_at"] <= most)
    if done or late:
        yield Finding("late", "late" if late else "in_time", late, facts)


def _articles(ended: Sequence[Run], chosen: Settings) -> Finding:
    """Compare the last night with the median of those before, outlet by outlet, so that one more
    or one fewer of them changes nothing."""
    last, past = ended[0], ended[1 : chosen.usual_nights + 1]
    usual = 0.0
    for outlet in _counts(last):
        own = [_counts(run)[outlet].get("new", 0) for run in past if outlet in _counts(run)]
        usual += median(own) if len(own) >= _LEAST else 0.0
    facts = {"run": last["id"], "new": _new(last), "usual": f"{usual:g}"}
    if len(past) < _LEAST:
        return Finding("articles", "unknown", False, facts)
    less = usual >= _LEAST and _new(last) < chosen.less_share * usual
    return Finding("articles", "less" if less else "usual", less, facts)


def _outlets(ended: Sequence[Run]) -> Iterator[Finding]:
    last, counts = ended[0], _counts(ended[0])
    before = _counts(ended[1]) if len(ended) > 1 else {}
    named = set()
    for row in (last["counts"] or {}).get("alarms") or ():
        if row["kind"] in QUIET:
            named.add(row["outlet"])
            yield Finding("outlets", row["kind"], True, {"outlet": row["outlet"], **row["facts"]})
    for outlet, one in counts.items():
        # Any outlet has a bad night; two in a row need a person.
        if one.get("error") and before.get(outlet, {}).get("error") and outlet not in named:
            named.add(outlet)
            yield Finding("outlets", "error", True, {"outlet": outlet, "reason": one["error"]})
    if len(counts) > len(named):
        yield Finding("outlets", "outlets", False, {"count": len(counts) - len(named)})
