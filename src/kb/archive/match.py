"""A query tree as SQL: FTS5 expressions on SQLite, tsquery on PostgreSQL, the same answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    column,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)

from kb.archive import tables
from kb.archive.filters import Filters
from kb.archive.grammar import And, Filter, Near, Node, Not, Or, Phrase, leaves
from kb.archive.index import EVERY
from kb.archive.positions import Positions
from kb.archive.tsquery import TOKENS, TOP, decided, lexemes_match, stands

_MOST_LEAVES = 40  # of a query that is ranked; beyond it newest first is as good an order
_TABLES = {name: table(name, column("rowid")) for name in ("search_exact", "search_folded")}


@dataclass(frozen=True, slots=True)
class Source:
    """Where places come from: `place` for ranges and order, `held` to be compared with sets."""

    table: FromClause
    place: ColumnElement[int]
    held: ColumnElement[int]
    condition: ColumnElement[bool] | None = None
    """What it holds too much."""
    check: ColumnElement[bool] | None = None
    """What costs a look at the text, for those that fulfil all else."""
    entity: bool = False
    """Whether these are the places of the first entity that is asked for."""
    counted: Select[int] | None = None
    """How many places these are, if nothing else is asked; cheaper than to count them."""


def text_source(
    node: Node, folded: bool, dialect: str, positions: Positions | None = None
) -> Source:
    """Return the places of articles whose words match; the tree has no filters.

    Args:
        positions: what PostgreSQL keeps of frequent words; without, texts are looked at instead.
    """
    if dialect == "sqlite":
        name = "search_folded" if folded else "search_exact"
        found = _TABLES[name]
        matching = literal_column(name).op("MATCH", is_comparison=True)(fts5(node, folded))
        # With a plus: else SQLite goes through the set and looks each place up in the index.
        held: ColumnElement[int] = literal_column(f"+{name}.rowid")
        return Source(found, found.c.rowid, held, matching)
    if positions is not None and _known_whole(node, folded, positions):
        there = select(TOKENS).where(positions.holds(node, folded, TOKENS.c.doc))
        texts = there.offset(0).subquery("matching")
        return Source(texts, texts.c.place, texts.c.place)
    words = lexemes_match(node, folded)
    # Behind a fence: else the planner may go through another table and compute lexemes row by row.
    fenced = select(TOKENS).where(words).offset(0).subquery("matching")
    known, looked = _check(node, folded, positions)
    counted = None
    if known is None and looked is None:
        # Of no column: where PostgreSQL knows that all may see a page, it does not read it.
        counted = select(func.count()).select_from(TOKENS).where(words)
    return Source(fenced, fenced.c.place, fenced.c.place, known, looked, counted=counted)


def matches(node: Node, folded: bool, dialect: str) -> ColumnElement[bool]:
    """Return the condition that an article's current text matches; the tree has no filters."""
    return tables.article.c.place.in_(matching(node, folded, dialect))


def matching(
    node: Node,
    folded: bool,
    dialect: str,
    at: int | None = None,
    positions: Positions | None = None,
    *,
    since: int | None = None,
) -> Select[int]:
    """Return a selection of the places whose words match, of all, of one, or `since` a place."""
    source = text_source(node, folded, dialect, positions)
    wanted = [one for one in (source.condition, source.check) if one is not None]
    if at is not None:
        wanted.append(source.place == at)
    if since is not None:
        wanted.append(source.place >= since)
    return select(source.place).where(*wanted)


def split(node: Node) -> tuple[Node | None, list[Node]]:
    """Return what is words alone, and the parts of a conjunction that ask for more."""
    parts = node.parts if isinstance(node, And) else (node,)
    other = [part for part in parts if any(isinstance(leaf, Filter) for leaf in leaves(part))]
    words = [part for part in parts if part not in other]
    if len(words) > 1:
        return And(tuple(words)), other
    return (words[0] if words else None), other


def holds(
    node: Node,
    folded: bool,
    dialect: str,
    place: ColumnElement[int],
    filters: Filters,
    positions: Positions | None = None,
) -> ColumnElement[bool]:
    """Return the condition that a place matches; by sets, where words and filters are mixed."""
    if not any(isinstance(leaf, Filter) for leaf in leaves(node)):
        return place.in_(matching(node, folded, dialect, None, positions))

    def part_holds(part: Node) -> ColumnElement[bool]:
        return holds(part, folded, dialect, place, filters, positions)

    match node:
        case Filter(name, value):
            return filters.condition(name, value, place)
        case And(parts):
            return and_(*map(part_holds, parts))
        case Or(parts):
            return or_(*map(part_holds, parts))
        case Not(part):
            return not_(part_holds(part))
        case Phrase() | Near():
            raise AssertionError("words alone were matched above")


