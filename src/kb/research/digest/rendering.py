"""A digest as text for a terminal or mail, as HTML for mail, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from kb.article import VIETNAM
from kb.research.digest.content import Digest, limits
from kb.research.digest.stories import Story
from kb.text import read_yaml

FORMATS: Final = ("text", "html", "json")
_PACKAGE = "kb.research.digest"


def render(found: Digest, format: str, language: str, *, name: str = "", now: bool = False) -> str:
    """Return a digest in one of `FORMATS` (or `brief`, for a chat: titles and addresses), in
    Vietnamese (`vi`) or English (`en`).

    Args:
        name: under which it is followed; empty: by nobody, it is about the programme.
        now: told at once, and not in the morning.
    """
    if format == "json":
        told = {**asdict(found), "stories": found.stories}
        return json.dumps(told, ensure_ascii=False, indent=1, default=_iso) + "\n"
    template = _environment(html=format == "html").get_template(f"digest.{format}")
    words = _words()[language]

    def called(entity_id: str | None) -> str:
        if entity_id is None:
            return words["other"]
        vietnamese, english = found.names.get(entity_id, (entity_id, None))
        return english if language == "en" and english else vietnamese

    return template.render(
        d=found,
        w=words,
        language=language,
        days=limits()["due_days"],
        called=called,
        due=lambda row: _due(row, words),
        name=name,
        now=now,
        subject=subject(found, language, name=name, now=now),
        counted=counted(found, language),
    )


def counted(found: Digest, language: str) -> str:
    """Say how many stories there are, of how many outlets: a file without one is no outlet."""
    words = wording(language)
    known = found.recent - found.unknown
    form = "counted_unknown" if found.unknown and not known else "counted"
    said = words[form].format(
        n=written(found.recent, language), outlets=written(found.outlets, language)
    )
    if found.unknown and known:
        said += words["counted_some"].format(n=written(found.unknown, language))
    if found.late:
        said += words["counted_older"].format(n=written(found.late, language))
    return said + words["counted_new"].format(n=written(found.articles, language))


def written(number: int, language: str) -> str:
    """Write a whole number with the language's mark for thousands."""
    return f"{number:,}".replace(",", "," if language == "en" else ".")


def subject(found: Digest, language: str, *, name: str = "", now: bool = False) -> str:
    """Return the subject line of a mail."""
    words, count = _words()[language], found.recent
    title = found.headline or words["untitled"]
    facts = {"n": written(count, language), "day": _day(found.until), "title": title}
    if not count:
        said = words["subject_older" if found.late else "subject_none"].format(
            **facts | {"n": written(found.late, language)}
        )
    elif now:
        said = words["subject_now" if count == 1 else "subject_now_more"].format(
            **facts | {"n": written(count - 1, language)}
        )
    else:
        said = words["subject"].format(**facts)
    return words["subject_name"].format(subject=said, name=name) if name else said


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = read_yaml(
        files(_PACKAGE).joinpath("words.yaml").read_text("utf-8")
    )
    return found


def wording(language: str) -> dict[str, str]:
    """Return the words of digests in a language, by key."""
    return _words()[language]


@cache
def _environment(*, html: bool) -> Environment:
    made = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"moment": _moment, "day": _day, "web": _web, "parts": _parts}
    return made


def _iso(value: Any) -> str:  # noqa: ANN401
    return str(value.isoformat())


def _moment(value: datetime) -> str:
    return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _day(value: date | datetime) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(VIETNAM).date()
    return f"{value:%d/%m/%Y}"


def _due(row: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Say when a promise falls due: until a day, on it, or in a time."""
    first, last = row["due_from"], row["due_to"]
    if first == last:
        return _day(last)
    form = words["due_between" if first else "due_until"]
    return form.format(first=first and _day(first), last=_day(last))


def _web(url: str | None) -> str:
    """Return an address only if it leads to a page: never `javascript:`."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""


def _parts(story: Story) -> Iterator[tuple[str, bool]]:
    """Yield the sentence in pieces, each with whether it matches."""
    last = 0
    for start, end in sorted(story.marks):
        if start >= last:
            yield story.sentence[last:start], False
            yield story.sentence[start:end], True
            last = end
    yield story.sentence[last:], False
