"""Is the archive whole? Every fact against its text, every number against what it stands for.

Streamed: memory does not grow with the archive. Captures lie outside it: `flows.checking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select

from kb.archive import tables
from kb.archive.content import Progress, pages, reference, silent, size
from kb.archive.engine import is_read_only, reading, stream, writing
from kb.archive.fulltext import out_of_step
from kb.archive.grammar import Phrase
from kb.archive.match import matching
from kb.archive.records import CaptureRow
from kb.article import FIELDS, Article
from kb.errors import ArchiveError
from kb.text import token_strings

_PAGE = 500
_SHOWN = 5
_SAMPLE = 100
"""Articles that are looked for by the words of their title."""
_RESTORE, _REINDEX, _WRITABLE = "restore", "reindex", "writable"
_CLOSED = "its inside was not checked: the archive is read-only"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: `advice` is what to do where something is wrong: `restore` a backup
    (or rebuild from captures), `reindex`, or `recover` captures; or, where nothing is wrong but
    not all could be looked at, `writable`; empty if all is well."""

    check: str
    wrong: int
    """How many things are wrong; 0: all is well."""
    detail: str
    advice: str = ""

    @property
    def partial(self) -> bool:
        """Whether nothing is wrong as far as it could be looked at."""
        return bool(self.advice) and not self.wrong


@dataclass(slots=True)
class Faults:
    """Faults counted, the first of them kept to be shown."""

    count: int = 0
    shown: list[str] | None = None

    def add(self, what: str) -> None:
        """Count one."""
        self.count += 1
        self.shown = [*(self.shown or []), what][:_SHOWN]

    def finding(self, check: str, looked_at: str, advice: str) -> Finding:
        """Return what to report."""
        if not self.count:
            return Finding(check, 0, looked_at)
        more = "; …" if self.count > _SHOWN else ""
        detail = f"{self.count} of {looked_at}: {'; '.join(self.shown or [])}{more}"
        return Finding(check, self.count, detail, advice)


def check(engine: Engine, *, quick: bool = False, progress: Progress = silent) -> Iterator[Finding]:
    """Yield what each check finds, the ones that are done soon first.

    Args:
        quick: leave out what reads every text and fact.
    """
    parts: dict[str, Callable[[], Finding]] = {
        "database": lambda: _database(engine, quick),
        "articles": lambda: _read(engine, _articles),
        "references": lambda: _read(engine, lambda c: _references(c, quick, progress)),
        "index": lambda: _index(engine, quick),
        "counts": lambda: _read(engine, lambda c: _counts(c, quick)),
    }
    if not quick:
        parts["texts and facts"] = lambda: _read(engine, lambda c: _texts(c, progress))
    for name, part in parts.items():
        try:
            yield replace(part(), check=name)
        except ArchiveError as error:
            yield Finding(name, 1, str(error), _RESTORE)


def captures(connection: Connection) -> Iterator[CaptureRow]:
    """Yield what was captured into WARC files, file by file in their order."""
    c = tables.capture.c
    names = [field.name for field in fields(CaptureRow)]
    query = select(*(c[name] for name in names)).where(c.warc.is_not(None), c.offset.is_not(None))
    for row in stream(connection, query.order_by(c.warc, c.offset)):
        yield CaptureRow(**row)


def counts(engine: Engine) -> Finding:
    """See that the tables for counting hold what they count, each mention included."""
    return replace(_read(engine, lambda c: _counts(c, False)), check="counts")


def _read(engine: Engine, part: Callable[[Connection], Finding]) -> Finding:
    with reading(engine) as connection:
        return part(connection)


def _database(engine: Engine, quick: bool) -> Finding:
    if engine.dialect.name != "sqlite":
        return Finding("", 0, "PostgreSQL sees to its own pages")
    pragma = "quick_check" if quick else "integrity_check"
    with reading(engine) as connection:
        answer = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {pragma}({_SHOWN})")]
    if answer == ["ok"]:
        return Finding("", 0, f"SQLite's {pragma} finds nothing wrong")
    said = "; ".join(line.replace("\n", " ") for line in answer)
    return Finding("", len(answer), f"damaged pages: {said}", _RESTORE)


