"""Later coverage of what was promised, proposed as evidence; a person decides what it shows.

A later sentence is evidence when it stands in an article on the same initiative (or, where the
promise has none, names its owner) and shares enough of the promise's own words: of its pairs of
neighbouring syllables, weighed by how rare they are in what was written on the initiative since
(inverse document frequency, Spärck Jones 1972). Names of the initiative and its owner, and words
of promising and of time, do not count: they stand in every such article.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from kb.archive import places, tables
from kb.archive.grammar import Node, Or, Phrase
from kb.archive.judgements.anchor import sentences
from kb.archive.match import matching
from kb.article import FIELDS, VIETNAM
from kb.reading import Commitment
from kb.text import canonical, fold, name_form, read_yaml

ENOUGH = 0.45
"""Share of a promise's weight that a sentence must hold."""
MOST = 200
"""Later articles that are looked at, the earliest first."""
SAYING_NOTHING = "mentioned"
_DONE = "done"
_FEWEST = 2  # pairs of syllables in common; a short promise needs all it has
_WORD = re.compile(r"\w+")
_article, _revision = tables.article.c, tables.revision.c
_name, _appearance = tables.name.c, tables.appearance.c
_commitment = tables.commitment.c
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A later sentence on what was promised.

    `kind`: `done`, `in_progress`, `promised_again` (`due_from` and `due_to` say for when, where
    the reader took a promise from it), `cancelled`, all as reported, or `mentioned`: it says
    nothing of the outcome. `score` is the share of the promise's words that it holds (0–1).
    """

    article_id: int
    url: str | None
    outlet: str | None
    title: str
    published_at: datetime
    kind: str
    sentence: str
    field: str
    start: int
    end: int
    score: float
    due_from: date | None = None
    due_to: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with the article that it stands in."""

    article_id: int
    published_at: datetime | None
    commitment: Commitment


@dataclass(frozen=True, slots=True)
class Cues:
    """The words of evidence.yaml, in the form in which texts are compared."""

    kinds: Mapping[str, str]
    """What each cue says."""
    cue: re.Pattern[str]
    denial: re.Pattern[str]
    """A word of denial (`word`) as far as what it denies (`next`); without `word` it is none."""
    turned: Mapping[str, Mapping[str, str]]
    """What a cue says after a word of denial, by that word and by what the cue says else."""
    ignored: frozenset[str]
    word: re.Pattern[str]
    """A syllable, or several that are looked at as one."""

    def denied(self, word: str, kind: str) -> str:
        """Return what a cue says that a word of denial stands before."""
        return self.turned.get(word, {}).get(kind, SAYING_NOTHING)


@cache
def cues() -> Cues:
    """Return the words of evidence.yaml."""
    raw = read_yaml(files("kb.archive").joinpath("evidence.yaml").read_text("utf-8"))
    kinds = {canonical(cue): kind for kind, found in raw["kinds"].items() for cue in found}
    denials, ignored = raw["denials"], raw["ignored"]
    words = [canonical(word) for word in ignored["words"]]
    denied = rf"(?P<word>{_any(denials['words'])})(?:\s+{_any(denials['between'])})*"
    return Cues(
        kinds,
        re.compile(rf"\b{_any(kinds)}\b"),
        re.compile(rf"\b(?:{_any(denials['unless'])}\b|{denied}\s+(?=(?P<next>\w+)))"),
        {
            canonical(word): {kind: str(said) for kind, said in turned.items()}
            for word, turned in denials["turned"].items()
        },
        frozenset([*words, *canonical(ignored["syllables"]).split()]),
        re.compile(rf"\b{_any([*words, *ignored['unless']])}\b|\w+"),
    )


def _any(words: Iterable[str]) -> str:
    """Return the pattern of any of some words, the longest first."""
    longest = sorted(map(canonical, words), key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, longest))})"


