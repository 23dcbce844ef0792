"""The web application: pages at `/`, JSON at `/api/v1`, its description at `/openapi.json`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from kb.archive import Archive
from kb.registry import load_registry
from kb.settings import settings
from kb.web import api, failures, pages
from kb.web.headers import SecurityHeaders
from kb.web.sources import Sources

_STATIC = Path(__file__).parent / "static"


def create_app(archive: Archive | None = None) -> FastAPI:
    """Return the application over an open archive; it stays the caller's to close.

    Without one, the archive of the settings is opened at start and closed at the end; a failure
    (ConfigError, ArchiveError) then ends the start.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        registry = load_registry(settings().registries)
        opened = archive or Archive.open()
        app.state.sources = Sources(opened, registry)
        try:
            yield
        finally:
            if archive is None:
                opened.close()

    app = FastAPI(
        title="Vietnamese press-coverage knowledge base",
        version=version("vietnamese-press-kb"),
        lifespan=lifespan,
        # Its documentation pages load scripts from elsewhere; /openapi.json says the same.
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.add_middleware(SecurityHeaders)
    failures.install(app)
    app.include_router(api.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    return app
