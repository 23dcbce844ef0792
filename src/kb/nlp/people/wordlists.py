"""The word lists of speech and posts, and how their phrases are found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kb.text import read_yaml


class Hit(NamedTuple):
    """A phrase of a word list found in a text; `start:end` are code points."""

    start: int
    end: int
    word: str
    label: str


class Phrases:
    """Labelled phrases found as whole words, whatever their case; the longest wins."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        self._words = [(word, label) for label, words in labels.items() for word in words]
        self._automaton = AhoCorasick(
            [word for word, _ in self._words], matchkind=MatchKind.LeftmostLongest
        )

    def find(self, lowered: str) -> list[Hit]:
        """Return the phrases of a lower-cased text, in order, not overlapping."""
        closed = f"{lowered} "  # stands for what is before the first letter, too: `closed[-1]`
        return [
            Hit(start, end, *self._words[number])
            for number, start, end in self._automaton.find_matches_as_indexes(lowered)
            if not (closed[start - 1].isalnum() or closed[end].isalnum())
        ]


def _load(name: str) -> dict[str, Any]:
    raw: dict[str, Any] = read_yaml(files("kb.nlp.people").joinpath(name).read_text("utf-8"))
    return raw


POSTS = ("post", "rank", "job", "member", "head")
"""Labels of what may be a post; a job, a member and a head need the name of a body."""


@dataclass(frozen=True, slots=True)
class Words:
    """`posts.yaml`, ready to be looked up."""

    phrases: Phrases
    before: frozenset[str]
    times: frozenset[str]
    ends: re.Pattern[str]
    within: re.Pattern[str]
    sectors: tuple[str, ...]
    links: re.Pattern[str]
    onward: re.Pattern[str]
    runs: tuple[str, ...]
    """What stands before a post that somebody runs for."""
    made: tuple[str, ...]
    units: frozenset[str]
    bodies: frozenset[str]
    given: Mapping[str, str]
    """The sex that a given name tells."""


@lru_cache(maxsize=1)
def words() -> Words:
    """Load `posts.yaml`."""
    raw = _load("posts.yaml")
    posts = {label: raw[f"{label}s"] for label in POSTS}
    return Words(
        phrases=Phrases({**raw["courtesies"], **posts}),
        before=frozenset(raw["before"]),
        times=frozenset(raw["times"]),
        ends=_whole(raw["ends"]),
        within=_whole(raw["within"]),
        sectors=tuple(raw["sectors"]),
        links=_whole(raw["links"]),
        onward=_whole(raw["onward"]),
        runs=tuple(f"{word} " for word in raw["runs"]),
        made=tuple(f" {word}" for word in raw["made"]),
        units=frozenset(raw["units"]),
        bodies=frozenset(raw["bodies"]),
        given={name: sex for sex, names in raw["given"].items() for name in names},
    )


def _whole(words: Iterable[str]) -> re.Pattern[str]:
    """Return what matches one of some words, the longest first, up to where it ends."""
    return re.compile(rf"(?:{_any(words)})(?!\w)")


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


SAYING = ("strong", "clause", "marked", "narrow")
"""Labels of the words of saying: from those that can be nothing else to those that need more."""