def tiers(node: Node) -> list[Node]:
    """Return ever weaker queries, the last one the query itself: in this order hits are ranked.

    All of it in the title, then in title and lead, then anywhere; words that were typed without
    quotation marks come first where they follow each other, as the syllables of a name do.
    """
    if sum(1 for _ in leaves(node)) > _MOST_LEAVES:
        return [node]
    steps = [within(node, "title"), within(node, TOP), node]
    if isinstance(node, And) and all(
        isinstance(part, Phrase) and not part.field for part in node.parts
    ):
        parts = [part for part in node.parts if isinstance(part, Phrase)]
        if not any(part.prefix for part in parts[:-1]):
            joined = Phrase(
                tuple(word for part in parts for word in part.exact),
                tuple(word for part in parts for word in part.folded),
                parts[-1].prefix,
            )
            title, top, _ = steps
            steps = [within(joined, "title"), title, within(joined, TOP), joined, top, node]
    return list(dict.fromkeys(steps))


def without(node: Node, others: Sequence[Node]) -> Node:
    """Return what matches a query and none of the others."""
    return And((node, *(Not(one) for one in others)))


def within(node: Node, field: str) -> Node:
    """Return a tree whose wanted words stand in a field; what is excluded stays so anywhere."""
    match node:
        case Phrase(exact, folded, prefix, own):
            return Phrase(exact, folded, prefix, own or field)
        case Near(first, second, distance):
            if first.field or second.field:
                return node
            return Near(_in(first, field), _in(second, field), distance)
        case And(parts):
            return And(tuple(within(part, field) for part in parts))
        case Or(parts):
            return Or(tuple(within(part, field) for part in parts))
        case Not() | Filter():
            return node


def _in(node: Phrase, field: str) -> Phrase:
    return Phrase(node.exact, node.folded, node.prefix, field)


# --- SQLite --------------------------------------------------------------------------------

_COLUMNS = {"": "", "title": "{title} : ", "lead": "{lead} : ", TOP: "{title lead} : "}


def fts5(node: Node, folded: bool) -> str:
    """Return the FTS5 expression, in parentheses."""
    match node:
        case Phrase():
            return f"({_COLUMNS[node.field]}{_phrase(node, folded)})"
        case Near(first, second, distance):
            both = f"{_phrase(first, folded)} {_phrase(second, folded)}"
            near = f"NEAR({both}, {distance})"
            return f"({_COLUMNS[first.field]}{near})"
        case Not(part):
            return f'("{EVERY}" NOT {fts5(part, folded)})'
        case Or(parts):
            return f"({' OR '.join(fts5(part, folded) for part in parts)})"
        case And(parts):
            needed = [fts5(part, folded) for part in parts if not isinstance(part, Not)]
            barred = [fts5(part.part, folded) for part in parts if isinstance(part, Not)]
            expression = f"({' AND '.join(needed or [EVERY_ROW])})"
            return f"({expression} NOT ({' OR '.join(barred)}))" if barred else expression
        case Filter():
            raise AssertionError("filters are no words")


EVERY_ROW = f'"{EVERY}"'


def _phrase(node: Phrase, folded: bool) -> str:
    words = " ".join(node.folded if folded else node.exact)
    return f'"{words}" *' if node.prefix else f'"{words}"'


# --- PostgreSQL ----------------------------------------------------------------------------


def _known_whole(node: Node, folded: bool, positions: Positions) -> bool:
    """Whether positions say best what matches: not where words alone decide a part of it."""
    match node:
        case And(parts):
            return all(_known_whole(part, folded, positions) for part in parts)
        case Not(part):
            return not decided(part) or _known_whole(part, folded, positions)
        case Or():
            return not decided(node)
    return positions.knows(node, folded) and not decided(node)


_Check = tuple[ColumnElement[bool] | None, ColumnElement[bool] | None]


def _check(node: Node, folded: bool, positions: Positions | None) -> _Check:
    """Return what else must be true of what the tsquery found: by its number, and by its text."""
    if decided(node):
        return None, None
    match node:
        case And(parts):
            found = [_check(part, folded, positions) for part in parts]
            known, looked = ([one for one in column if one is not None]
                             for column in zip(*found, strict=True))  # fmt: skip
            return and_(*known) if known else None, and_(*looked) if looked else None
        case Phrase() | Near() if positions is None or not positions.knows(node, folded):
            return None, stands(node, folded)
        case Not(part) if positions is not None:
            return not_(positions.holds(part, folded, column("doc", Integer))), None
    if positions is None:
        return None, stands(node, folded)
    return positions.holds(node, folded, column("doc", Integer)), None
