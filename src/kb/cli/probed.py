"""What a probe found, in words: two tables, then what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.article import VIETNAM
from kb.cli.output import Format, Row, errors, listing, words

if TYPE_CHECKING:
    from flows.probing import Check, Verdict

WORDS = "probe.yaml"
COLUMNS = ("check", "target", "result", "code", "detail", "generic", "todo")


@contextmanager
def progress() -> Iterator[Callable[[dict[str, object]], None]]:
    """Say on one line of stderr what is being asked for; yields what takes lines of the log."""
    if not errors.is_terminal:
        yield lambda line: None
        return
    with errors.status(words(file=WORDS)["asking"]) as status:
        yield lambda line: status.update(f"{line['kind']} {line['url']}")


def say(verdict: Verdict, format: Format, *, file: Path | None = None) -> None:
    """Print all checks on stdout, and on stderr what works, what does not and what to do."""
    said = words(file=WORDS)
    rows = [_row(check, said) for check in verdict.checks]
    if format is Format.table:
        names = {name: said[f"column_{name}"] for name in COLUMNS if f"column_{name}" in said}
        title = f"{verdict.outlet.name} ({verdict.outlet.id}), {verdict.outlet.home}"
        home = verdict.outlet.home.rstrip("/")
        tried = [_within(home, row) for row in rows if row["check"] != "field"]
        _table(tried, ("check", "target", "result", "detail"), names, title, said)
        read = [row for row in rows if row["check"] == "field"]
        if read:
            columns = ("target", "result", "detail", "generic")
            _table(read, columns, names, said["title_fields"], said)
    else:
        listing(rows, COLUMNS, format)
    todo = dict.fromkeys(row["todo"] for row in rows if row["todo"])
    for line in todo:
        errors.print(f"- {line}", markup=False)
    errors.print(_summary(verdict, file, said), markup=False)


def _table(
    rows: list[Row],
    columns: tuple[str, ...],
    names: dict[str, str],
    title: str,
    said: dict[str, str],
) -> None:
    shown = [
        {names[column]: said.get(f"{column}_{row[column]}", row[column]) for column in columns}
        for row in rows
    ]
    listing(shown, [names[column] for column in columns], Format.table, title=title)


def _within(home: str, row: Row) -> Row:
    """Return a row with addresses as paths of the newspaper that the title names."""
    target = row["target"].removeprefix(home) or "/" if row["target"] else ""
    return row | {"target": target, "detail": row["detail"].replace(f"{home}/", "/")}


def _row(check: Check, said: dict[str, str]) -> Row:
    facts = {name: _fact(value) for name, value in check.facts.items()}
    detail = said.get(check.code, "").format(**facts)
    if check.part == "field":
        detail = _fact(check.value)
    else:
        also = [name for name in ("gzipped", "next_page", "left_out") if check.facts.get(name)]
        detail = "; ".join([detail, *(said[f"also_{name}"] for name in also)])
    todo = "" if check.facts.get("left_out") else said.get(f"todo_{check.code}", "")
    return {
        "check": check.part,
        "target": check.target,
        "result": check.result,
        "code": check.code,
        "detail": detail,
        "generic": _fact(check.generic),
        "todo": todo.format(**facts, target=check.target),
    }


def _fact(value: Any) -> str:  # noqa: ANN401
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
        case tuple() | list():
            return ", ".join(str(each) for each in value)
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _summary(verdict: Verdict, file: Path | None, said: dict[str, str]) -> str:
    counts = Counter(check.result for check in verdict.checks)
    line = said["summary"].format(ok=counts["ok"], note=counts["note"], failed=counts["failed"])
    if verdict.draft is not None:
        return f"{line} {said['drafted'].format(file=file)}"
    if file is not None:
        return f"{line} {said['not_drafted']}"
    if not verdict.works:
        return f"{line} {said['not_ready']}"
    return line if verdict.outlet.enabled else f"{line} {said['ready']}"
