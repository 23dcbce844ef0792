"""`kb serve`: the pages and the API."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from os import strerror
from typing import TYPE_CHECKING, Annotated

import typer

from kb.cli.output import errors, words
from kb.errors import ConfigError
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
    from kb.registry import registry_of

    chosen = settings()
    registry_of(chosen)  # what is wrong is told here, not by the server
    with Archive.open() as archive:
        accounts = Accounts(archive.engine).exist()
    asyncio.run(_try(host, port))
    named = f"[{host}]" if ":" in host else host
    errors.print(f"http://{named}:{port}{chosen.desk_prefix}  (Ctrl+C to stop)", markup=False)
    if host not in _HERE and chosen.access != "open" and not accounts:
        errors.print(words()["serve_no_accounts"], markup=False)
    server = uvicorn.Server(uvicorn.Config(desk(), host=host, port=port, log_level="warning"))
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(1)


async def _try(host: str, port: int) -> None:
    """See that a host and port can be listened at: the server itself would end without a word.

    Raises:
        ConfigError: the host is none of this computer's; the port is taken, or may not be used.
    """
    try:
        (await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)).close()
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None) or 0  # negative: of looking up the name
        raise ConfigError(
            f"cannot listen on {host}, port {port}: {strerror(number) if number > 0 else error}; "
            "choose another port with --port, or an address of this computer with --host"
        ) from error
