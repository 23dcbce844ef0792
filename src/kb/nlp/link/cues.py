"""The words of `cues.yaml` as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files

from kb.text import read_yaml

_UPPER = "A-ZĐÀ-ỸƠƯĂÂÊÔ"


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"


class Cues:
    """The patterns, compiled once a process."""

    def __init__(self, raw: dict[str, list[str]]) -> None:
        quoted = r"[\"“'‘]?(?P<short>{})[\"”'’]?"
        one = r"[^\W\d_][\w&.-]{1,11}"
        several = rf"[{_UPPER}][\w&.-]*(?: [\w&.-]+){{0,6}}?"
        self.defined = re.compile(
            rf"[\"”’]? ?\((?i:{_any(raw['short_for'])}):? {quoted.format(several)}\)"
        )
        """After a name: brackets that say how it is called from here on."""
        self.bracketed = re.compile(rf"[\"”’]? ?\({quoted.format(one)}\)")
        """After a name: one word in brackets; only its letters tell whether it is short for it."""
        self.bare = frozenset(raw["bare"])
        self.units = re.compile(_any(raw["units"]), re.IGNORECASE)
        self.unit_before = re.compile(rf"(?:{_any(raw['place_units'])} )+(?=[{_UPPER}\d])")
        self.forms = re.compile(_any(raw["forms"]))
        self.other_cities = frozenset(raw["other_cities"])
        """Cities as they are called without their full name, beside those of the units' list."""
        self.kinds = re.compile(_any(raw["kinds"]))
        """What a body is, before its name."""
        self.male = frozenset(raw["male"])
        self.female = frozenset(raw["female"])
        self.family = frozenset(raw["family"])
        self.city = Level(raw, raw["city"], raw["committee"])
        self.province = Level(raw, raw["province"], raw["province_committee"])


class Level:
    """How a city, or a province, stands for its government."""

    def __init__(
        self, raw: dict[str, list[str]], called: Iterable[str], committees: Iterable[str]
    ) -> None:
        self.committee = re.compile("|".join(map(re.escape, committees)), re.IGNORECASE)
        """Its committee by its level alone."""
        first = rf"(?:^|(?<=\n)|(?<=[.,:;!?–-] )|(?<=[“\"(])|{_any(raw['opens'])} )"
        self.acts = re.compile(
            rf"{first}(?<!tỉnh, )(?P<who>{_any(called)})(?= (?:{_any(raw['adverbs'])} )*"
            rf"{_any(raw['acts'])})",
            re.IGNORECASE,
        )
        """It as one that acts."""


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Return the patterns."""
    text = files("kb.nlp.link").joinpath("cues.yaml").read_text("utf-8")
    return Cues(read_yaml(text))
