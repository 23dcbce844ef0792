"""How a report says days, periods and sources in its language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from babel.dates import format_date

from kb.archive.records import By
from kb.article import VIETNAM
from kb.research.pack.blocks import Run
from kb.text import read_yaml

LANGUAGES = ("vi", "en")


@cache
def words(language: str) -> dict[str, str]:
    """Return the words of words.yaml in a language."""
    found: dict[str, dict[str, str]] = read_yaml(
        files("kb.research.pack").joinpath("words.yaml").read_text("utf-8")
    )
    return found[language]


class Phrases:
    """The words of one language, and how it writes days."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words = words(language)

    def __call__(self, key: str, **values: object) -> str:
        return self.words[key].format(**values)

    def day(self, value: date | datetime) -> str:
        """Return a day: 09/11/2025, or 9 November 2025."""
        if isinstance(value, datetime):
            value = value.astimezone(VIETNAM).date()
        if self.language == "vi":
            return f"{value:%d/%m/%Y}"
        return str(format_date(value, "d MMMM y", locale="en"))

    def moment(self, value: datetime) -> str:
        """Return a moment of Vietnam."""
        return f"{self.day(value)} {value.astimezone(VIETNAM):%H:%M}"

    def share(self, part: int, whole: int) -> str:
        """Return a share in percent: 33,3 %, or 33.3 %; of nothing a dash."""
        if not whole:
            return "–"
        text = f"{100 * part / whole:.1f} %"
        return text.replace(".", ",") if self.language == "vi" else text

    def bucket(self, start: date, by: By) -> str:
        """Return a period: 11/2025, quý 4/2025, 2025."""
        match by:
            case "year":
                return str(start.year)
            case "quarter":
                return self("quarter", n=(start.month + 2) // 3, year=start.year)
            case "month":
                return f"{start:%m/%Y}"
            case _:
                return self.day(start)

    def due(self, first: date | None, last: date | None) -> str | None:
        """Return when something is due."""
        if first and last:
            if first == last:
                return self.day(first)
            return self("due_between", first=self.day(first), last=self.day(last))
        if last:
            return self("due_until", day=self.day(last))
        return self("due_since", first=self.day(first)) if first else None

    def outcome(self, kind: str) -> str:
        """Return a status, or what a sentence reports."""
        return self.words["silent_status" if kind == "silent" else kind]


def cites(numbers: Iterable[int]) -> tuple[Run, ...]:
    """Return the numbers of sources as links to them."""
    return tuple(Run(f"[{number}]", href=f"#s{number}", cite=True) for number in numbers)


def data(name: str) -> Run:
    """Return a link to a table of data of the pack."""
    return Run(f"[{name}]", href=f"data/{name}", cite=True)


def press(text: str) -> Run:
    """Return a newspaper's own words in quotation marks."""
    return Run(f"“{text.strip('“”')}”", press=True)
