"""The nights: the last ones in a table, and the morning page of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from kb.archive.aside import items
from kb.archive.usual import run_by_id, usual_mentions
from kb.research import night
from kb.settings import settings
from kb.web.language import words_for
from kb.web.night import summary
from kb.web.sources import sources
from kb.web.view import render

SHOWN: Final = 60
"""Runs of the list."""
ASIDE: Final = 60
"""Items that a run put aside, on its page."""
COUNTS: Final = (
    "files", "captures", "articles", "new", "changed", "reread", "untouched", "rejected", "failed",
    "lost", "tried", "settled", "sent", "nothing", "given_up", "pruned", "logs", "mended", "broken",
)  # fmt: skip
"""What runs other than nights count, in the order in which it is told."""
SENTENCES: Final = {"needs": night.needs, "alarms": night.alarms, "faults": night.faults}
"""What is told in sentences, the most pressing first."""

router = APIRouter(prefix="/nights", include_in_schema=False)


@router.api_route("", methods=["GET", "HEAD"])
def nights(request: Request) -> Response:
    """List the last runs, the newest first."""
    runs = sources(request).archive.runs(SHOWN)
    return render(request, "nights.html", {"runs": [(one, summary(one)) for one in runs]})


@router.api_route("/{number}", methods=["GET", "HEAD"])
def one_night(request: Request, number: str) -> Response:
    """Show what a run did: what needs a person, each outlet's counts, mentions beside the usual."""
    here, words = sources(request), words_for(request)
    found = None
    if number.isascii() and number.isdigit() and len(number) < 10:
        found = run_by_id(here.archive, int(number))
    if found is None:
        raise HTTPException(404)
    said, counts = night.words(words.language), found["counts"] or {}
    names = here.archive.outlet_names()
    initiatives = {e.id: words.name(e) for e in here.registry.of_kind("initiative")}
    usual = usual_mentions(here.archive, found["id"], settings().usual_nights)
    seconds = counts.get("seconds") or {}
    nightly = "outlets" in counts
    aside = [] if nightly else items(here.archive, found["id"])
    context = {
        "run": found,
        "last": summary(found),
        "said": said,
        "columns": night.COLUMNS,
        "outlets": [
            (names.get(key, key), one) for key, one in (counts.get("outlets") or {}).items()
        ],
        "mentions": night.mentions(counts, initiatives, usual) if nightly else [],
        "told": list(_told(counts, names, said)) if nightly else [],
        "stages": night.stages(counts, seconds, said) if nightly and seconds else "",
        "plain": {name: counts[name] for name in COUNTS if name in counts and not nightly},
        "aside": aside[:ASIDE],
        "more": len(aside[ASIDE:]),
    }
    return render(request, "night.html", context)


def _told(
    counts: Mapping[str, Any], names: Mapping[str, str], said: night.Said
) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
    """Yield each part with its heading and its lines, each with its depth."""
    for part, sentences in SENTENCES.items():
        heading, *lines = list(sentences(counts, names, said)) or [""]
        if lines:
            yield (
                part,
                heading.rstrip(":"),
                [
                    ((len(line) - len(line.lstrip(" "))) // 2, line.strip().removeprefix("- "))
                    for line in lines
                ],
            )
