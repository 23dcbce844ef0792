"""Who has or is given which role in a task, from the phrases of the administrative press.

Sentences are read by `Clauses`; what runs over several of them is kept here: points under "giao
A:", and paragraphs that go on giving orders ("Bộ trưởng Bộ B chỉ đạo …").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from kb.nlp.assignments.actors import Actor, Turn, with_institutions
from kb.nlp.assignments.bodies import with_bodies
from kb.nlp.assignments.clauses import Clauses
from kb.nlp.assignments.rules import rules
from kb.nlp.passage import Name, Passage, Sentence
from kb.reading import Assignment

_HEAD = 100
"""Characters at the head of a point within which its colon stands."""
_PAUSE = 4
"""Paragraphs that are no points, between the points of one list."""


def find_assignments(passages: Sequence[Passage]) -> list[Assignment]:
    """Return the roles that bodies (or persons) are given or take in tasks, in order.

    Args:
        passages: the fields of one article with their sentences and names.

    `start:end` of a record is the clause in its passage, from the list of actors to the end of
    the task. Several actors with one list of several tasks each get what the tasks share, marked
    ambiguous: who has which is not said.
    """
    return [found for passage in passages for found in _in_passage(passage)]


def _in_passage(passage: Passage) -> list[Assignment]:
    found: list[Assignment] = []
    signs = rules().signs(passage.text)
    if not signs:
        return found
    signs.append(len(passage.text))
    ordered = commanded = False
    giving: list[Actor] | None = None
    """After "giao A:" or "giao:", those who are told what the points below say; else None."""
    pause, carried = 0, list[Actor]()
    before: Turn | None = None
    """Who is told or does something in the sentence before."""
    numbered = False
    """Whether the sentence before is the number of a point."""
    starts = [name.start for name in passage.names]
    read = 0
    """Where the sentence before ends."""
    for sentence in passage.sentences:
        since, read = read, sentence.end
        told = signs[bisect_left(signs, sentence.start)] < sentence.end
        begins = numbered or sentence.start == 0 or passage.text[sentence.start - 1] == "\n"
        if not (told or begins or commanded or before is not None):
            continue
        text = passage.text[sentence.start : sentence.end]
        names: Sequence[Name] = passage.names[
            bisect_left(starts, since) : bisect_left(starts, sentence.end)
        ]
        bullet = 0 if numbered else None
        plain = numbered or (text[:1].isupper() and not text.startswith("Thứ "))
        mark = None if plain else rules().bullet.match(text)
        if mark is not None:
            bullet = mark.end()
            numbered = begins and bullet == len(text)  # "2." | "Sở A: …"
            if numbered:
                continue
        numbered = False
        bullet = bullet if giving is not None else None
        if begins and bullet is None:
            pause += 1
            giving = None if pause > _PAUSE else giving
        pointed = begins and ":" in text[:_HEAD] and rules().pointed.match(text) is not None
        goes_on = begins and (bullet is not None or bool(carried))
        obeys = commanded and (begins or rules().onward.match(text) is not None)
        goes_on = goes_on or (obeys and _opens(passage.text, names, sentence))
        titled = begins and _is_title(passage.text, names, sentence)
        goes_on = goes_on or (before is not None and rules().furthermore.match(text) is not None)
        if told or pointed or goes_on or titled:
            if rules().nameless.search(text):
                names = with_institutions(passage, sentence, names)
                names = with_bodies(passage, sentence, names) if told or pointed else names
            if not names and not goes_on and bullet is None and not carried:
                before = None
                continue
            clauses = Clauses(passage, sentence, names)
            clauses.commanded = obeys
            clauses.pointed, clauses.before = pointed, before
            clauses.titled = titled
            clauses.charged = giving is not None and not giving and not ordered
            clauses.carried = carried if begins else []
            heads = giving if begins and bullet is not None else None
            clauses.find(heads, bullet or 0, ordered)
            found += clauses.found
            before = clauses.last
            carried = clauses.pending if text.rstrip().endswith(";") else []
            commanded = clauses.orders if begins else commanded or clauses.orders
            if clauses.giving is not None:
                giving, ordered, pause = clauses.giving, clauses.ordered, 0
        else:
            before = None
            commanded, carried = (False, []) if begins else (commanded, carried)
    return found


def _is_title(text: str, names: Sequence[Name], sentence: Sentence) -> bool:
    """Tell whether a paragraph may be no more than names: "2. Sở A, Sở B:"."""
    return (
        bool(names)
        and names[0].kind == "org"
        and sentence.end - names[-1].end <= 1
        and text[sentence.end : sentence.end + 1] in ("", "\n")
    )


def _opens(text: str, names: Sequence[Name], sentence: Sentence) -> bool:
    """Tell whether a sentence opens with a body, which may be told what follows."""
    return (
        bool(names)
        and names[0].kind == "org"
        and bool(rules().post_head.fullmatch(text, sentence.start, names[0].start))
    )
