"""The web application: pages at `/`, JSON at `/api/v1`, its description at `/openapi.json`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from kb.archive import Archive
from kb.registry import registry_of
from kb.settings import settings
from kb.web import (
    access,
    api,
    comparing,
    entries,
    exporting,
    failures,
    feed,
    figures,
    following,
    history,
    items,
    metrics,
    nights,
    pages,
    reviewing,
    searching,
    story,
    today,
    unapi,
)
from kb.web.assets import STATIC, Assets
from kb.web.compress import Compressed
from kb.web.headers import SecurityHeaders
from kb.web.prefix import Prefix
from kb.web.rate import Limits
from kb.web.sources import Sources
from kb.web.trying import Trial


def create_app(archive: Archive | None = None, trial: Trial | None = None) -> FastAPI:
    """Return the application over an open archive; it stays the caller's to close.

    Without one, the archive of the settings is opened at start and closed at the end; a failure
    (ConfigError, ArchiveError) then ends the start. `trial` sends trials of what people follow;
    without it no page offers that.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        registry = registry_of(settings())
        opened = archive or Archive.open()
        app.state.sources = Sources(opened, registry)
        app.state.trial = trial
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
    app.add_middleware(access.Guard)
    app.add_middleware(Limits, rate=settings().api_rate)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Compressed)
    app.add_middleware(Prefix, prefix=settings().desk_prefix)
    failures.install(app)
    app.include_router(access.router)
    app.include_router(items.router)
    app.include_router(figures.router)
    app.include_router(feed.router)
    app.include_router(unapi.router)
    app.include_router(metrics.router)
    app.include_router(reviewing.router)
    app.include_router(history.router)
    app.include_router(today.router)
    app.include_router(nights.router)
    app.include_router(searching.router)
    app.include_router(exporting.router)
    app.include_router(comparing.router)
    app.include_router(following.router)
    app.include_router(entries.router)
    app.include_router(story.router)
    app.include_router(pages.router)
    described = app.openapi
    app.openapi = lambda: api.install(described())  # type: ignore[method-assign]
    app.mount("/static", Assets(directory=STATIC), name="static")
    return app
