"""What people decide about an archive, and what waits for them: the part of Archive for review."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from kb.archive import evidence, promises
from kb.archive.diff import RevisionDiff, revision_diff
from kb.archive.engine import reading, writing
from kb.archive.judgements import decide, items, log, queue
from kb.archive.judgements.records import Conflict, Judgement
from kb.archive.judgements.things import thing
from kb.archive.listing import Page
from kb.archive.query import Query


class Judging:
    """Judgements as methods of an archive; each is one transaction, as there."""

    engine: Engine

    def judge(
        self,
        key: str,
        verdict: str,
        values: Mapping[str, Any] | None = None,
        *,
        who: str | None = None,
        note: str | None = None,
        source: str | None = None,
        settles: bool = False,
    ) -> Judgement:
        """Add a judgement to the log; it counts at once, and in every later reading.

        Args:
            key: what it is about (see `kb.archive.judgements.records`); `review` gives keys.
            verdict: `confirm`, `reject`, `correct`, `split` (a mention), `status` (a
                commitment) of spans; `merge`, `accept`, `reject` of names, `merge` of entries.
            values: what the verdict says: corrected columns, `span`, `status`, `entity_id`, `name`.
            who: the account; without it the user of this computer.
            source: where it is to be seen, e.g. the page that reports a promise as kept.
            settles: earlier disagreement about it ends with this judgement.

        Raises:
            ConfigError: the key stands for nothing, or the verdict or a value does not fit it.
        """
        said = {"who": who, "note": note, "source": source, "settles": settles}
        with writing(self.engine) as connection:
            return decide.judge(connection, key, verdict, values or {}, **said)

    def undo(self, id: str, *, who: str | None = None, note: str | None = None) -> Judgement:
        """Reverse a judgement, or an undoing, by a new entry; the beginning of the id suffices.

        Raises:
            ConfigError: there is none of that id, several, or it is undone already.
        """
        with writing(self.engine) as connection:
            return decide.undo(connection, id, who, note)

    def judgements(
        self,
        *,
        key: str | None = None,
        who: str | None = None,
        since: datetime | None = None,
        newest: int | None = None,
    ) -> list[decide.Entry]:
        """Return entries of the log with how they stand now, oldest first; `newest`: only so many
        of the last."""
        with reading(self.engine) as connection:
            return decide.listed(connection, key=key, who=who, since=since, newest=newest)

    def conflicts(self) -> list[Conflict]:
        """Return judgements whose object is gone, or that somebody else contradicts."""
        with reading(self.engine) as connection:
            return decide.conflicts(connection)

    def export_judgements(self) -> Iterator[dict[str, Any]]:
        """Yield the whole log JSON-ready, oldest first."""
        with reading(self.engine) as connection:
            yield from (one.as_json() for one in log.entries(connection))

    def import_judgements(self, lines: Iterable[str]) -> tuple[int, int]:
        """Add the entries of an exported log (JSON lines); what is there already changes nothing.

        Returns:
            How many were added, and how many were there.

        Raises:
            ConfigError: a line is no entry; nothing of the log is added then.
        """
        entries = list(decide.from_lines(lines))
        with writing(self.engine) as connection:
            added = len(decide.add(connection, entries))
        return added, len({one.id for one in entries}) - added

    # --- what waits for a person -----------------------------------------------------------

    def review(
        self,
        *,
        why: Collection[str] = (),
        limit: int = 50,
        today: date | None = None,
        known: Collection[tuple[str, str]] = (),
    ) -> list[items.ReviewItem]:
        """Return what the reader was unsure of and what fell due, at most `limit` of each kind.

        `known` are kind and form (`kb.text.name_form`) of names that the registry in use has.

        Raises:
            ConfigError: `why` names something else than a kind of `ReviewItem`.
        """
        day = today or evidence.today()
        with reading(self.engine) as connection:
            return queue.queue(connection, why=why, limit=limit, today=day, known=known)

    def review_page(
        self,
        *,
        why: Collection[str] = (),
        skip: int = 0,
        limit: int = 50,
        today: date | None = None,
        known: Collection[tuple[str, str]] = (),
    ) -> list[items.ReviewItem]:
        """Return at most `limit` of all that `review` returns, whatever its kind, after `skip`.

        Raises:
            ConfigError: `why` names something else than a kind of `ReviewItem`.
        """
        day = today or evidence.today()
        with reading(self.engine) as connection:
            return queue.window(connection, why=why, skip=skip, limit=limit, today=day, known=known)

    def review_item(self, key: str) -> items.ReviewItem:
        """Return one thing or name that can be judged, whether it waits or not.

        Raises:
            ConfigError: the key stands for nothing.
        """
        with reading(self.engine) as connection:
            return items.named(connection, key)

    def review_article(self, article: int | str) -> list[items.ReviewItem]:
        """Return all that was read in an article (id or address), in the order of its text.

        Raises:
            ConfigError: there is no such article.
        """
        with reading(self.engine) as connection:
            return items.of_article(connection, str(article))

    def evidence(
        self, key: str, *, today: date | None = None
    ) -> tuple[list[evidence.Evidence], bool]:
        """Return later coverage of a commitment, oldest first, and whether there is silence:
        it fell due and no later article speaks of it. Of a promise that gives nothing to look by
        there is neither.

        Raises:
            ConfigError: the key is that of no commitment of a text that is there.
        """
        with reading(self.engine) as connection:
            promise = queue.promise(connection, thing(connection, key))
            found = evidence.evidence(connection, promise)
            silent = evidence.is_silent(promise, found, today or evidence.today())
            return found or [], silent

    def ledger_rows(self, query: Query, *, today: date | None = None) -> Iterator[dict[str, Any]]:
        """Yield commitments with the later coverage that is proposed as evidence, a row a piece
        (see `kb.archive.promises`); by `today` (of Vietnam, or of `as_of`) silence is judged."""
        day = promises.today_for(query, today, evidence.today())
        with reading(self.engine) as connection:
            yield from promises.ledger(connection, query, day)

    def ledger_page(self, page: Page, query: Query) -> list[dict[str, Any]]:
        """Return the ledger's rows of a page of commitments, which `page("commitments")` gave."""
        day = promises.today_for(query, None, evidence.today())
        with reading(self.engine) as connection:
            return list(promises.ledger(connection, query, day, page.rows))

    def standings(self, query: Query, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return commitments of a query, each once, with what was decided or is proposed."""
        day = promises.today_for(query, None, evidence.today())
        with reading(self.engine) as connection:
            return [row for row, _ in promises.standings(connection, query, day, rows)]

    def keys(self, article_id: int) -> dict[tuple[str, int], str]:
        """Return the key of each record of an article's current text, by part and number."""
        with reading(self.engine) as connection:
            return items.keys(connection, article_id)

    def revision_diff(self, article_id: int, a: int, b: int) -> RevisionDiff:
        """Return what changed from revision `a` of an article to revision `b`, word by word.

        Raises:
            ConfigError: the article has no such revision.
        """
        with reading(self.engine) as connection:
            return revision_diff(connection, article_id, a, b)
