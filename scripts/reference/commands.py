"""Every command with its arguments and options, from what `kb --help` itself is made of."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

from typer.main import get_command

from kb.cli.main import app
from scripts.reference.table import code, plain, table

_HEAD = """# Commands

Made from the program when this site was built. Data go to stdout, words to stderr; codes: 0 done,
1 done with failures that were reported and kept aside, 2 wrong usage or configuration. What the
commands are for: [tutorials](../tutorials/operator.md), [how-to pages](../how-to/own-files.md).
"""
_TYPES = {"str": "text", "int": "whole number", "float": "number", "Path": "path", "bool": ""}
_HEADS = ("argument or option", "value", "default", "")


def every_command() -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, as it is typed after `kb`, with what click knows."""
    yield from _below("", get_command(app))


def parameters_of(command: Any) -> list[Any]:  # noqa: ANN401 - click's, in typer's wrapping
    """Return arguments and options of a command, without `--help`, which all have."""
    return [one for one in command.params if "--help" not in one.opts and not _hidden(one)]


def spellings(parameter: Any) -> list[str]:  # noqa: ANN401
    """Return how a parameter is written: `-o`, `--output`; an argument in capitals."""
    if parameter.param_type_name == "argument":
        return [parameter.display_name_raw.strip("[]").upper()]
    return [*parameter.opts, *parameter.secondary_opts]


def commands_page() -> str:
    """Return the page of all commands."""
    return "\n".join([_HEAD, *(_section(name, command) for name, command in every_command())])


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    subs = getattr(command, "commands", None)
    if subs is None or command.invoke_without_command:
        yield name, command
    for sub, one in (subs or {}).items():
        yield from _below(f"{name} {sub}".strip(), one)


def _hidden(parameter: Any) -> bool:  # noqa: ANN401
    return bool(getattr(parameter, "hidden", False))


def _section(name: str, command: Any) -> str:  # noqa: ANN401
    known = parameters_of(command)
    arguments = [one for one in known if one.param_type_name == "argument"]
    usage = " ".join(["kb", name, *(_used(one) for one in arguments)])
    if len(arguments) < len(known):
        usage += " [OPTIONS]"
    text = f"\n## kb {name}\n\n{plain(command.help or '')}\n\n```text\n{usage}\n```\n"
    return f"{text}\n{table(_HEADS, map(_row, known))}" if known else text


def _used(argument: Any) -> str:  # noqa: ANN401
    word = spellings(argument)[0] + ("…" if argument.nargs == -1 else "")
    return word if argument.required else f"[{word}]"


def _row(one: Any) -> list[str]:  # noqa: ANN401
    named = ", ".join(code(spelling) for spelling in spellings(one))
    about = plain(one.help or "")
    if one.multiple or one.nargs == -1:
        about += "" if "repeated" in about else " Several are taken."
    return [named, _value(one), _default(one), about]


def _value(one: Any) -> str:  # noqa: ANN401
    if getattr(one, "is_flag", False):
        return ""
    type_ = one.type_descriptor.annotation
    if isinstance(type_, type) and issubclass(type_, Enum):
        return ", ".join(code(str(choice.value)) for choice in type_)
    item = (*get_args(type_), type_)[0]  # of a list what it holds
    return _TYPES[getattr(item, "__name__", "str")]


def _default(one: Any) -> str:  # noqa: ANN401
    if one.required:
        return "required"
    default = getattr(one.default, "value", one.default)
    if callable(default) or default in (None, "", (), [], False):
        return ""
    if default is True:
        return code(one.opts[0])
    return code(", ".join(map(str, default)) if isinstance(default, list | tuple) else str(default))
