"""Every filter, and every field of the language of queries with all its spellings."""

from __future__ import annotations

from kb.archive.grammar import field_names
from kb.archive.params import Parameter, parameters
from scripts.reference.table import code, plain, table

_HEAD = """# Filters and fields of a query

Made from `query.yaml` and `fields.yaml` when this site was built. What they mean in detail, and
how words, phrases and signs are joined: [asking the archive](../querying.md).
"""


def query_page() -> str:
    """Return the page of filters and fields."""
    filters = table(
        ("address, JSON", "command line", "Python", "value", "what it asks for", "ý nghĩa"),
        map(_filter, parameters().values()),
    )
    fields = table(
        ("field", "may be written"),
        ([code(name), ", ".join(map(code, known))] for name, known in spellings().items()),
    )
    return f"{_HEAD}\n## Filters\n\n{filters}\n## Fields\n\n{fields}"


def spellings() -> dict[str, list[str]]:
    """Return the other ways to write each field; blanks stand for `_` as well."""
    found: dict[str, list[str]] = {}
    for written, name in field_names().items():
        others = found.setdefault(name, [])
        if written != name and " " not in written:
            others.append(written)
    return found


def _filter(one: Parameter) -> list[str]:
    value = ", ".join(map(code, one.choices)) if one.choices else one.value
    if one.many:
        value += "; several"
    only = f" ({', '.join(one.only)} only)" if one.only else ""
    return [
        code(one.param), code(one.option), code(one.python), value, plain(one.en + only),
        plain(one.vi),
    ]  # fmt: skip
