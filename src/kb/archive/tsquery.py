"""Words as PostgreSQL looks for them: a tsquery of what may match, and what a text must then hold.

Without positions: GIN knows which texts have a word, not where. What is known of where frequent
words stand is asked by `positions.py`, and `match.py` puts all of it together.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    column,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from kb.archive.grammar import And, Filter, Near, Node, Not, Or, Phrase
from kb.archive.index import END, MARKS

TOP = "top"
"""Within title or lead."""
_FIELDS = {TOP: ("title", "lead")}  # every other field is one
TOKENS = table(
    "search",
    column("place"),
    column("doc"),
    column("long", Boolean),
    column("exact"),
    column("folded"),
)


def numbered(node: Node, folded: bool, *, long: bool = False) -> Select[bytes]:
    """Return a selection of one value: the numbers of the texts that match, four bytes each.

    `long`: of the long texts alone.
    """
    wanted = TOKENS.c.long if long else lexemes_match(node, folded)
    texts = select(TOKENS).where(wanted).offset(0).subquery("matching")
    looked = stands(node, folded) if long else _left(node, folded)
    numbers = select(func.string_agg(func.int4send(texts.c.doc), literal_column("''::bytea")))
    return numbers if looked is None else numbers.where(looked)


def lexemes_match(node: Node, folded: bool) -> ColumnElement[bool]:
    """Return the condition that a text may match, as the index answers it."""
    lexemes = f"search_words({'folded' if folded else 'exact'})"
    sought = cast(tsquery(node, folded), TSQUERY)
    return literal_column(lexemes).op("@@", is_comparison=True)(sought)


def tsquery(node: Node, folded: bool) -> str:
    """Return the tsquery, as text, of what may match: what has the words."""
    match node:
        case Phrase():
            return _either([_lexemes(node, name, folded) for name in _fields(node)])
        case Near(first, second):
            return f"({tsquery(first, folded)} & {tsquery(second, folded)})"
        case Not(part):
            # What has to be looked at excludes nothing yet.
            barred = f"('{END}' & !{tsquery(part, folded)})"
            return barred if decided(part) else f"'{END}'"
        case And(parts):
            return f"({' & '.join(tsquery(part, folded) for part in parts)})"
        case Or(parts):
            return _either([tsquery(part, folded) for part in parts])
        case Filter():
            raise AssertionError("filters are no words")


def decided(node: Node) -> bool:
    """Whether what the tsquery finds is what matches."""
    match node:
        case Phrase(exact):
            return len(exact) == 1
        case Near():
            return False
        case Not(part):
            return decided(part)
        case And(parts) | Or(parts):
            return all(map(decided, parts))
        case Filter():
            raise AssertionError("filters are no words")


def _left(node: Node, folded: bool) -> ColumnElement[bool] | None:
    """Return what must be true of the text of what the tsquery found."""
    if decided(node):
        return None
    if isinstance(node, And):
        found = (_left(part, folded) for part in node.parts)
        return and_(*(one for one in found if one is not None))
    return stands(node, folded)


def stands(node: Node, folded: bool) -> ColumnElement[bool]:
    """Return the condition that a text matches, without any index."""
    text = column("folded" if folded else "exact", Text)
    match node:
        case Phrase():
            chains = [f" {' '.join(_words(node, name, folded))}" for name in _fields(node)]
            end = "" if node.prefix else " "
            return or_(*(func.strpos(text, chain + end) > 0 for chain in chains))
        case Near(first, second, distance):
            near = []
            for name in _fields(first):
                a, b = (
                    " ".join(_words(one, name, folded)).replace("^", r"\^")
                    + (rf"[^ {END}]*" if one.prefix else "")
                    for one in (first, second)
                )
                gap = rf" (?:[^ {END}]+ ){{0,{distance}}}"
                near.append(f"{a}{gap}{b}|{b}{gap}{a}")
                if not (first.prefix or second.prefix):
                    shared = _overlapping(_words(first, name, folded), _words(second, name, folded))
                    near += [" ".join(chain).replace("^", r"\^") for chain in shared]
            return text.op("~", is_comparison=True)(f" (?:{'|'.join(near)}) ")
        case Not(part):
            return not_(stands(part, folded))
        case And(parts):
            return and_(*(stands(part, folded) for part in parts))
        case Or(parts):
            return or_(*(stands(part, folded) for part in parts))
        case Filter():
            raise AssertionError("filters are no words")


def _overlapping(a: list[str], b: list[str]) -> list[list[str]]:
    """Return the chains in which two phrases share words: they are near each other there, too."""
    found = []
    for start in range(1 - len(b), len(a)):
        low, high = max(0, start), min(len(a), start + len(b))
        if a[low:high] == b[low - start : high - start]:
            found.append([*b[: max(0, -start)], *a, *b[len(a) - start :]])
    return found


def _fields(node: Phrase) -> tuple[str, ...]:
    return _FIELDS.get(node.field, (node.field,))


def _words(node: Phrase, field: str, folded: bool) -> list[str]:
    return [MARKS[field] + word for word in (node.folded if folded else node.exact)]


def _lexemes(node: Phrase, field: str, folded: bool) -> str:
    words = _words(node, field, folded)
    star = ":*" if node.prefix else ""
    plain = [*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}'{star}"]
    return f"({' & '.join(dict.fromkeys(plain))})"


def _either(parts: list[str]) -> str:
    return f"({' | '.join(parts)})"