def evidence(connection: Connection, promise: Promise) -> list[Evidence] | None:
    """Return later sentences on what was promised, oldest first; one of each article.

    None where nobody can look for them: of a promise without a date nobody can say what is later
    than it, and one may have neither initiative nor owner, or no words of its own.
    """
    about = _about(promise.commitment)
    own = _own_words(connection, promise.commitment)
    wanted = _pairs(promise.commitment.text, own)
    if promise.published_at is None or about is None or not wanted:
        return None
    promised = {word for word in _told(promise.commitment.text) if word is not None} - own
    rows = _later(connection, promise, about, wanted)
    texts: dict[int, dict[str, str]] = {
        row["id"]: {name: row[name] for name in FIELDS} for row in rows
    }
    there = {
        id_: {name: _there(wanted, text) for name, text in fields.items()}
        for id_, fields in texts.items()
    }
    weights = _weights(wanted, there.values())
    best: list[Evidence] = []
    for row in rows:
        found = max(
            _sentences(texts[row["id"]], there[row["id"]], weights, own),
            key=lambda one: (one[0], one[1] != "title"),  # a sentence says more than a headline
            default=None,
        )
        if found is None:
            continue
        score, field, start, end = found
        sentence = row[field][start:end]
        kind = outcome(sentence, promised)
        due = _due(connection, row["revision_id"], field, start, end)
        if kind == "promised_again" and due == _days(promise.commitment):
            kind, due = SAYING_NOTHING, (None, None)
        best.append(
            Evidence(
                row["id"], row["url"], row["outlet"], row["title"], row["published_at"], kind,
                sentence, field, start, end, round(score, 3),
                *(due if kind == "promised_again" else (None, None)),
            )
        )  # fmt: skip
    return best


def is_silent(promise: Promise, found: Sequence[Evidence] | None, today: date) -> bool:
    """Whether what was promised fell due and no later article speaks of it.

    Where nobody could look for one (None, see `evidence`), there is no silence.
    """
    if found is None or found:
        return False
    due = promise.commitment.due_to or promise.commitment.due_from
    return due is not None and date.fromisoformat(due) < today


def today() -> date:
    """Return the day in Vietnam."""
    return datetime.now(VIETNAM).date()


# --- which articles --------------------------------------------------------------------------


def _about(one: Commitment) -> ColumnElement[bool] | None:
    """Return which names later articles must hold, None where a promise gives none."""
    if one.initiative_id is not None:
        return _name.entity_id == one.initiative_id
    if one.owner_id is not None:
        return _name.entity_id == one.owner_id
    if one.owner is None:
        return None
    return _name.entity_id.is_(None) & (_name.form == name_form(one.owner))


