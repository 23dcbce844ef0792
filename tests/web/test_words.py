"""Words: the same keys in both languages, none missing in a page, none left over."""

from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import kb.web
from kb.archive import following
from kb.archive.accounts import Role
from kb.archive.judgements.records import RECORDS, STATUSES, VERDICTS
from kb.archive.params import parameters
from kb.cli.care import Stage
from kb.reading import KINDS
from kb.registry import Entry
from kb.web import (
    cards,
    chronicle,
    comparing,
    exporting,
    facts,
    nights,
    periods,
    reviewing,
    today,
)  # fmt: skip
from kb.web.facets import LEVELS
from kb.web.follow_form import RHYTHMS
from kb.web.language import LANGUAGES, all_words, clock, local, partial_day, written

FOLDER = Path(kb.web.__file__).parent
SOURCES = [
    path.read_text("utf-8")
    for path in (*FOLDER.glob("*.py"), *(FOLDER / "templates").glob("*.html"))
]
_PLAIN = re.compile(r"\b(?:w|self|words|other)\(\"([a-z][a-z0-9_.-]*)\"")
_JOINED = re.compile(r"\bw\(\"([a-z_.]+\.)\" ~")
_COUNTED = re.compile(r"\bw\.count\(\"([a-z_.]+)\"")
DYNAMIC = {
    "kind.": KINDS,
    "level.": ("international", "local"),
    "from.": ("meta", "visible", "json-ld", "url", "feed", "record", "given"),
    "weekday.": tuple("0123456"),
    "run.": ("nightly", "ingest", "other", "none", "running"),
    "nights.count.": nights.COUNTS,
    "stage.": tuple(Stage),
    "search.": tuple(
        one.param for one in parameters().values() if one.name not in ("text", "order")
    ),
    "told.": facts.KINDS,
    "told.all.": facts.KINDS,
    "told.how.": facts.KINDS,
    "role.": facts.ROLES,
    "status.": (*STATUSES, "mentioned"),
    "event.": chronicle.KINDS,
    "recurs.": ("P1D", "P1W", "P1M", "P3M", "P6M", "P1Y", "P2Y"),
    "login.": ("wrong", "often"),
    "account.": ("wrong", "short", "changed"),
    "account.is.": tuple(Role),
    "review.": ("others", "refused", "undone"),
    "refused.": reviewing.REASONS,
    "part.": tuple(RECORDS),
    "changes.": ("from", "to"),
    "changes.field.": ("title", "lead", "body"),
    "kin.": ("earlier", "later", "reprint", "source", "background"),
    "today.since.": today.SPANS,
    "wait.": (*cards.WAITS, "again"),
    "do.": ("confirm", "reject", "correct", "split", "merge", "accept", *STATUSES[1:]),
    "verdict.": VERDICTS,
    "evidence.": ("done", "in_progress", "promised_again", "cancelled", "mentioned", "silent"),
    "field.": tuple(
        {name for names in cards.FIELDS.values() for name in names}
        | {"name", "score", "recurs", "ambiguous", "articles", "mentions", "source", "note"}
    ),
    "outlet.level.": LEVELS,
    "period.by.": periods.BYS,
    "period.title.": periods.BYS,
    "export.kind.": exporting.KINDS,
    "export.format.": exporting.OFFERED,
    "compare.measure.": comparing.MEASURES,
    "follow.rhythm.": RHYTHMS,
    "follow.wrong.": ("name", "address", "webhook", "many", "rhythm", "values"),
    "trial.": ("wrong", "refused"),
    "sending.": tuple(one.replace(" ", "_") for one in get_args(following.Status)),
    "error.": tuple(
        f"{status}.{part}" for status in (403, 404, 500, 503) for part in ("title", "text")
    ),
}
"""What may follow a key that a page puts together."""


def used() -> set[str]:
    text = "\n".join(SOURCES)
    keys = {key for key in _PLAIN.findall(text) if not key.endswith(".")}
    prefixes = set(_JOINED.findall(text)) | {"weekday.", "recurs.", "period.title."}
    assert prefixes <= set(DYNAMIC)
    keys |= {prefix + rest for prefix in prefixes for rest in DYNAMIC[prefix]}
    return keys | {f"{key}.{form}" for key in _COUNTED.findall(text) for form in ("one", "other")}


def test_every_language_has_the_same_keys_with_the_same_places() -> None:
    vi, en = (all_words()[language].entries for language in LANGUAGES)
    assert set(vi) == set(en)
    for key in vi:
        places = [
            sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)
            for text in (vi[key], en[key])
        ]
        assert places[0] == places[1], key


def test_pages_use_exactly_the_words_there_are() -> None:
    assert used() == set(all_words()["vi"].entries)


def test_every_kind_and_level_has_a_word() -> None:
    levels = get_args(get_args(Entry.model_fields["level"].annotation)[0])
    assert set(levels) == set(DYNAMIC["level."])


def test_templates_hold_no_words_of_their_own() -> None:
    code = re.compile(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>")
    for path in (FOLDER / "templates").glob("*.html"):
        assert re.findall(r"\w{2,}", code.sub(" ", path.read_text("utf-8"))) == [], path.name


def test_numbers_and_shares_are_written_in_each_language() -> None:
    vi, en = (all_words()[language] for language in LANGUAGES)
    assert (vi.number(1234567), en.number(1234567)) == ("1.234.567", "1,234,567")
    assert (vi.share(1, 3), en.share(1, 3), vi.share(0, 0)) == ("33,3%", "33.3%", "–")
    assert [en.count("articles", n) for n in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]
    assert vi.day(date(2026, 2, 9)) == "Thứ Hai, 09/02/2026"


def test_dates_are_written_day_first_on_the_clock_of_vietnam() -> None:
    assert written(datetime(2025, 6, 30, 18, 5, tzinfo=UTC)) == "01/07/2025 01:05"
    midnight = datetime(2025, 6, 30, 17, tzinfo=UTC)
    assert (written(midnight), clock(midnight)) == ("01/07/2025", "")
    assert local(midnight).utcoffset() == local(datetime(1979, 1, 1, tzinfo=UTC)).utcoffset()
    assert [partial_day(text) for text in ("2019", "2019-12", "2019-12-03")] == [
        "2019",
        "12/2019",
        "03/12/2019",
    ]
