"""What came in: since yesterday, since the last visit, in a week; what is due; who was silent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from kb.archive.newcomers import Newcomer, newcomers
from kb.research.digest import digest
from kb.research.digest.content import Digest, limits
from kb.research.digest.rendering import counted, wording
from kb.web.language import local, words_for
from kb.web.marks import highlighted
from kb.web.night import last_run
from kb.web.sources import Sources, sources
from kb.web.view import render, to

SPANS: Final = ("yesterday", "visit", "week")
VISITED: Final = "kb_visited"
"""Cookie: when the last visit ended and when this one was seen last, as seconds since 1970."""
PAUSE = timedelta(minutes=30)
"""Who comes back after so long comes for a new visit."""
_YEAR = 365 * 24 * 3600

router = APIRouter(include_in_schema=False)


@router.api_route("/today", methods=["GET", "HEAD"])
def today(request: Request) -> Response:
    """Show what came into the archive, each story once, under what it is about."""
    here, now = sources(request), datetime.now(UTC)
    before, seen = visits(request.cookies.get(VISITED), now)
    asked = request.query_params.get("since")
    span = asked if asked in SPANS and (asked != "visit" or before) else SPANS[0]
    since = begin(span, now, before)
    found, new = here.kept.of(("today", since), lambda: _told(here, since))
    words = words_for(request)
    context = {
        "d": found,
        "span": span,
        "spans": [one for one in SPANS if one != "visit" or before],
        "since": since,
        "new": new,
        "counted": counted(found, words.language),
        "quiet": quiet(found, words.language),
        "days": limits()["due_days"],
        "marked": highlighted,
        "run": last_run(here.archive),
        "entries": here.entries,
        "href": here.href,
    }
    response = render(request, "today.html", context)
    value = f"{round(before.timestamp()) if before else 0}.{round(seen.timestamp())}"
    path = to(request, "/")
    response.set_cookie(VISITED, value, _YEAR, path=path, httponly=True, samesite="lax")
    return response


def _told(here: Sources, since: datetime) -> tuple[Digest, list[Newcomer]]:
    """Return what came in since a moment, and whom it names for the first time."""
    found = digest(here.archive, here.registry, since, datetime.now(UTC) + timedelta(seconds=1))
    return found, newcomers(here.archive.engine, found.told, since) if found.told else []


def visits(cookie: str | None, now: datetime) -> tuple[datetime | None, datetime]:
    """Return when the visit before this one ended (None: there was none), and this moment.

    A page that is loaded again soon is still the same visit.
    """
    before, _, last = (cookie or "").partition(".")
    if not (before.isascii() and before.isdigit() and last.isascii() and last.isdigit()):
        return None, now
    if max(len(before), len(last)) > 10:  # no moment of this program's life
        return None, now
    ended = datetime.fromtimestamp(int(before), UTC) if int(before) else None
    seen = datetime.fromtimestamp(int(last), UTC)
    if seen > now:  # the clock was set back
        return ended, now
    return (seen if now - seen >= PAUSE else ended), now


def begin(span: str, now: datetime, before: datetime | None) -> datetime:
    """Return from when on something is new: by Vietnam's midnight for whole days."""
    if span == "visit" and before is not None:
        return before
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=7 if span == "week" else 1)


def quiet(found: Digest, language: str) -> list[str]:
    """Return a line for each outlet that was silent or failed in the last night."""
    words = wording(language)
    lines = [words[f"quiet_{row['kind']}"].format(**row) for row in found.silent]
    return lines + [f"{outlet}: {why}" for outlet, why in found.troubles]