def _later(
    connection: Connection, promise: Promise, about: ColumnElement[bool], wanted: Sequence[Pair]
) -> list[dict[str, Any]]:
    """Return later articles on the same initiative, or owner, that hold any of the words."""
    # From the tables for counting: in `mention` SQLite would look at each mention there is.
    first = places.start(places.day_of(promise.published_at))
    naming = select(_appearance.place).where(
        _appearance.name_id.in_(select(_name.id).where(about)), _appearance.place >= first
    )
    phrases: list[Node] = [Phrase(pair, (fold(pair[0]), fold(pair[1]))) for pair in wanted]
    node: Node = Or(tuple(phrases)) if len(phrases) > 1 else phrases[0]
    names = ("id", "revision_id", "url", "outlet", "title", "published_at")
    statement = (
        select(*(_article[name] for name in names))
        .add_columns(_revision.lead, _revision.body)
        .join_from(tables.article, tables.revision, _revision.id == _article.revision_id)
        .where(
            _article.ordered_at > promise.published_at,
            _article.id != promise.article_id,
            _article.place.in_(naming),
            _article.place.in_(matching(node, False, connection.dialect.name, since=first)),
        )
        .order_by(_article.ordered_at, _article.id)
        .limit(MOST)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def _own_words(connection: Connection, one: Commitment) -> frozenset[str]:
    """Return the syllables of the initiative's and the owner's names."""
    ids = [id_ for id_ in (one.initiative_id, one.owner_id) if id_]
    entry = tables.entry.c
    rows = connection.execute(select(entry.name).where(entry.id.in_(ids))).scalars() if ids else ()
    return frozenset(word for name in (*rows, one.owner or "") for word in _words(name))


# --- which sentences -------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return _WORD.findall(canonical(text))


def _told(text: str) -> list[str | None]:
    """Return the syllables of a text, None for each that says nothing of what was promised."""
    known = cues()
    return [
        None if word in known.ignored or word.isdigit() else syllable
        for word in known.word.findall(" ".join(_words(text)))
        for syllable in word.split()
    ]


def _pairs(text: str, own: frozenset[str]) -> list[Pair]:
    """Return the pairs of neighbouring syllables that say what was promised, each once."""
    found = dict.fromkeys(
        (a, b)
        for a, b in pairwise(_told(text))
        if a is not None and b is not None and not (a in own and b in own)
    )
    return list(found)


def _weights(wanted: Sequence[Pair], there: Iterable[Mapping[str, set[Pair]]]) -> dict[Pair, float]:
    """Return the inverse document frequency of each pair in the later articles."""
    articles = [set().union(*fields.values()) for fields in there]
    return {
        pair: math.log((1 + len(articles)) / (1 + sum(pair in one for one in articles))) + 1
        for pair in wanted
    }


def _sentences(
    texts: Mapping[str, str],
    there: Mapping[str, set[Pair]],
    weights: Mapping[Pair, float],
    own: frozenset[str],
) -> Iterator[tuple[float, str, int, int]]:
    """Yield the sentences that hold enough of the words: score, field, start, end.

    `there`: which words each field holds, so that most of the fields need no look at sentences.
    """
    whole = sum(weights.values())
    fewest = min(_FEWEST, len(weights))
    for field in FIELDS:
        if _weight(weights, there[field]) / whole < ENOUGH:
            continue
        text = texts[field]
        for start, end in sentences(text):
            shared = there[field].intersection(_pairs(text[start:end], own))
            score = _weight(weights, shared) / whole
            if len(shared) >= fewest and score >= ENOUGH:
                yield score, field, start, end


def _weight(weights: Mapping[Pair, float], held: Collection[Pair]) -> float:
    # In the order of the promise: sums in the order of a set differ in their last digit.
    return sum(weight for pair, weight in weights.items() if pair in held)


def _there(wanted: Sequence[Pair], text: str) -> set[Pair]:
    """Return which pairs stand in a text, by its letters alone."""
    form = canonical(text)
    return {pair for pair in wanted if " ".join(pair) in form}


def outcome(sentence: str, promised: Collection[str] = ()) -> str:
    """Return what a sentence says became of something: a kind of `Evidence`.

    `promised` are the promise's own words: a sentence that denies one of them ("chưa trưng bày")
    does not say that it is done, whatever else is.
    """
    form, known = canonical(sentence), cues()
    denials = [one for one in known.denial.finditer(form) if one["word"]]
    said: list[tuple[int, str]] = []
    for cue in known.cue.finditer(form):
        kind, start = known.kinds[cue.group()], cue.start()
        by = next((one["word"] for one in denials if one.start() < start <= one.end()), None)
        said.append((start, kind if by is None else known.denied(by, kind)))
    undone = len(form)  # from here on nothing is said to be done
    for one in denials:
        if one["next"] in promised:
            kind = known.denied(one["word"], _DONE)
            said.append((one.start(), kind))
            undone = min(undone, one.start() if kind == SAYING_NOTHING else 0)
    told = [
        (start, kind)
        for start, kind in said
        if kind != SAYING_NOTHING and (kind != _DONE or start < undone)
    ]
    if any(kind == "cancelled" for _, kind in told):
        return "cancelled"
    return min(told)[1] if told else SAYING_NOTHING


def _days(one: Commitment) -> tuple[date | None, date | None]:
    first, last = (date.fromisoformat(day) if day else None for day in (one.due_from, one.due_to))
    return first, last


def _due(
    connection: Connection, revision_id: object, field: str, start: int, end: int
) -> tuple[date | None, date | None]:
    """Return when the promise that a sentence makes is due, Nones where it makes none."""
    inside = and_(_commitment.start < end, _commitment.end > start)
    dated = or_(_commitment.due_from.is_not(None), _commitment.due_to.is_not(None))
    row = connection.execute(
        select(_commitment.due_from, _commitment.due_to)
        .where(_commitment.revision_id == revision_id, _commitment.field == field, inside, dated)
        .order_by(_commitment.number)
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else (None, None)