@dataclass(frozen=True, slots=True)
class Cues:
    """`cues.yaml`, ready to be looked up."""

    phrases: Phrases
    saying: re.Pattern[str]
    source: re.Pattern[str]
    """What stands between "theo" and who says it."""
    reported_by: re.Pattern[str]
    """… where what follows is somebody's name, known or not."""
    media: re.Pattern[str]
    """What may lead the name of a paper or a site: "tờ", "trang"."""
    of_place: frozenset[str]
    alike: Mapping[str, tuple[str, ...]]
    """The callings that mean the same as one of them."""
    outsiders: frozenset[str]
    selves: re.Pattern[str]
    crowds: tuple[str, ...]
    """Beginnings of what is nobody's name even in capitals: `Báo giới Tây Ban Nha`."""
    at_once: re.Pattern[str]
    told: re.Pattern[str]
    things: re.Pattern[str]
    passive: re.Pattern[str]
    relays: frozenset[str]
    addressed: tuple[str, ...]
    concessions: re.Pattern[str]
    prepositions: frozenset[str]
    papers: re.Pattern[str]
    adverbs: re.Pattern[str]
    titles: re.Pattern[str]
    headed: re.Pattern[str]
    """Words that begin as a title does."""
    told_in: re.Pattern[str]
    plurals: re.Pattern[str]
    adjuncts: re.Pattern[str]
    """What leads from a subject over other words to its verb."""
    predicates: re.Pattern[str]
    """Whether words are a clause, not the object of the word of saying."""
    verbs: re.Pattern[str]
    nominal: re.Pattern[str]
    """Words of saying are nouns or passive after one of these."""
    marker: re.Pattern[str]
    rather: re.Pattern[str]
    attached: re.Pattern[str]
    """What makes a word of saying the noun of something shown: `kèm dòng chia sẻ`."""
    conjunctions: tuple[str, ...]
    nobody: frozenset[str]
    stars: frozenset[str]
    crowd: re.Pattern[str]
    """How a clause begins whose subject are several without a name."""
    quoting: re.Pattern[str]
    relayed: re.Pattern[str]
    """Whose words a paper gives: `…", AFP dẫn lời ông X`."""
    spoken: re.Pattern[str]
    """Nouns and verbs that announce speech: `quan điểm`, `lên tiếng`."""
    voiced: re.Pattern[str]
    """A noun of saying and `của`: whose words they are follows."""
    objects: re.Pattern[str]
    """What is no clause after a word of saying that may have an object."""
    assets: re.Pattern[str]
    players: frozenset[str]
    coaches: frozenset[str]
    wide: frozenset[str]
    quoted_from: re.Pattern[str]
    alone: frozenset[str]
    shares: frozenset[str]
    replies: frozenset[str]
    credited: re.Pattern[str]
    """How whose photo it is begins: `Ảnh: AFP`."""
    kin: re.Pattern[str]
    """A word of kin right behind a name, which tells the sex: `X - chồng của Y`."""
    sexes: Mapping[str, str]
    jobs: frozenset[str]
    nouns: re.Pattern[str]
    """What makes a pronoun a noun: `cô chủ`, `ông bố`."""
    issued: frozenset[str]
    captions: frozenset[str]
    denied: re.Pattern[str]
    denies: frozenset[str]
    spokes: frozenset[str]
    revered: Mapping[str, str]
    whom: frozenset[str]
    named: re.Pattern[str]
    """A calling and a space, with which a name begins that so is a person's."""
    led: re.Pattern[str]
    """A calling before a name."""
    leads: re.Pattern[str]
    """What a clause may begin with before its first comma."""
    times: frozenset[str]
    organisers: re.Pattern[str]
    """Those behind an initiative or an event, before its name: `Ban Tổ chức Lễ hội A`."""
    of_body: re.Pattern[str]
    """`của` and a body that is called by its kind: `của tổ chức này`."""


