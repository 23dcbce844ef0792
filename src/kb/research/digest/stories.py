"""Stories of a digest: what matches, in which words, and who printed it again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from kb.archive import Archive, Query

_CHUNK = 400
_KINDS = ("initiative", "programme")
_FIRST = 1_000
"""Mentions that weigh as one of an initiative that was asked for."""
Span = tuple[int, int]
Passage = tuple[str, tuple[Span, ...]]
"""A sentence with the spans in it that match."""


@dataclass(frozen=True, slots=True)
class Story:
    """One story: the article that had it first, why it is here, and who printed it again."""

    article_id: int
    title: str
    url: str | None
    outlet: str | None
    """None of an article that came from a file without saying whose it is."""
    published_at: datetime | None
    sentence: str
    """The passage that matches: never the title again."""
    marks: tuple[Span, ...] = ()
    """Spans (code points) of the sentence that match."""
    about: tuple[str, ...] = ()
    """Initiatives and programmes that it names, those that it names most often first."""
    reprints: tuple[str | None, ...] = ()
    """Outlets that printed it again."""
    first: tuple[str | None, datetime | None] | None = None
    """Outlet and date of an earlier article that this one repeats."""

    def heading(self, order: Sequence[str]) -> str | None:
        """Return under which of some entries it is told."""
        return next((one for one in self.about if one in order), None)


@dataclass(slots=True)
class Found:
    """Articles that match, newest first, with what they say."""

    articles: dict[int, dict[str, Any]] = field(default_factory=dict)
    about: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    passages: dict[int, dict[str, Passage]] = field(default_factory=lambda: defaultdict(dict))
    """By article and what is named there; what was asked for itself under an empty name."""

    def passage(self, number: int) -> Passage:
        """Return the passage that says best why an article is here: what was asked for, else what
        it is most of all about, else its lead."""
        own, lead = self.passages[number], self.articles[number]["lead"]
        about = self.about_of(number)
        # A sentence on a lesser subject says less than the lead does.
        for name in ("", *about[:1], *(() if lead else about[1:])):
            if name in own:
                return own[name]
        return lead or "", ()

    def about_of(self, number: int) -> tuple[str, ...]:
        """Return what an article names, most often first."""
        return tuple(entity for entity, _ in self.about[number].most_common())


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids in portions that a database takes as parameters."""
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def find(archive: Archive, query: Query, ids: Sequence[int]) -> Found:
    """Return which of some articles a query finds; one that asks nothing finds those that name an
    initiative or programme."""
    found = Found()
    plain = query == Query()
    asked = set(query.articles)
    for part in chunks([one for one in ids if not asked or one in asked]):
        wanted = replace(query, articles=tuple(part), limit=len(part))
        if plain:
            wanted = replace(wanted, kinds=_KINDS)
        rows = {row["article_id"]: row for row in archive.articles_rows(wanted)}
        found.articles |= rows
        if not rows:
            continue
        if query.text:
            _snippets(archive, wanted, found)
        if query.actors:
            _sentences(archive, Query(articles=tuple(rows), actors=query.actors), found)
        named = Query(articles=tuple(rows), kinds=_KINDS)
        _sentences(archive, named, found, query.initiatives)
    newest = sorted(found.articles.values(), key=_when, reverse=True)
    found.articles = {row["article_id"]: row for row in newest}
    return found


def _when(row: Mapping[str, Any]) -> tuple[float, int]:
    at = row["published_at"]
    return at.timestamp() if at else 0.0, row["article_id"]


def _snippets(archive: Archive, query: Query, found: Found) -> None:
    for hit in archive.search(query).hits:
        if hit.highlights:
            found.passages[hit.article_id][""] = hit.snippet, hit.highlights


def _sentences(archive: Archive, query: Query, found: Found, preferred: Sequence[str] = ()) -> None:
    """Note what articles name, and for each the first sentence beside the title that does."""
    for row in archive.mentions_rows(query):
        number, name = row["article_id"], ""
        if not query.actors:
            name = row["entity_id"] or ""
            found.about[number][name] += _FIRST if name in preferred else 1
        if row["field"] != "title" and name not in found.passages[number]:
            start = row["sentence"].find(row["surface"])
            marks = ((start, start + len(row["surface"])),) if start >= 0 else ()
            found.passages[number][name] = row["sentence"], marks


def fold(archive: Archive, found: Found, names: Mapping[str, str], longest: int) -> list[Story]:
    """Fold articles under those that had their text first, newest story first."""
    ids = list(found.articles)
    first: dict[int, int] = {}
    for part in chunks(ids):
        first |= archive.representatives(list(part))
    printed: dict[int, list[int]] = defaultdict(list)
    for number in ids:
        printed[first.get(number, number)].append(number)
    earlier: dict[int, dict[str, Any]] = {}
    for part in chunks([one for one in printed if one not in found.articles]):
        rows = archive.articles_rows(Query(articles=tuple(part)))
        earlier |= {row["article_id"]: row for row in rows}
    stories = []
    for original, copies in printed.items():
        head = original if original in found.articles else copies[-1]
        row, before = found.articles[head], earlier.get(original)
        sentence, marks = _short(*found.passage(head), longest)
        stories.append(
            Story(
                head,
                row["title"],
                row["url"],
                outlet(row, names),
                row["published_at"],
                "" if sentence == row["title"] else sentence,
                marks,
                found.about_of(head),
                tuple(dict.fromkeys(
                    outlet(found.articles[one], names) for one in reversed(copies) if one != head
                )),
                (outlet(before, names), before["published_at"]) if before else None,
            )
        )  # fmt: skip
    return sorted(stories, key=lambda one: _when(found.articles[one.article_id]), reverse=True)


def _short(sentence: str, marks: tuple[Span, ...], longest: int) -> tuple[str, tuple[Span, ...]]:
    """Cut a sentence that is too long, around the first match."""
    if len(sentence) <= longest:
        return sentence, marks
    middle = marks[0][0] if marks else 0
    begin = max(0, min(middle - longest // 3, len(sentence) - longest))
    begin = sentence.rfind(" ", 0, begin) + 1 if begin else 0
    text = sentence[begin : begin + longest].rsplit(" ", 1)[0]
    head = "… " if begin else ""
    tail = " …" if begin + len(text) < len(sentence) else ""
    moved = [(a - begin + len(head), b - begin + len(head)) for a, b in marks]
    return f"{head}{text}{tail}", tuple(
        (a, b) for a, b in moved if a >= len(head) and b <= len(head) + len(text)
    )


def outlet(row: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    """Return the name of an article's outlet, None where nobody knows it: a file is no newspaper,
    and mails go to people who need not know the server's files."""
    return names.get(row["outlet"], row["outlet"]) or None
