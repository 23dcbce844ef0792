"""Style, scripts and icon: asked for once, and again only when they are others."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC: Final = Path(__file__).parent / "static"
_KEPT: Final = "public, max-age=31536000, immutable"


@cache
def asset(name: str) -> str:
    """Return the address of a file of `static`, with its digest: a new file has a new address."""
    digest = hashlib.blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?v={digest}"


class Assets(StaticFiles):
    """The files of `static`; what is asked for by its digest may be kept for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file; an address without the file's digest is asked about each time."""
        found = await super().get_response(path, scope)
        version = scope["query_string"].decode("latin-1")
        whole = found.status_code in (200, 304) and asset(path).endswith(f"?{version}")
        found.headers["Cache-Control"] = _KEPT if version and whole else "no-cache"
        return found
