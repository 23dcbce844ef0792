"""`kb registry candidates`, `accept` and `reject`: names that the registry does not know yet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kb.cli.output import MOST, Format, FormatOption, errors, listing, words
from kb.errors import ConfigError
from kb.reading import KINDS
from kb.registry import OWN_FILE, registry_of
from kb.settings import settings

if TYPE_CHECKING:
    from kb.archive import Archive, Candidate

COLUMNS = (
    "kind", "name", "variants", "articles", "mentions", "outlets", "first_seen", "last_seen",
    "sentence", "url",
)  # fmt: skip
BRIEF = ("kind", "name", "articles", "mentions", "outlets", "last_seen", "sentence")
_SHOWN = 100
"""Code points of the example in a table."""
Name = Annotated[str, typer.Argument(help="The name, in any of its spellings.")]
Kind = Annotated[str, typer.Option(help="Its kind, where two kinds have this name.")]


def register(registry: typer.Typer) -> None:
    """Add the commands of this module to `kb registry`."""
    registry.command("candidates")(candidates)
    registry.command("accept")(accept)
    registry.command("reject")(reject)


def candidates(
    min_articles: Annotated[
        int, typer.Option(min=1, help="Only names that so many articles hold.")
    ] = 2,
    kind: Annotated[str, typer.Option(help="Only names of this kind.")] = "",
    on_programme: Annotated[
        bool, typer.Option("--on-programme", help="Only articles that name an initiative.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, max=MOST, help="Names to show; 0 shows all.")] = 50,
    format: FormatOption = Format.table,
) -> None:
    """List names without an entry, most articles first. / Tên chưa có trong danh mục."""
    from kb.archive import Archive

    _check(kind)
    with Archive.open(create=False) as archive:
        found = archive.candidates(
            kinds=[kind] if kind else (),
            min_articles=min_articles,
            limit=limit or None,
            known=known_names(),
            on_programme=on_programme,
        )
    rows = [_row(one, brief=format is Format.table) for one in found]
    listing(rows, BRIEF if format is Format.table else COLUMNS, format)
    errors.print(words()["candidates_found" if found else "candidates_none"])


def accept(
    name: Name,
    id: Annotated[str, typer.Option(help="Id of the entry; without it one made of the name.")] = "",
    kind: Kind = "",
    registry: Annotated[
        Path | None, typer.Option(help=f"Registry file; without it {OWN_FILE} of your folder.")
    ] = None,
    source: Annotated[
        str, typer.Option(help="Page that shows it; without it the newest article.")
    ] = "",
) -> None:
    """Make a candidate an entry of your own registry. / Đưa một tên vào danh mục."""
    from kb.archive import Archive
    from kb.archive.judgements.records import name_key
    from kb.registry import accept_name

    with Archive.open(create=False) as archive:
        one = _one(archive, name, kind)
        page = source or one.url
        chosen = settings()
        entry_id, path = accept_name(
            one.kind,
            one.variants or (one.name,),
            page,
            folder=chosen.registries or chosen.data_dir / "registries",
            path=registry,
            id=id,
            programme=words()["own_registry"],
            bundled=chosen.bundled_registry,
        )
        key, values = name_key(one.kind, one.name), {"entity_id": entry_id, "name": one.name}
        archive.judge(key, "accept", values, source=page)
    said = words()["accepted"].format(name=one.name, id=entry_id, path=path)
    errors.print(said, markup=False)


def reject(
    name: Name,
    kind: Kind = "",
    undo: Annotated[bool, typer.Option("--undo", help="Show it again.")] = False,
) -> None:
    """Keep a candidate from being shown again. / Bỏ một tên khỏi danh sách gợi ý."""
    from kb.archive import Archive
    from kb.text import name_form

    _check(kind)
    with Archive.open(create=False) as archive:
        if undo:
            keys = [(one, name_form(name)) for one in ([kind] if kind else KINDS)]
            if not archive.restore_candidates(keys):
                raise ConfigError(f"{name!r} was not rejected")
            said = words()["restored"].format(name=name)
        else:
            one = _one(archive, name, kind)
            archive.reject_candidates([one])
            said = words()["rejected"].format(name=one.name)
    errors.print(said, markup=False)


def _check(kind: str) -> None:
    if kind and kind not in KINDS:
        raise ConfigError(f"no kind {kind!r}; there are {', '.join(KINDS)}")


def known_names() -> set[tuple[str, str]]:
    """Return every name of the registry in use: what was accepted is no candidate any more."""
    from kb.registry import known_names as known

    return known(registry_of(settings()))


def _one(archive: Archive, name: str, kind: str) -> Candidate:
    """Return the candidate of a name.

    Raises:
        ConfigError: there is none, or there are several kinds of it.
    """
    _check(kind)
    found = archive.candidates(kinds=[kind] if kind else (), names=[name])
    if not found:
        raise ConfigError(f"no candidate {name!r}; `kb registry candidates` shows them")
    if len(found) > 1:
        kinds = ", ".join(one.kind for one in found)
        raise ConfigError(f"{name!r} may be {kinds}: say which with --kind")
    return found[0]


def _row(one: Candidate, *, brief: bool) -> dict[str, Any]:
    row = {name: value for name, value in asdict(one).items() if name != "article_id"}
    row["variants"] = list(one.variants)
    if brief and len(one.sentence) > _SHOWN:
        row["sentence"] = one.sentence[:_SHOWN].rsplit(" ", 1)[0] + " …"
    return row