@lru_cache(maxsize=1)
def cues() -> Cues:
    """Load `cues.yaml`."""
    raw = _load("cues.yaml")
    adjunct = rf"(?: (?:{'|'.join(raw['adjuncts'])}) [^,.:;!?\n“”\"]{{1,90}}?)?"
    labels = {
        name: raw[name] for name in ("callings", "nameless", "bodies", "according", "nothing")
    }
    labels |= {name: raw[name] for name in SAYING} | raw["pronouns"]
    sources = "|".join(sorted(raw["sources"], key=len, reverse=True))
    return Cues(
        phrases=Phrases(labels),
        saying=_whole(word for label in SAYING for word in raw[label]),
        source=re.compile(
            rf" (?:(?:{_any(raw['reports'])})(?: \w+){{0,3}}? (?:của|từ|trên) )?"
            rf"(?:(?:{sources})(?: \w+){{0,3}}? )??"
        ),
        reported_by=re.compile(
            rf" (?:(?:{_any(raw['reports'])})(?: \w+){{0,8}}? (?:của|từ|trên) |(?:{sources}) )"
            rf"(?:(?:{sources}) )?"
        ),
        media=re.compile(rf"(?<!\w)(?:{_any(raw['media'])}) *$"),
        of_place=frozenset(raw["of_place"]),
        alike={word: tuple(group) for group in raw["alike"] for word in group},
        outsiders=frozenset(raw["outsiders"]),
        selves=re.compile(rf"(?:{_any(raw['selves'])}) [^\W\d_]"),
        crowds=tuple(raw["crowds"]),
        at_once=_whole(raw["at_once"]),
        told=_whole(raw["told"]),
        things=_whole(raw["things"]),
        passive=re.compile(rf"(?:^|\W)({_any(raw['passive'])}) $"),
        relays=frozenset(raw["relays"]),
        addressed=tuple(f" {word}" for word in raw["addressed"]),
        concessions=re.compile(rf",? (?:{_any(raw['concessions'])}) (?!lại )"),
        prepositions=frozenset(raw["prepositions"]),
        papers=re.compile(rf"(?:{'|'.join(raw['papers'])})(?: \w+){{0,4}}? *(?:của|từ)? *$"),
        adverbs=re.compile(rf"[ ,]*(?:(?:{'|'.join(raw['adverbs'])})(?!\w)[ ,]*)*"),
        plurals=re.compile(rf"(?:{'|'.join(raw['plurals'])}) *$"),
        adjuncts=re.compile(rf" ?(?:[,(–—-]|(?:{'|'.join(raw['adjuncts'])})(?!\w))"),
        predicates=re.compile(rf" (?:{'|'.join(raw['predicates'])}) "),
        verbs=re.compile(rf" (?:{'|'.join(raw['verbs'])}) "),
        nominal=re.compile(rf"(?:^|\W)({'|'.join(raw['nominal'])}) $"),
        marker=re.compile(
            rf"(?: thêm| rõ| lại)?(?P<about>{adjunct})"
            r"(?P<sep>,? rằng|, là| là|[,:])[,:]? (?:rằng,? )?"
        ),
        rather=re.compile(rf"(?: thêm| rõ)?{adjunct},? rằng,? "),
        attached=re.compile(rf" (?:{_any(raw['attached'])})(?: (?:{_any(raw['notes'])}))* $"),
        conjunctions=tuple(f" {word}" for word in raw["conjunctions"]),
        nobody=frozenset(raw["nobody"]),
        stars=frozenset(raw["stars"]),
        crowd=re.compile(rf"(?:{_any(raw['crowd'])}) (?!(?:{_any(raw['crowd_not'])})\b)"),
        quoting=re.compile(rf" (?:{_any(raw['quoting'])})(?!\w)"),
        relayed=re.compile(
            rf"[^.,;:“”\"\n]{{0,60}} ({_any(one for one in raw['quoting'] if 'lời' in one)})"
            r"(?: của| từ)? "
        ),
        spoken=_whole(raw["spoken"]),
        voiced=re.compile(rf"(?:{_any(raw['reports'])})(?: \w+){{0,2}}? của(?= )"),
        objects=re.compile(rf" ?(?:{_any(raw['objects'])})(?!\w)"),
        assets=_whole(raw["assets"]),
        players=frozenset(raw["players"]),
        coaches=frozenset(raw["coaches"]),
        wide=frozenset(raw["wide"]),
        quoted_from=re.compile(rf" (?:{_any(raw['quoting'])})(?: của| từ)? $"),
        alone=frozenset(raw["alone"]),
        shares=frozenset(raw["shares"]),
        replies=frozenset(raw["replies"]),
        credited=re.compile(r"(?:ảnh|video|clip|nguồn|đồ họa|theo) ?:? ?$"),
        kin=re.compile(rf"(?: [-–—]|,) ({_any(x for row in raw['kin'].values() for x in row)}) "),
        sexes={word: sex for sex, row in raw["kin"].items() for word in row},
        jobs=frozenset(raw["jobs"]),
        nouns=re.compile(rf" (?:{_any(raw['nouns'])})(?!\w)"),
        issued=frozenset(raw["issued"]),
        denied=re.compile(rf" (?:{_any(raw['denied'])})(?!\w)"),
        denies=frozenset(raw["denies"]),
        spokes=frozenset(raw["spokes"]),
        captions=frozenset(raw["captions"]),
        revered={word: name for name, row in raw["revered"].items() for word in row},
        whom=frozenset(raw["whom"]),
        named=re.compile(rf"(?:{_any(raw['callings'])}) (?=\w+ \w)"),
        led=re.compile(
            rf"(?<!\w)(?:{_any([*raw['callings'], *raw['jobs']])})"
            r"(?: (?!của|với|cùng|và|là|cho|về)\w+){0,2} $"
        ),
        leads=_whole(raw["leads"]),
        times=frozenset(raw["times"]),
        organisers=re.compile(rf"(?<!\w)(?:{_any(raw['organisers'])}) (?:của )?$"),
        of_body=re.compile(rf" của (?:{_any(raw['bodies'])})(?!\w)"),
        titles=re.compile(
            rf"(?:^|\W)(?:{'|'.join(raw['titles'])})(?: (?:{'|'.join(raw['title_tails'])}))*"
            r" *:? *$"
        ),
        headed=_whole(raw["title_heads"]),
        told_in=re.compile(rf"(?<!\w)(?:{_any(raw['told_in'])})(?!\w)"),
    )