def _articles(connection: Connection) -> Finding:
    """See that articles count their revisions and show one of their own."""
    article, revision = tables.article.c, tables.revision.c
    faults = Faults()
    foreign = (
        select(article.key)
        .outerjoin_from(tables.article, tables.revision, revision.id == article.revision_id)
        .where(revision.article_id.is_distinct_from(article.id))
    )
    for (key,) in connection.execute(foreign.limit(_PAGE)):
        faults.add(f"{key} shows no revision of its own")
    counted = (
        select(revision.article_id, func.count().label("n"), func.max(revision.number).label("m"))
        .group_by(revision.article_id)
        .subquery()
    )
    miscounted = (
        select(article.key)
        .outerjoin_from(tables.article, counted, counted.c.article_id == article.id)
        .where(
            counted.c.n.is_distinct_from(article.revisions)
            | counted.c.m.is_distinct_from(article.revisions)
        )
    )
    for (key,) in connection.execute(miscounted.limit(_PAGE)):
        faults.add(f"{key} miscounts its revisions")
    return faults.finding("", f"{size(connection, tables.article)} articles", _RESTORE)


def _references(connection: Connection, quick: bool, progress: Progress) -> Finding:
    """See that every number of another row has that row."""
    faults, looked_at = Faults(), 0
    wanted = [
        (table, column, target)
        for table in tables.metadata.sorted_tables
        if not (quick and _is_read(table))
        for column in table.columns
        for target in {reference(column), *(key.column for key in column.foreign_keys)}
        if target is not None
    ]
    for number, (table, column, target) in enumerate(wanted):
        progress("references", number, len(wanted))
        to = target.table.alias()
        lost = (
            select(func.count(), func.min(column))
            .outerjoin_from(table, to, to.c[target.name] == column)
            .where(to.c[target.name].is_(None), column.is_not(None))
        )
        count, first = connection.execute(lost).one()
        looked_at += 1
        if count:
            faults.add(
                f"{table.name}.{column.name}: {count} rows without their {target.table.name}, "
                f"the first {first}"
            )
    return faults.finding("", f"{looked_at} references between tables", _RESTORE)


def _index(engine: Engine, quick: bool) -> Finding:
    """See that the full-text index has each article, nothing else, and finds what it should.

    SQLite checks the inside of one by an order that writes nothing and yet needs the right to.
    """
    faults, closed = Faults(), False
    with reading(engine) as connection:
        total = size(connection, tables.article)
        for fault in out_of_step(connection, _PAGE):
            faults.add(fault)
        if not faults.count:
            for key in _not_found(connection):
                faults.add(f"it does not find {key} by its title")
    if engine.dialect.name == "sqlite" and not quick:
        for name in ("search_exact", "search_folded"):
            try:
                with writing(engine) as connection:
                    order = f"INSERT INTO {name} ({name}) VALUES ('integrity-check')"
                    connection.exec_driver_sql(order)
            except ArchiveError as error:
                closed = is_read_only(error)
                if not closed:
                    faults.add(str(error))
    found = faults.finding("", f"{total} articles", _REINDEX)
    if closed and not found.wrong:
        return replace(found, detail=f"{found.detail}; {_CLOSED}", advice=_WRITABLE)
    return found


