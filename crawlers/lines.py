"""Log lines from what Scrapy hands over: responses and failures."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response

from crawlers.job import Known
from crawlers.reasons import FORBIDDEN, Refused, Skipped, reason
from crawlers.report import Line, Outcome
from crawlers.warc import Place

_REFUSALS = {401, 403, 451}


def response_line(
    response: Response,
    outcome: Outcome,
    reason: str | None,
    known: Known | None,
    digest: str | None,
    place: Place | None,
) -> Line:
    """Return the line about an answer: a stored page under its own address, anything else
    under the one that was asked for."""
    assert response.request is not None
    asked = asked_url(response.request, known)
    # What is captured is dated as its record, so that the record alone tells what the log tells.
    dated = {"at": place.at.isoformat(timespec="milliseconds")} if place else {}
    return Line(
        **dated,
        outlet=response.meta["outlet"],
        url=response.url if outcome == "stored" else asked,
        kind=response.meta["kind"],
        outcome=outcome,
        status=response.status,
        reason=reason,
        etag=_header(response, b"ETag"),
        last_modified=_header(response, b"Last-Modified"),
        digest=digest,
        bytes=len(response.body),
        warc=place.warc if place else None,
        offset=place.offset if place else None,
        length=place.length if place else None,
        found_by=response.meta["found_by"],
        asked=asked if outcome == "stored" and asked != response.url else None,
    )


def failure_line(request: Request, error: BaseException, known: Known | None) -> Line:
    """Return the line about a request that got no answer, or was not made."""
    text = reason(error)
    outcome: Outcome = "failed"
    if isinstance(error, Refused) or text.startswith(FORBIDDEN):
        outcome = "refused"
    elif isinstance(error, Skipped):
        outcome = "skipped"
    redirected = "redirect_urls" in request.meta
    return Line(
        outlet=request.meta["outlet"],
        url=asked_url(request, known),
        kind=request.meta["kind"],
        outcome=outcome,
        reason=f"{text} (redirected to {request.url[:200]})" if redirected else text,
        found_by=request.meta["found_by"],
    )


def refusal(status: int) -> tuple[Outcome, str]:
    """Return outcome and reason for an answer that holds no page."""
    return ("refused" if status in _REFUSALS else "failed"), f"HTTP {status}"


def is_html(response: Response) -> bool:
    """Judge by the header: Scrapy also goes by the address, and that of a PDF may end in .html."""
    declared = (_header(response, b"Content-Type") or "text/html").lower()
    return declared.startswith(("text/html", "application/xhtml+xml"))


def asked_url(request: Request, known: Known | None) -> str:
    """Return the address before redirects, as the caller spells it if it is known."""
    first: str = request.meta.get("redirect_urls", [request.url])[0]
    return known.url if known else first


def _header(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
