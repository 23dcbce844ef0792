"""Dates as Vietnamese outlets write them: ISO and near-ISO fields, visible dates, ids in URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from kb.article import VIETNAM

EARLIEST = datetime(1997, 1, 1, tzinfo=UTC)
"""No Vietnamese newspaper was online before."""
_LATEST = timedelta(days=2)

_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_DAY = (
    r"(?<!\d)(?P<day>\d{1,2})(?:(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)"
    r"|\s+(?:tháng|thg\.?)\s+(?P<named>\d{1,2})(?:,|\s+năm)?\s+)(?P<year>(?:19|20)\d{2})(?!\d)"
)
_TIME = (
    r"(?<!\d)(?P<hour>\d{1,2})\s*(?::|h|giờ)\s*(?P<minute>\d{2})(?!\d)"
    r"(?::(?P<second>\d{2}))?[\u2032'’]?\s*(?P<half>AM|PM|SA|CH)?\b"
)
_VISIBLE_DAY = re.compile(_DAY, re.IGNORECASE)
_VISIBLE_TIME = re.compile(_TIME, re.IGNORECASE)
_GMT = re.compile(r"(?:GMT|UTC)\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_GAP = 24
"""Most characters between a visible date and its time (`, `, ` - `, weekday)."""

_ID = re.compile(r"(?<!\d)(?P<id>\d{14,20})(?!\d)")
_STAMP = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<rest>\d{10})")


@dataclass(frozen=True, slots=True)
class Found:
    """A date and where it was found; `exact` says whether it carries a time of day."""

    when: datetime
    source: str
    exact: bool


def parse_iso(text: str, zone: tzinfo = VIETNAM) -> tuple[datetime, bool] | None:
    """Read an ISO or nearly ISO date (`2026-03-07T08:52:11.000 +07:00`), aware, with whether
    it has a time; a missing offset means `zone`."""
    match = _ISO.search(text)
    if match is None:
        return None
    return _build(match.groupdict(), _offset(match["zone"]) or zone, match["hour"] is not None)


def parse_visible(text: str, zone: tzinfo = VIETNAM) -> tuple[datetime, bool] | None:
    """Read a date as shown on a page: `Thứ bảy, 7/3/2026, 08:01 (GMT+7)`,
    `18:42' - 13/09/2023`, `07-03-2026 - 00:01 AM`, `7 tháng 3 năm 2026`."""
    said = _GMT.search(text)
    text = _GMT.sub(" ", text)  # else `GMT+07:00` is taken for a time of day
    day = _VISIBLE_DAY.search(text)
    if day is None:
        return parse_iso(text, zone)
    parts = day.groupdict()
    parts["month"] = parts["month"] or parts["named"]
    near = text[max(0, day.start() - _GAP) : day.end() + _GAP]
    time = _VISIBLE_TIME.search(text, day.end(), day.end() + _GAP) or _VISIBLE_TIME.search(near)
    exact = time is not None
    if time is not None:
        hour = int(time["hour"])
        half = (time["half"] or "").upper()
        # CafeF labels 24-hour times AM and PM, so a label only counts where it can be true.
        if half in ("PM", "CH") and hour < 12:
            hour += 12
        parts |= {"hour": str(hour), "minute": time["minute"], "second": time["second"]}
    if said:
        span = timedelta(hours=int(said["hours"]), minutes=int(said["minutes"] or 0))
        zone = (
            timezone(span if said["sign"] == "+" else -span) if span < timedelta(days=1) else zone
        )
    return _build(parts, zone, exact)


def parse_url(url: str, zone: tzinfo = VIETNAM) -> datetime | None:
    """Read the creation time from an address: VCCorp's `<site><YYMMDDhhmmss><ms>` or the
    `<YYYYMMDDhhmmss><ms>` of Tuổi Trẻ, Dân Trí and Tin Tức. A lower bound of publication."""
    for match in _ID.finditer(url.partition("?")[0]):
        digits = match["id"]
        stamp = _STAMP.match(digits)
        tries = [(stamp["year"], stamp["rest"])] if stamp else []
        if len(digits) >= 16:
            tries.append(("20" + digits[3:5], digits[5:15]))
        for year, rest in tries:
            names = ("month", "day", "hour", "minute", "second")
            parts = dict(zip(names, (rest[i : i + 2] for i in range(0, 10, 2)), strict=True))
            built = _build({"year": year, **parts}, zone, True)
            if built and plausible(built[0]):
                return built[0]
    return None


def plausible(when: datetime, now: datetime | None = None) -> bool:
    """Whether an article can have appeared then: not before 1997, not over two days ahead."""
    return EARLIEST <= when <= (now or datetime.now(UTC)) + _LATEST


def choose(candidates: Iterable[tuple[str, str | None]], zone: tzinfo = VIETNAM) -> Found | None:
    """Return the first plausible date among `(source, text)` pairs, best source first.

    A date without a time gives way to a later candidate of the same day that has one.
    """
    chosen: Found | None = None
    for source, text in candidates:
        if not text:
            continue
        read = parse_iso(text, zone) or parse_visible(text, zone)
        if read is None or not plausible(read[0]):
            continue
        found = Found(read[0], source, read[1])
        day = found.when.astimezone(zone).date()
        if chosen is None or (found.exact and day == chosen.when.astimezone(zone).date()):
            chosen = found
        if chosen.exact:
            break
    return chosen


def _build(parts: dict[str, str | None], zone: tzinfo, exact: bool) -> tuple[datetime, bool] | None:
    names = ("year", "month", "day", "hour", "minute", "second")
    try:
        year, month, day, hour, minute, second = (int(parts.get(name) or 0) for name in names)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone), exact
    except (ValueError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    span = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    if span >= timedelta(days=1):
        return None
    return timezone(span if text[0] == "+" else -span)