def _not_found(connection: Connection) -> Iterator[str]:
    """Yield articles, of some from all over the archive, that their titles do not find."""
    c = tables.article.c
    last = connection.execute(select(func.max(c.id))).scalar() or 0
    step = max(1, last // _SAMPLE)
    rows = connection.execute(select(c.place, c.key, c.title).where(c.id % step == 0)).all()
    for place, key, title in rows:
        exact, folded = (tuple(part[:4]) for part in token_strings(title))
        if not exact:
            continue
        here = matching(Phrase(exact, folded), False, connection.dialect.name, place)
        if connection.execute(here).first() is None:
            yield key


def _counts(connection: Connection, quick: bool) -> Finding:
    """See that the tables for counting hold as much as what they count."""
    article, tally, mention = tables.article.c, tables.tally.c, tables.mention.c
    total = size(connection, tables.article)
    faults = Faults()
    if (facets := size(connection, tables.facet)) != total:
        faults.add(f"facets of {facets} articles")
    by_outlet = select(func.coalesce(article.outlet, ""), func.count()).group_by(article.outlet)
    tallied = select(tally.outlet, func.sum(tally.articles)).group_by(tally.outlet)
    wanted = {name: int(n) for name, n in connection.execute(by_outlet)}
    found = {name: int(n) for name, n in connection.execute(tallied)}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name, 0) != found.get(name, 0):
            faults.add(f"{found.get(name, 0)} articles of {name or 'no outlet'} are tallied")
    if not quick:
        current = tables.mention.join(tables.article, article.revision_id == mention.revision_id)
        there = connection.execute(select(func.count()).select_from(current)).scalar() or 0
        counted = connection.execute(select(func.sum(tables.appearance.c.mentions))).scalar() or 0
        if int(there) != int(counted):
            faults.add(f"{counted} of {there} mentions are counted")
    return faults.finding("", f"{total} articles", _REINDEX)


# --- texts and facts -------------------------------------------------------------------------


def _is_read(table: Table) -> bool:
    return {"revision_id", "field", "start", "end"} <= set(table.c.keys())


def _texts(connection: Connection, progress: Progress) -> Finding:
    """Hash every text again, and look at every span in it."""
    revision = tables.revision
    faults, facts = Faults(), 0
    total, done = size(connection, revision), 0
    progress("texts and facts", 0, total)
    read = [table for table in tables.metadata.sorted_tables if _is_read(table)]
    for page in pages(connection, select(revision).order_by(revision.c.id), _PAGE):
        texts = {row.id: _article(row._mapping) for row in page}  # type: ignore[attr-defined]
        for row in page:
            if texts[row.id].content_hash != row.content_hash:  # type: ignore[attr-defined]
                faults.add(f"revision {row.id} is not the text that was stored")  # type: ignore[attr-defined]
        for table in read:
            span = table.c.revision_id.between(min(texts), max(texts))
            for part in pages(connection, select(table).where(span)):
                for fact in part:
                    facts += 1
                    values = fact._mapping  # type: ignore[attr-defined]
                    fault = _fault(values, texts.get(values["revision_id"]))
                    if fault:
                        key = f"{table.name} {values['number']} of revision"
                        faults.add(f"{key} {values['revision_id']} {fault}")
        done += len(page)
        progress("texts and facts", done, total)
    return faults.finding("", f"{total} texts and {facts} facts in them", _RESTORE)


def _article(row: Mapping[str, Any]) -> Article:
    published: datetime | None = row["published_at"]
    texts = {name: row[name] for name in FIELDS}
    return Article(**texts, authors=tuple(row["authors"]), published_at=published)


def _fault(fact: Mapping[str, Any], article: Article | None) -> str | None:
    """Return what is wrong with a fact's place in its text."""
    if article is None:
        return "has no text"
    text, start, end = article.text(fact["field"]), fact["start"], fact["end"]
    if not 0 <= start < end <= len(text):
        return f"lies outside its {fact['field']}"
    said = fact.get("surface", fact.get("text"))
    if said is not None and text[start:end] != said:
        return f"is not what stands at {fact['field']} {start}:{end}"
    if "sentence_start" in fact:
        first, last = fact["sentence_start"], fact["sentence_end"]
        if not 0 <= first <= start < end <= last <= len(text):
            return "lies outside its sentence"
    return None
