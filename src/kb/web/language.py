"""The words of the pages in each language, and how numbers and dates are written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import Request

from kb.article import VIETNAM
from kb.settings import settings
from kb.text import read_yaml

LANGUAGES: Final = ("vi", "en")
COOKIE = "lang"


@dataclass(frozen=True)
class Words:
    """All words of one language; call it with a key and what stands in the braces."""

    language: str
    entries: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        return self.entries[key].format(**values) if values else self.entries[key]

    def count(self, key: str, number: int) -> str:
        """Return a number with its noun: the words `key.one` and `key.other`."""
        form = "one" if number == 1 else "other"
        return self(f"{key}.{form}", n=self.number(number))

    def name(self, entry: object) -> str:
        """Return an entry's or post's name in this language, else in Vietnamese."""
        english = getattr(entry, "name_en", None) if self.language == "en" else None
        return str(english or getattr(entry, "name"))  # noqa: B009

    def number(self, number: int) -> str:
        """Write a whole number with the language's mark for thousands."""
        return f"{number:,}".replace(",", self("thousands"))

    def share(self, part: int, whole: int) -> str:
        """Write a share as a percentage with one decimal; nothing of nothing is a dash."""
        if not whole:
            return "–"
        return f"{100 * part / whole:.1f}".replace(".", self("decimal")) + "%"

    def score(self, score: float) -> str:
        """Write how sure something is, with two decimals."""
        return f"{score:.2f}".replace(".", self("decimal"))

    def day(self, day: date) -> str:
        """Write a day with its name of the week, as dd/mm/yyyy."""
        return f"{self(f'weekday.{day.weekday()}')}, {day:%d/%m/%Y}"


@cache
def all_words() -> dict[str, Words]:
    """Return the words of every language, read once from `words.yaml`."""
    text = (Path(__file__).parent / "words.yaml").read_text("utf-8")
    raw: dict[str, dict[str, str]] = read_yaml(text)
    return {language: Words(language, raw[language]) for language in LANGUAGES}


def words_for(request: Request) -> Words:
    """Return the words a request wants: `?lang=`, else the cookie, else the setting.

    Accept-Language is left aside: browsers in Vietnamese offices often ask for English, and the
    desk is in Vietnamese first.
    """
    wanted = (request.query_params.get("lang"), request.cookies.get(COOKIE))
    chosen = next((one for one in wanted if one in LANGUAGES), settings().language)
    return all_words()[chosen]


def local(moment: datetime) -> datetime:
    """Return a moment on Vietnam's clock."""
    return moment.astimezone(VIETNAM)


def clock(moment: datetime) -> str:
    """Write the hour of a moment, nothing for midnight: then only the day is known."""
    here = local(moment)
    return f"{here:%H:%M}" if (here.hour, here.minute, here.second) != (0, 0, 0) else ""


def written(moment: datetime) -> str:
    """Write a moment as dd/mm/yyyy with its hour."""
    return " ".join(part for part in (f"{local(moment):%d/%m/%Y}", clock(moment)) if part)


def partial_day(text: str) -> str:
    """Write an ISO day, month or year with the day first: `2019-12` is `12/2019`."""
    return "/".join(reversed(text.split("-")))
