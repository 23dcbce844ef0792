"""The words of `assignments.yaml` as patterns over sentences whose names are one character each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from kb.reading import Role

BODY, ONE_OF, PERSON, PLACE, OTHER = "\ue000\ue001\ue002\ue003\ue004"
"""What stands for a name: a body, a body after a post (its head acts), a person, a place, else."""


def _any(words: Iterable[str]) -> str:
    """Return an alternation of whole words, the longest first, whose first letter may be large.

    Words are grouped by their first letter, so that most places of a text fail at once.
    """
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0].lower(), []).append(re.escape(word[1:]))
    first = (f"[{one}{one.upper()}](?:{'|'.join(rest)})" for one, rest in groups.items())
    return rf"(?<!\w)(?:{'|'.join(first)})(?!\w)"


class Rules:
    """The words of `assignments.yaml` as compiled patterns."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        def compiled(pattern: str) -> re.Pattern[str]:
            return re.compile(pattern)

        posts, tasks = _any(raw["posts"]), [*raw["tasks"], *raw["told"]]
        kinds, tails = _any(raw["generic"]), _any(raw["generic_tails"])
        generic = (
            rf"(?:(?:{_any(raw['shared_heads'])} )?(?:[Cc]ác|[Nn]hững|[Mm]ột số) )?{kinds}"
            rf"(?:(?:,? và |, )(?:các )?{kinds}){{0,6}}(?: {tails}){{0,3}}"
        )
        aside = r"(?: ?\([^()]{1,60}\))?"
        units = _any(raw["units"])
        seat = rf"(?: (?:của |tại )?(?:{units} )?{PLACE})?"
        actor = rf"[{BODY}{ONE_OF}{PERSON}]{seat}{aside}(?: (?:trực )?thuộc {BODY}{aside})?"
        between = r"(?:,? (?:và|cùng|cùng với) |, | [-–] )"
        names = rf"(?:{between}[{BODY}{PLACE}]){{0,40}}"
        self.generic = compiled(generic)
        self.many = compiled(rf"(?:[Cc]ác|[Nn]hững) (?:{_any(raw['generic'])} )?$")
        group = (
            rf"(?P<head>{_any(raw['shared_heads'])}) (?P<units>(?:các )?{units}"
            rf"(?:(?:, | và |, và |/){units}){{0,4}}):? (?P<group>[{BODY}{PLACE}]{names})"
        )
        self.actors = compiled(
            rf"{group}|(?P<list>{actor}(?:{between}(?:{actor}|{generic})){{0,40}})"
        )
        self.signs = compiled("|".join(map(re.escape, raw["signs"])) + "|Giao|Phân công")
        self.post = compiled(rf"{posts}(?: {_any(raw['post_tails'])})? $")
        give = f"(?:{_any(raw['give'])})(?: {_any(raw['give_objects'])})?(?: cho)?"
        self.given = compiled(rf"(?P<word>{give}):?(?: {posts}){{0,2}} $")
        self.not_given = compiled(rf"{_any(raw['not_before_give'])}[ :]?$")
        self.passive = compiled(rf"được (?:[{BODY}{ONE_OF}{PERSON}] )?$")
        self.told = compiled(rf"(?P<word>{_any(raw['tell'])})(?: {posts}){{0,2}} $")
        by = r"(?<!lý )(?<!tự )(?<!Tự )(?<!mặc )(?<!\w)do "
        self.by = compiled(rf"{by}$")
        self.any_by = compiled(rf"{by}(?=[{BODY}{ONE_OF}{PERSON}])")
        self.of = compiled(rf"{_any(raw['of'])}(?: {posts})? $")
        adverbs = _any(raw["adverbs"])
        self.adverbs = compiled(rf"(?:[, :]{{0,2}}{adverbs}){{0,4}}[, :]{{0,2}}")
        self.was_given = compiled(
            rf"(?:là (?:cơ quan|đơn vị) )?(?:đã |vừa |cũng )?được "
            rf"(?:[{BODY}{ONE_OF}{PERSON}] )?{give} "
        )
        self.lead = compiled(_any(raw["lead"]) + r"(?:,? và)?(?=[ ,:])")
        self.meeting = compiled(_any(raw["meetings"]))
        together = rf"{raw['coordinate']}(?: {adverbs})?(?P<with> (?:với|cùng)(?: với)?)?"
        self.together = compiled(rf"(?:và )?{together}(?=[ :])")
        self.partner = compiled(rf"(?i:{together}) $")
        self.denied = compiled(_any(raw["denied"]))
        nouns = r"(?<!\w)(?=\w)" + "".join(f"(?<!{word} )" for word in raw["nouns_before"])
        self.task = compiled(nouns + _any(raw["tasks"]))
        self.any_task = compiled(nouns + _any(tasks))
        self.guide = compiled(r"hướng dẫn ")
        self.offices = compiled(rf"{_any(raw['offices'])}|\d|[{PLACE}{OTHER}{BODY}]")
        self.verbs: dict[str, Role] = raw["verbs"]
        verbs = _any(raw["verbs"])
        self.verb = compiled(verbs)
        self.chain = compiled(rf"{verbs}(?:(?:,? và |, | - ){verbs}){{0,5}}")
        self.after_by = compiled(rf" ?(?:[,.;:)”\"…]|$)| {_any(raw['after_by'])}")
        self.verbs_only = compiled(rf"{_any(tasks)}(?:(?:,? và |, ){_any(tasks)})*")
        self.alone = compiled(_any(raw["alone"]))
        self.approved = compiled(rf"(?:{_any(raw['approved'])}|[{OTHER}])")
        self.works = compiled(rf"{_any(raw['works'])}|[{OTHER}]")
        self.ends = compiled(
            rf"[;.!?…](?!\w)|”,|,? {_any(raw['ends'])}"
            rf"|(?:,| và| hoặc) giao (?={BODY})|, (?=[{BODY}{PERSON}{ONE_OF}] )"
        )
        self.heading = compiled(rf"(?:{_any(raw['give'])}|{_any(raw['tell'])})[^:.;]{{0,60}}:$")
        self.bullet = compiled(r"\s*(?:[-+•*–]|\(?\d{1,2}[.)]|[a-hđ]\)) *")
        self.units = compiled(units)
        self.parts = compiled(_any(raw["parts"]))
        self.bare = frozenset(raw["parts"])
        self.cut_off = compiled(rf"{_any(raw['cut_off'])}$")
        self.swallowed = compiled(rf"(?: (?:{'|'.join(raw['swallowed'])}))+$")
        self.plural = compiled(r"(?:[Cc]ác|[Nn]hững|[Nn]hiều|\d+) ")
        self.apart = compiled(_any(raw["of"]))


@lru_cache(maxsize=1)
def rules() -> Rules:
    """Return the patterns, compiled once a process."""
    text = files("kb.nlp.assignments").joinpath("verbs.yaml").read_text("utf-8")
    return Rules(yaml.safe_load(text))
