"""How a query was understood, in words, and what of it was not, with its place and a suggestion.

Nothing typed is an error (`grammar.py`); what was taken otherwise than it may have been meant is
said here, in both languages (explain.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from kb.archive.actors import KINDS_OF, alone
from kb.archive.filters import fact_of
from kb.archive.grammar import And, Filter, Near, Node, Not, Or, Phrase, parse
from kb.archive.params import parameters
from kb.archive.query import Query
from kb.text import read_yaml

Language = Literal["vi", "en"]
SINGULAR = {
    "outlets": "outlet", "levels": "level", "initiatives": "initiative", "actors": "actor",
    "posts": "post", "places": "place", "documents": "document", "kinds": "kind", "facts": "fact",
    "roles": "role", "articles": "article",
}  # fmt: skip
"""What the language of queries calls one value of a filter."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not understood: `start:end` are code points of the typed text (none: a filter),
    `typed` what stands there, `suggestion` what may have been meant."""

    code: str
    start: int | None
    end: int | None
    typed: str
    suggestion: str | None = None
    values: tuple[tuple[str, str], ...] = ()

    def said(self, language: Language) -> str:
        """Return it as a sentence."""
        words = words_of(language)
        text = words[f"remark.{self.code}"].format(typed=self.typed, **dict(self.values))
        if self.suggestion:
            text += f"; {words['try'].format(suggestion=self.suggestion)}"
        return text


@dataclass(frozen=True, slots=True)
class Explanation:
    """A query in words, in each language, and remarks on what was not understood."""

    vi: str
    en: str
    remarks: tuple[Remark, ...]

    def said(self, language: Language) -> str:
        """Return the query in the words of a language."""
        return self.vi if language == "vi" else self.en


@cache
def words_of(language: str) -> Mapping[str, str]:
    """Return the words of explain.yaml in a language."""
    raw = read_yaml(files("kb.archive").joinpath("explain.yaml").read_text("utf-8"))
    found: dict[str, str] = raw[language]
    return found


def spelled(query: Query, folded: bool, language: Language) -> str:
    """Return a whole query in words: its text as understood, then each filter."""
    parts = [spelled_text(query.text, folded, language), *_filters(query, language)]
    return "; ".join(filter(None, parts)) or words_of(language)["everything"]


def spelled_text(text: str, folded: bool, language: Language) -> str:
    """Return how a typed text is taken: words, phrases, operators spelled out."""
    node = parse(text)
    return _spell(node, folded, words_of(language), inner=False) if node else ""


def _filters(query: Query, language: Language) -> Iterator[str]:
    words = words_of(language)
    for one in parameters().values():
        value = query[one.name]
        if one.name == "text" or not value:
            continue
        if one.value == "choice":
            if said := words.get(f"{one.name}.{value}"):
                yield said
            continue
        several = value if one.many else (value,)
        name = SINGULAR.get(one.name, one.name)
        joined = f" {words['or']} ".join(_written(name, each, words) for each in several)
        yield words[name].format(value=joined)


def day_of(value: date) -> str:
    """Return a day, or a moment with its hour, as it is written: day first."""
    hour = f" {value:%H:%M}" if isinstance(value, datetime) else ""
    return f"{value:%d/%m/%Y}{hour}"


def _written(name: str, value: object, words: Mapping[str, str]) -> str:
    """Return one value of a filter or field in words."""
    if isinstance(value, date):
        return day_of(value)
    text = str(value)
    if name == "fact":
        return words.get(f"fact.{fact_of(text)}", text)
    if (own := alone(text)) is not None and name in KINDS_OF:
        return f"{own[1]} ({words[f'kind.{own[0]}']})"
    return text


def _spell(node: Node, folded: bool, words: Mapping[str, str], *, inner: bool) -> str:
    match node:
        case Phrase():
            said = " ".join(node.folded if folded else node.exact)
            said += "*" if node.prefix else ""
            said = f"“{said}”" if " " in said else said
            return words[f"in.{node.field}"].format(what=said) if node.field else said
        case Near(first, second, distance):
            both: list[Any] = [_spell(part, folded, words, inner=True) for part in (first, second)]
            said = words["near"].format(a=both[0], b=both[1], n=distance)
            return f"({said})" if inner else said
        case Filter(name, value):
            return words[name].format(value=_written(name, value, words))
        case Not(part):
            return words["not"] + " " + _spell(part, folded, words, inner=True)
        case And(parts) | Or(parts):
            joint = words["and"] if isinstance(node, And) else words["or"]
            said = f" {joint} ".join(_spell(part, folded, words, inner=True) for part in parts)
            return f"({said})" if inner else said
