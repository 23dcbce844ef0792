"""`/metrics`: figures of the archive and its nights as OpenMetrics, for Prometheus and its kin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from kb.archive import Archive
from kb.archive import Query as ArchiveQuery
from kb.web.sources import sources

router = APIRouter(include_in_schema=False)
KEPT_SECONDS = 15.0
"""Figures stay as they are for so long: counting costs the archive more than a scrape is worth."""
_LOOK_BACK = 400
_OUTLET = ("found", "new", "changed", "failed", "refused", "gone")


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Return the figures in the form that was asked for (OpenMetrics, or Prometheus' own)."""
    state = request.app.state
    if not hasattr(state, "figures"):
        state.figures = _Figures(sources(request).archive)
    encode, kind = choose_encoder(request.headers.get("accept", ""))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(state.figures)
    return Response(encode(registry), media_type=kind)


class _Figures(Collector):
    """Counts the archive, at most once in KEPT_SECONDS."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock()
        self._at = -KEPT_SECONDS
        self._kept: list[Metric] = []

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if monotonic() - self._at >= KEPT_SECONDS:
                self._kept = list(_figures(self._archive))
                self._at = monotonic()
            yield from self._kept


def _figures(archive: Archive) -> Iterator[Metric]:
    runs = archive.runs(_LOOK_BACK)
    total = archive.search(ArchiveQuery(limit=1)).total
    yield GaugeMetricFamily("kb_articles", "Articles in the archive.", value=total)
    aside = GaugeMetricFamily("kb_quarantine", "Items put aside, by stage.", labels=["stage"])
    for stage, count in archive.count_quarantine().items():
        aside.add_metric([stage], count)
    yield aside
    yield from _of_runs(runs)
    nights = [run for run in runs if run["kind"] == "nightly" and run["finished_at"] is not None]
    if nights:
        yield from _of_night(nights[0])


def _of_runs(runs: Sequence[Mapping[str, Any]]) -> Iterator[Metric]:
    counts: dict[tuple[str, str], int] = {}
    ends: dict[str, float] = {}
    for run in runs:
        key = (run["kind"], run["status"])
        counts[key] = counts.get(key, 0) + 1
        if run["status"] in ("done", "done with failures") and run["finished_at"] is not None:
            ends.setdefault(run["kind"], run["finished_at"].timestamp())
    many = GaugeMetricFamily(
        "kb_runs", f"The last {_LOOK_BACK} runs, by kind and how they ended.",
        labels=["kind", "status"],
    )  # fmt: skip
    for (kind, status), count in sorted(counts.items()):
        many.add_metric([kind, status], count)
    yield many
    last = GaugeMetricFamily(
        "kb_last_success_timestamp_seconds", "End of the last run that was done, by kind.",
        labels=["kind"],
    )  # fmt: skip
    for kind, at in sorted(ends.items()):
        last.add_metric([kind], at)
    yield last


def _of_night(night: Mapping[str, Any]) -> Iterator[Metric]:
    counts: Mapping[str, Any] = night["counts"] or {}
    seconds = (counts.get("seconds") or {}).get("all", 0.0)
    yield GaugeMetricFamily("kb_night_seconds", "How long the last night took.", value=seconds)
    alarms = counts.get("alarms") or []
    yield GaugeMetricFamily("kb_night_alarms", "Alarms of the last night.", value=len(alarms))
    outlets: Mapping[str, Mapping[str, Any]] = counts.get("outlets") or {}
    for name in _OUTLET:
        metric = GaugeMetricFamily(
            f"kb_night_{name}", f"Pages {name} in the last night, by outlet.", labels=["outlet"]
        )
        for outlet, one in outlets.items():
            metric.add_metric([outlet], one.get(name, 0))
        yield metric
    finished = GaugeMetricFamily(
        "kb_night_outlet_finished", "Whether an outlet's crawl came to its end.", labels=["outlet"]
    )
    for outlet, one in outlets.items():
        finished.add_metric([outlet], 0 if one.get("error") else 1)
    yield finished
