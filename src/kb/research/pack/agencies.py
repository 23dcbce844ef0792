"""Agencies and their roles in an initiative, as the press reported them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kb.archive import Archive, Query
from kb.archive.origins import entries
from kb.research.pack.sources import Citations
from kb.text import canonical, name_form


@dataclass(frozen=True, slots=True)
class Task:
    """One role in one task; `sure` unless only the order of two lists pairs them."""

    role: str
    task: str
    sure: bool
    article_ids: tuple[int, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """Who has which roles; `name_en` where the registry knows it."""

    name: str
    name_en: str | None
    tasks: tuple[Task, ...]

    def cited(self, citations: Citations) -> Agency:
        """Return it with the numbers of its sources."""
        tasks = tuple(replace(one, numbers=citations.cite(*one.article_ids)) for one in self.tasks)
        return replace(self, tasks=tasks)


def agencies(archive: Archive, query: Query, most: int) -> list[Agency]:
    """Return agencies, those with most roles first; the same role in other words stays apart."""
    known = entries(archive.engine)
    names: dict[str, tuple[str, str | None]] = {}
    tasks: dict[str, dict[tuple[str, str], Task]] = {}
    for row in archive.assignments_rows(query):
        entry = known.get(row["actor_id"] or "")
        key = entry.id if entry else name_form(row["actor"])
        names.setdefault(key, (entry.name, entry.name_en) if entry else (row["actor"], None))
        own = tasks.setdefault(key, {})
        what = row["role"], canonical(row["task"])
        before = own.get(what)
        ids = (*before.article_ids, row["article_id"]) if before else (row["article_id"],)
        sure = not row["ambiguous"] or (before is not None and before.sure)
        text = " ".join(row["task"].split())
        own[what] = Task(row["role"], text, sure, tuple(dict.fromkeys(ids)))
    found = [Agency(*names[key], tuple(own.values())) for key, own in tasks.items()]
    found.sort(key=lambda one: (-len(one.tasks), one.name))
    return _within(found, most)


def _within(found: list[Agency], most: int) -> list[Agency]:
    """Cut the list where so many roles are reached; an agency is shown whole or not at all."""
    kept: list[Agency] = []
    count = 0
    for one in found:
        if kept and count + len(one.tasks) > most:
            break
        kept.append(one)
        count += len(one.tasks)
    return kept
