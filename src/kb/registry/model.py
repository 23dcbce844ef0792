"""What stands in a registry file: programmes, entries with their names and clues, posts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from kb.reading import Kind
from kb.text import expand


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: object) -> object:
    """YAML reads 2025 as a number; here it is a written date."""
    return value if value is None or isinstance(value, str) else str(value)


def _in_calendar(value: str) -> str:
    try:
        date.fromisoformat(f"{value}-01-01"[:10])
    except ValueError as error:
        raise ValueError("no such day or month; write the one that the source names") from error
    return value


PartialDate = Annotated[
    str,
    BeforeValidator(_as_text),
    Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$"),
    AfterValidator(_in_calendar),
]
"""ISO date, month or year."""
Url = Annotated[str, Field(pattern=r"^https?://\S+$")]
EntryId = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


def _flat(value: object) -> object:
    """Let a list of words take in another one, as YAML's `*name` does not."""
    if not isinstance(value, list):
        return value
    return [str(word) for one in value for word in (one if isinstance(one, list) else [one])]


def _closed(text: str) -> str:
    """See that no bracket is left over: no newspaper writes one into a name."""
    if any(set("[]|") & set(form) for form in expand(text)):
        raise ValueError("a [, ] or | that stands alone; write [a|b] or [a]")
    return text


def _named(text: str) -> str:
    if not all(any(map(str.isalnum, form)) for form in expand(text)):
        raise ValueError("stands for a name without a letter; write what newspapers write")
    return text


Word = Annotated[str, AfterValidator(_closed)]
"""A text in which `[a|b]` stands for one of several words, and `[a]` may be missing."""
Name = Annotated[str, Field(min_length=2), AfterValidator(_closed), AfterValidator(_named)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_flat)]


class Clue(_Strict):
    """Words that speak for or against what a name stands for.

    They count anywhere in the article, or within so many words of the name: `near` on both
    sides, `before` and `after` on one; `#` is any number. With `than` they must weigh more than
    those other words; each occurrence weighs the more the nearer it stands.
    """

    words: Annotated[Words, Field(min_length=1)]
    than: Words = ()
    near: int | None = Field(default=None, ge=1)
    before: int | None = Field(default=None, ge=1)
    after: int | None = Field(default=None, ge=1)


def _clues(value: object, info: ValidationInfo) -> object:
    """Put the file's clues where `@name` stands; plain words are one clue, any of them anywhere."""
    if not isinstance(value, list):
        return value
    words = [one for one in value if isinstance(one, str) and not one.startswith("@")]
    found = [one for one in value if not isinstance(one, str)]
    for name in (one[1:] for one in value if isinstance(one, str) and one.startswith("@")):
        if name not in (info.context or {}):
            raise ValueError(f"@{name} is not among the `clues` of the file")
        found.append((info.context or {})[name])
    return [*found, {"words": words}] if words else found


Clues = Annotated[tuple[Clue, ...], BeforeValidator(_clues)]


class Alias(_Strict):
    """Another name of an entry; `[a|b]` stands for one of several words, `[a]` may be missing.

    `case`: capitals must be as written. It counts where all of `needs` hold and none of `unless`.
    """

    text: Name
    case: bool = False
    needs: Clues = ()
    unless: Clues = ()

    @property
    def forms(self) -> list[str]:
        """Every name that the text stands for."""
        return expand(self.text)


def _alias(value: object) -> object:
    return {"text": value} if isinstance(value, str) else value


class Entry(_Strict):
    """One thing that the press may name; every fact stands in one of `sources`."""

    id: EntryId
    kind: Kind
    name: Name
    name_en: str | None = None
    needs: Clues = ()
    unless: Clues = ()
    """Clues of the name itself, for people of a common name and places that streets bear."""
    aliases: tuple[Annotated[Alias, BeforeValidator(_alias)], ...] = ()
    level: Literal["international", "local"] | None = None
    programme: str | None = None
    parent: str | None = None
    government: str | None = None
    """Of a city: the body that "Thành phố yêu cầu" means."""
    territory: tuple[str, ...] = ()
    """Of a unit made on 1 July 2025: the old districts on whose ground it lies, the largest part
    first; what names the unit is coverage of those districts, too."""
    issuer: str | None = None
    date: PartialDate | None = None
    description: str | None = None
    sources: tuple[Url, ...] = Field(min_length=1)

    @property
    def other_names(self) -> list[str]:
        """Every name but the first, as a person reads them."""
        forms = [form for alias in self.aliases for form in alias.forms]
        return [form for form in dict.fromkeys(forms) if form != self.name]

    @property
    def names(self) -> tuple[Alias, ...]:
        """The name itself and every alias."""
        return (Alias(text=self.name, needs=self.needs, unless=self.unless), *self.aliases)


class Holder(_Strict):
    """Who held a post, and when; `seen` is a day on which the source names the holder."""

    person: str
    since: PartialDate | None = None
    until: PartialDate | None = None
    seen: PartialDate | None = None
    source: Url


class Post(_Strict):
    """An office of an organisation; people hold it one after another."""

    id: EntryId
    name: str
    name_en: str | None = None
    org: str | None = None
    holders: tuple[Holder, ...] = ()


class Programme(_Strict):
    """One registry file."""

    id: EntryId
    name: str
    name_en: str | None = None
    clues: dict[str, Clue] = {}
    """Clues that several aliases share; an alias names them `@name`."""
    entries: tuple[Entry, ...] = Field(min_length=1)
    posts: tuple[Post, ...] = ()
