"""The words of `verbs.yaml` as patterns over sentences whose names are one character each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from kb.reading import Role
from kb.text import read_yaml

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
    """The words of `verbs.yaml` as compiled patterns."""

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
        where = rf"(?:{aside}{seat}|{seat}{aside})"
        actor = rf"[{BODY}{ONE_OF}{PERSON}]{where}(?: (?:trực )?thuộc {BODY}{aside})?"
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
        give = f"(?:{_any(raw['give'])})(?: {_any(raw['give_objects'])})?(?: cho)?"
        seated = "|".join(map(re.escape, raw["seated"]))
        within = rf"(?: (?!{_any(raw['not_within'])})[^\W\d]+){{0,6}}"
        self.governs = compiled(
            rf"(?:{_any(raw['governs'])}|(?<!\w)(?:{seated}){within})(?: {units})? $"
        )
        kinds_alone = sorted(raw["institutions"], key=len, reverse=True)
        self.institutions = compiled(rf"(?<!\w)(?:{'|'.join(kinds_alone)})(?!\w)(?! [A-ZĐ])")
        self.given_whom = compiled(rf"{_any(raw['give'])} cho(?: [^\W\d]+){{0,3}} $")
        self.given_what = compiled(rf" {_any(raw['give_objects'])}")
        self.post = compiled(rf"(?<!án bộ, ){posts}(?: {_any(raw['post_tails'])})? $")
        self.given = compiled(rf"(?P<word>{give}):?(?: {posts}){{0,2}} $")
        self.not_given = compiled(rf"{_any(raw['not_before_give'])}[ :]?$")
        self.passive = compiled(rf"được (?:[{BODY}{ONE_OF}{PERSON}] )?$")
        courtesy = _any(raw["courtesy"])
        others = rf"(?: (?:{generic}|(?:[Cc]ác )?{OTHER})(?:,| và)){{0,3}}"
        whom = rf"{others}(?: (?:{courtesy}|{posts})){{0,3}} $"
        self.told = compiled(rf"(?P<word>{_any(raw['tell'])}){whom}")
        self.asked = compiled(
            rf"(?:[{BODY}{ONE_OF}{PERSON}]|{posts} )[^.;]*(?P<word>{_any(raw['ask'])}){whom}"
        )
        self.given_for = compiled(rf"(?<!\w)giao [^,.;:{BODY}]{{1,40}} cho{whom}")
        self.submitted = compiled(rf"{_any(raw['submit'])}(?: {posts})? $")
        decide = _any(raw["decide"])
        self.decides = compiled(rf"(?:xem xét(?:,| và)? )?{decide}(?:(?:, | và ){decide})*")
        by = r"(?<!lý )(?<!tự )(?<!Tự )(?<!mặc )(?<!\w)do "
        self.by = compiled(rf"{by}(?:{_any(raw['before_by'])} )?$")
        self.any_by = compiled(rf"{by}(?=[{BODY}{ONE_OF}{PERSON}])")
        self.of = compiled(rf"{_any(raw['of'])}(?: {posts})? $")
        adverbs = _any(raw["adverbs"])
        when = r"(?:(?:sáng|chiều|tối|trưa|ngày|hôm) ){1,2}\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})?"
        self.adverbs = compiled(rf"(?:[, :]{{0,2}}(?:{adverbs}|{when})){{0,4}}[, :]{{0,2}}")
        self.was_given = compiled(
            rf"(?:là (?:cơ quan|đơn vị) )?(?:đã |vừa |cũng )?được "
            rf"(?:[{BODY}{ONE_OF}{PERSON}] )?{give} "
        )
        self.orders = compiled(_any(raw["tell"]))
        self.must = compiled(_any(raw["must"]))
        self.heads = compiled(_any(raw["heads"]))
        self.lead = compiled(_any(raw["lead"]) + r"(?:,? và)?(?=[ ,:])")
        self.meeting = compiled(_any(raw["meetings"]))
        together = rf"{raw['coordinate']}(?: {adverbs})?(?P<with> (?:với|cùng)(?: với)?)?"
        self.together = compiled(rf"(?:và )?{together}(?=[ :])")
        self.partner = compiled(rf"(?i:{together}) $")
        self.denied = compiled(_any(raw["denied"]))
        nouns = r"(?<!\w)(?=\w)" + "".join(f"(?<!{word} )" for word in raw["nouns_before"])
        self.task = compiled(nouns + _any(raw["tasks"]))
        self.any_task = compiled(nouns + _any(tasks))
        self.name = compiled(rf"[{BODY}{ONE_OF}{PERSON}]")
        self.guide = compiled(r"hướng dẫn ")
        purpose = _any(raw["purpose"])
        self.invests = compiled(rf"đầu tư (?:[^\W\d]+ )?\d[^.;]{{1,60}}? {purpose} ")
        self.direct = compiled(rf"{_any(raw['direct'])}(?:, {_any(raw['direct'])})*,? ")
        self.offices = compiled(rf"{_any(raw['offices'])}|\d|[{PLACE}{OTHER}{BODY}]")
        self.verbs: dict[str, Role] = raw["verbs"]
        verbs = _any(raw["verbs"])
        self.verb = compiled(verbs)
        self.chain = compiled(rf"{verbs}(?:(?:,? và |, | - ){verbs}){{0,5}}")
        self.after_by = compiled(rf" ?(?:[,.;:)”\"…]|$)| {_any(raw['after_by'])}")
        self.verbs_only = compiled(rf"{_any(tasks)}(?:(?:,? và |, ){_any(tasks)})*")
        self.alone = compiled(_any(raw["alone"]))
        self.approved = compiled(
            rf"(?:(?:các|những|một số|\d+) )?(?:{_any(raw['approved'])}|[{OTHER}])"
        )
        self.works = compiled(rf"{_any(raw['works'])}|[{OTHER}]")
        self.ends = compiled(
            rf"[;.!?…](?!\w)|”,|,? {_any(raw['ends'])}"
            rf"|(?:,| và| hoặc) giao (?={BODY})|, (?=[{BODY}{PERSON}{ONE_OF}] )"
        )
        self.heading = compiled(rf"(?:{_any(raw['give'])}|{_any(raw['tell'])})[^:.;]{{0,60}}:$")
        counted = r"Thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười),"
        self.bullet = compiled(rf"\s*(?:[-+•*–]|\(?\d{{1,2}}[.)]|[a-hđ]\)|{counted}) *")
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
    return Rules(read_yaml(text))
