"""Bodies that nobody knows by name, as their heads and the words after them give them away.

"Liên chi đoàn Khoa Tài chính", "Cục Quản lý xuất nhập cảnh": who is told to do something is named
with a head (`bodies` in `verbs.yaml`), and the name ends where the sentence goes on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from kb.nlp.assignments.rules import rules
from kb.nlp.passage import Name, Passage, Sentence

_WORDS = 3
"""Words that such a name has at least."""


def with_bodies(passage: Passage, sentence: Sentence, names: Sequence[Name]) -> list[Name]:
    """Add bodies where no name of one stands.

    Args:
        names: those that begin in the sentence, in order.

    A place within belongs to the body, any other name ends it.
    """
    kept = _stand_ins(passage, sentence, _rows(passage, sentence, names))
    for match in rules().of_field.finditer(passage.text, sentence.start, sentence.end):
        start, end = match.span()
        inside = [one for one in kept if one.start < end and start < one.end]
        if not any(one.start <= start or one.end > end for one in inside):
            found = Name(start, end, "org", None, match.group(), "institution", 1.0)
            kept = [one for one in kept if one not in inside] + [found]
    for match in rules().bodies.finditer(passage.text, sentence.start, sentence.end):
        start, end = match.span()
        inside = [one for one in kept if one.start < end and start < one.end]
        cut = [one for one in inside if one.start == start and _cut_off(one)]
        kept = [one for one in kept if one not in cut]
        inside = [one for one in inside if one not in cut]
        if any(one.start <= start for one in inside):
            continue
        end = min([end, *(one.start for one in inside if one.kind != "place")])
        said = passage.text[start:end].rstrip(" ,-").removesuffix(" và")
        last = start + len(said)
        if len(said.split()) < _WORDS or any(one.start < last < one.end for one in inside):
            continue
        found = Name(start, last, "org", None, said, "institution", 1.0)
        kept = [one for one in kept if one.start >= last or one.end <= start] + [found]
    return _whole(passage.text, sorted(kept, key=lambda one: one.start))


def _whole(text: str, names: Sequence[Name]) -> list[Name]:
    """Return bodies with what follows in small letters up to their verb or place.

    "Cục Nghệ thuật | biểu diễn chủ trì", "Trung tâm Bảo tồn Di tích | cố đô Huế".
    """
    found: list[Name] = []
    for name in names:
        last = found[-1] if found else None
        if last is not None and _goes_on(text, last, name):
            found[-1] = replace(last, end=name.end, name=text[last.start : name.end])
        elif name.kind == "org" and (rest := rules().rest.match(text, name.end)):
            own = text[name.start : rest.end()]
            found.append(replace(name, end=rest.end(), name=own, entity_id=None))
        else:
            found.append(name)
    return found


def _goes_on(text: str, body: Name, place: Name) -> bool:
    """Tell whether a place ends the name of a body that nobody knows."""
    known = body.kind != "org" or body.entity_id is not None or place.kind != "place"
    between = None if known else rules().up_to_place.fullmatch(text, body.end, place.start)
    return between is not None


def _cut_off(name: Name) -> bool:
    """Tell whether a name ends in a word after which it goes on ("Trung tâm Hỗ trợ …")."""
    return name.entity_id is None and rules().cut_off.search(name.name.lower()) is not None


def _rows(passage: Passage, sentence: Sentence, names: Sequence[Name]) -> list[Name]:
    """Add the members of "các Sở: Y tế, Du lịch", each with the head that they share."""
    kept = list(names)
    for match in rules().row.finditer(passage.text, sentence.start, sentence.end):
        head = match["head"].capitalize()
        first, last = match.span("row")
        kept = [one for one in kept if one.end <= match.start() or one.start >= last]
        for field in rules().field.finditer(passage.text, first, last):
            name = f"{head} {field.group()}"
            kept.append(Name(*field.span(), "org", None, name, "coordinated", 1.0))
    return sorted(kept, key=lambda one: one.start)


def _stand_ins(passage: Passage, sentence: Sentence, names: Sequence[Name]) -> list[Name]:
    """Add what stands for a body named before: "Sở sẽ phối hợp với …", "cơ quan này chủ trì"."""
    kept = list(names)
    for match in rules().stands.finditer(passage.text, sentence.start, sentence.end):
        start, end = match.span()
        if any(one.start < end and start < one.end for one in kept):
            continue
        head = f"{match['head']} " if match["head"] else ""
        before = bisect_left(passage.names, start, key=lambda one: one.start)
        for one in reversed(passage.names[:before]):
            if one.kind == "org" and one.name.startswith(head):
                kept.append(replace(one, start=start, end=end))
                break
    return sorted(kept, key=lambda one: one.start)
