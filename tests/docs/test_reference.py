"""What is not documented fails: commands, options, settings, columns, filters, fields, names."""

from __future__ import annotations

import importlib
import inspect
import re
from functools import cache
from itertools import chain
from typing import Any

import pytest

from kb.archive import Archive
from kb.archive.grammar import field_names
from kb.archive.params import parameters
from kb.research import Desk
from kb.settings import Settings
from kb.web import create_app
from scripts.reference import PAGES
from scripts.reference.columns import kinds
from scripts.reference.commands import every_command, parameters_of, spellings
from scripts.reference.settings import variable
from scripts.reference.table import code, plain
from tests.docs.page import DOCS, ROOT

COMMANDS = dict(every_command())
WRITTEN = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
}
"""The pages that people wrote, by their path."""
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.S)


@cache
def made(page: str) -> str:
    """Return a page that is made from the program."""
    return PAGES[page]()


def section(page: str, head: str) -> str:
    """Return what stands under a heading of a page that is made."""
    _, _, rest = made(page).partition(f"\n## {head}\n")
    return rest.partition("\n## ")[0]


# --- commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_in_both_languages(name: str) -> None:
    said = " ".join((COMMANDS[name].help or "").split())
    english, _, vietnamese = said.partition(" / ")
    assert english and vietnamese, f"kb {name}: {said!r}"
    assert plain(said) in section("commands.md", f"kb {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    rows = section("commands.md", f"kb {name}")
    for one in parameters_of(COMMANDS[name]):
        assert one.help, f"kb {name}: {spellings(one)} has no help"
        assert plain(one.help) in rows
        assert all(code(spelling) in rows for spelling in spellings(one))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_a_page_that_somebody_wrote(name: str) -> None:
    pattern = re.compile(rf"\bkb {name}\b")
    assert any(pattern.search(found) for text in WRITTEN.values() for found in CODE.findall(text))


def used() -> list[tuple[str, str, str]]:
    """Return page, command and option wherever an option is written behind its command."""
    found = []
    for page, text in WRITTEN.items():
        lines = chain.from_iterable(part.strip("`").splitlines() for part in CODE.findall(text))
        for line in lines:
            for call in re.split(r"[|;&]|\$\(", re.sub(r"(^|\s)#.*", "", line)):
                if not (match := re.search(r"(?:^|[\s/])kb ([a-z].*)", call)):
                    continue
                name = max((one for one in COMMANDS if f"{match[1]} ".startswith(f"{one} ")),
                           key=len, default="")  # fmt: skip
                options = re.findall(r"(?:^|[\s\[])(--?[a-z][a-z-]*)", match[1])
                found += [(page, name, option) for option in options if name]
    return found


def test_every_option_that_a_page_names_is_one_of_its_command() -> None:
    named = used()
    assert len(named) > 100
    wrong = {
        (page, f"kb {name} {option}")
        for page, name, option in named
        if option not in {word for one in parameters_of(COMMANDS[name]) for word in spellings(one)}
    }
    assert wrong == set()


def test_every_command_that_a_page_names_is_one() -> None:
    groups = {name.split()[0] for name in COMMANDS if " " in name}
    calls = re.compile(r"(?:^|[\s`/])kb ([a-z][a-z-]*)(?: ([a-z][a-z-]*)\b)?", re.M)
    for page, text in WRITTEN.items():
        for first, second in calls.findall("\n".join(CODE.findall(text))):
            whole = f"{first} {second}".strip()
            alone = COMMANDS.keys() - groups if second else groups
            assert whole in COMMANDS or first in alone, f"{page}: kb {whole}"


def test_every_make_target_that_a_page_names_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    named = {
        target
        for text in WRITTEN.values()
        for part in CODE.findall(text)
        for target in re.findall(r"\bmake ([a-z]+)", part)
    }
    assert {"run", "test", "docs", "score"} <= named <= targets


# --- settings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    meaning = Settings.model_fields[name].description
    assert meaning, f"{variable(name)} has no docstring in kb.settings"
    assert f"{code(variable(name))} |" in made("settings.md")
    assert plain(meaning) in made("settings.md")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_a_page_that_somebody_wrote(name: str) -> None:
    assert any(re.search(rf"\b{variable(name)}\b", text) for text in WRITTEN.values())


def test_every_setting_that_a_page_names_is_one() -> None:
    known = {variable(name) for name in Settings.model_fields}
    named = {word for text in WRITTEN.values() for word in re.findall(r"\bKB_[A-Z_]+\b", text)}
    assert named - known == set()


# --- columns, filters, fields, addresses ------------------------------------------------------


@pytest.mark.parametrize("kind", [name for name, _ in kinds()])
def test_every_column_is_documented_in_both_languages(kind: str) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section("columns.md", kind).splitlines()
        if line.startswith("| <code>")
    ]
    assert [row[0] for row in rows] == [code(column) for column in dict(kinds())[kind].columns]
    assert all(len(row) == 5 and all(row) for row in rows)
    assert any(re.search(rf"`{kind}`", text) for text in WRITTEN.values())


@pytest.mark.parametrize("name", parameters())
def test_every_filter_is_documented_in_both_languages(name: str) -> None:
    one = parameters()[name]
    assert one.en and one.vi
    (row,) = [
        line for line in section("query.md", "Filters").splitlines()
        if line.startswith(f"| {code(one.param)} |")
    ]  # fmt: skip
    assert all(part in row for part in (code(one.option), code(one.python), plain(one.vi)))
    assert f"`{one.param}`" in WRITTEN["docs/querying.md"]


@pytest.mark.parametrize("name", sorted(set(field_names().values())))
def test_every_field_is_documented(name: str) -> None:
    rows = section("query.md", "Fields")
    (row,) = [line for line in rows.splitlines() if line.startswith(f"| {code(name)} |")]
    others = [one for one, field in field_names().items() if field == name and " " not in one]
    assert all(code(one) in row for one in others)
    assert f"`{name}`" in WRITTEN["docs/querying.md"]


@pytest.mark.parametrize("path", create_app().openapi()["paths"])
def test_every_address_and_parameter_of_the_api_is_documented(path: str) -> None:
    said: dict[str, Any] = create_app().openapi()["paths"][path]["get"]
    text = section("api.md", path)
    assert said.get("description") or said.get("summary")
    assert all(f"| {code(one['name'])} |" in text for one in said.get("parameters", ()))
    assert f"`{path}`" in WRITTEN["docs/querying.md"]


# --- Python -----------------------------------------------------------------------------------


@pytest.mark.parametrize("module", ["kb", "kb.research"])
def test_every_public_name_is_in_the_reference(module: str) -> None:
    text = WRITTEN["docs/reference/python.md"]
    names = importlib.import_module(module).__all__
    missing = {name for name in names if not re.search(rf"\b{name}\b", text)}
    assert missing == set()


@pytest.mark.parametrize("owner", [Desk, Archive])
def test_every_public_method_has_a_docstring(owner: type) -> None:
    public = {
        name: one for name, one in inspect.getmembers(owner) if not name.startswith("_")
    }  # fmt: skip
    assert len(public) > 10
    assert [name for name, one in public.items() if not inspect.getdoc(one)] == []
