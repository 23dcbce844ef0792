"""A given list of addresses: whose each is, and which lines are none."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kb.capture import Rejection
from kb.outlets import Outlet, outlet_for

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses by outlet, in the order given; `strangers` belong to none of them, `bad` are
    lines that are no addresses."""

    by_outlet: Mapping[str, tuple[str, ...]]
    strangers: tuple[Rejection, ...]
    bad: tuple[Rejection, ...]


def sort_addresses(
    lines: Iterable[str], name: str, outlets: Mapping[str, Outlet], only: Collection[str] = ()
) -> Addresses:
    """Sort the lines of a list by outlet. Empty lines and those that begin with `#` are none.

    Args:
        lines: one address each.
        name: what to call the list in messages.
        outlets: those declared, by id.
        only: ids of outlets to which it is restricted (empty: all).
    """
    mine: dict[str, list[str]] = {}
    strangers, bad = [], []
    known = {key: outlet for key, outlet in outlets.items() if not only or key in only}
    for number, line in enumerate(lines, start=1):
        url = line.strip().removeprefix("\ufeff")
        if not url or url.startswith("#"):
            continue
        if (fault := _fault(url)) is not None:
            bad.append(Rejection(f"{name}:{number}: {url[:_SHOWN]}", "intake", fault))
        elif (outlet := outlet_for(url, known)) is None:
            whose = "none of the outlets asked for" if only else "no declared outlet"
            strangers.append(Rejection(url, "crawl", f"on a host of {whose}"))
        else:
            mine.setdefault(outlet.id, []).append(url)
    # The order of the outlets, not of the list: reports compare well from night to night.
    by_outlet = {key: tuple(dict.fromkeys(mine[key])) for key in known if key in mine}
    return Addresses(by_outlet, tuple(strangers), tuple(bad))


def _fault(url: str) -> str | None:
    if any(character.isspace() for character in url):
        return "not an address: it holds a space"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "not a full http:// or https:// address"
    return None
