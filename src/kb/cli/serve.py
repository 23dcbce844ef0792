"""`kb serve`: the pages and the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.output import errors, words
from kb.settings import settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from kb.archive import Archive
    from kb.archive.following import Follow, Tried
    from kb.settings import Settings

_HERE = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve")(serve)


def desk() -> ASGIApp:
    """Return the pages and the API, able to send trials of what people follow."""
    from kb.web.app import create_app

    return create_app(trial=_trial)


def _trial(archive: Archive, chosen: Settings, one: Follow, days: int) -> Tried:
    from flows.trial import trial

    return trial(archive, chosen, one, days)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Serve the pages and the API. / Mở trang web tra cứu.

    From this computer nobody signs in; from elsewhere only accounts may (`kb accounts add`), or
    with KB_ACCESS=open everybody may read. Behind a proxy under a path: KB_DESK_PREFIX.
    """
    import uvicorn

    from kb.archive import Archive
    from kb.archive.accounts import Accounts

    errors.print(f"http://{host}:{port}{settings().desk_prefix}  (Ctrl+C to stop)")
    if host not in _HERE and settings().access != "open":
        with Archive.open() as archive:
            if not Accounts(archive.engine).exist():
                errors.print(words()["serve_no_accounts"], markup=False)
    uvicorn.run(desk(), host=host, port=port, log_level="warning")
