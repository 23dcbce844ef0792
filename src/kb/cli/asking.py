"""The options of a query, the same for every command that takes one, from query.yaml."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from kb.archive.params import Parameter, parameters
from kb.cli.output import errors
from kb.errors import ConfigError
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive, Query

Command = Callable[..., None]
_Options = Callable[[Command], Command]


def asks(*, words: str = "option", without: tuple[str, ...] = ()) -> _Options:
    """Give a command the options of a query; it takes what they ask for as `wanted`.

    Args:
        words: whether the text is an `argument` or an `option`.
        without: attributes of the query that make no sense for the command.
    """
    options = [_option(one, words) for one in parameters().values() if one.name not in without]

    def given(command: Command) -> Command:
        hints = get_type_hints(command, include_extras=True)
        own = [
            one.replace(annotation=hints[one.name], kind=inspect.Parameter.KEYWORD_ONLY)
            for one in inspect.signature(command).parameters.values()
            if one.name != "wanted"
        ]

        @wraps(command)
        def run(**values: Any) -> None:  # noqa: ANN401
            from kb.archive.query import Query

            asked = {
                one.name: one.read(given, one.option)
                for one in parameters().values()
                if (given := values.pop(one.name, None))
            }
            limit = {"limit": values.pop("limit")} if "limit" in values else {}
            command(Query(**asked, **limit), **values)

        # Typer reads the signature; the names of options are those of the query's attributes.
        first = [one for one in own if one.default is inspect.Parameter.empty]
        rest = [one for one in own if one not in first]
        signature = inspect.Signature([*first, *options, *rest])
        setattr(run, "__signature__", signature)  # noqa: B010
        run.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
        return run

    return given


def _option(one: Parameter, words: str) -> inspect.Parameter:
    help_ = one.en
    if one.choices and one.many:
        help_ += f": {', '.join(one.choices)}"
    if one.value in ("day", "moment"):
        help_ += " (YYYY-MM-DD)"
    if one.only:
        help_ += f" ({', '.join(one.only)} only)"
    help_ += "; may be repeated." if one.many else "."
    kind: Any = list[str] | None if one.many else str
    info: Any = typer.Option(one.option, help=help_)
    if one.name == "text":
        plain = typer.Argument(help=help_, metavar="[QUERY]")
        info = plain if words == "argument" else typer.Option("--query", "-q", help=help_)
    usual = None if one.many else one.choices[0] if one.value == "choice" else ""
    return inspect.Parameter(
        one.name, inspect.Parameter.KEYWORD_ONLY, default=usual, annotation=Annotated[kind, info]
    )


def refuse_unknown(archive: Archive, wanted: Query) -> None:
    """Tell an id that was mistyped from one that nothing was written about.

    Raises:
        ConfigError: no file declares the outlet or initiative and no article has it.
    """
    from kb.archive import Query
    from kb.outlets import load_outlets
    from kb.registry import registry_of

    for name in wanted.outlets:
        seen = archive.search(Query(outlets=(name,), limit=1)).total
        if not seen and name not in load_outlets(settings().outlets):
            raise ConfigError(f"no outlet {name}; `kb outlets list` shows them all")
    for name in wanted.initiatives:
        seen = archive.search(Query(initiatives=(name,), limit=1)).total
        if not seen and name not in registry_of(settings()).entries:
            raise ConfigError(f"no initiative {name}; `kb registry list` shows them all")


def tell(
    archive: Archive,
    wanted: Query,
    folded: bool | None = None,
    found: int | None = None,
    *,
    kind: str = "articles",
) -> str:
    """Say on stderr what of a query was not understood, or is not known to the archive.

    Args:
        folded, found, kind: see `Archive.explain`.

    Returns:
        The query in words, as it was understood.
    """
    language = settings().language
    explained = archive.explain(wanted, folded, found, kind=kind)
    for remark in explained.remarks:
        errors.print(f"? {remark.said(language)}", markup=False)
    return explained.said(language)
