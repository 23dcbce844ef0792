"""A small archive behind a real server on a free port of this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, expect, sync_playwright

from kb.archive import Archive
from kb.settings import settings
from kb.web import create_app
from tests.web.stories import fill

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
Serve = Callable[[FastAPI], AbstractContextManager[str]]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Run an application in a thread and yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none", lifespan="on"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def serve() -> Serve:
    """Return the context manager that serves an application."""
    return serving


@pytest.fixture(scope="session", autouse=True)
def plain_settings() -> Iterator[None]:
    """Settings as they come, whatever the machine that runs the tests has set."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KB_LANGUAGE", "vi")
        patch.setenv("KB_FULL_TEXT", "false")
        settings.cache_clear()
        yield
    settings.cache_clear()


@pytest.fixture
def full_text(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Allow whole bodies for one test."""
    monkeypatch.setenv("KB_FULL_TEXT", "true")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive of `stories.py`."""
    path = tmp_path_factory.mktemp("web") / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as opened:
        fill(opened)
        yield opened


@pytest.fixture(scope="session")
def base(archive: Archive) -> Iterator[str]:
    """Address of the application over that archive."""
    with serving(create_app(archive)) as address:
        yield address


@pytest.fixture
def client(base: str) -> Iterator[httpx.Client]:
    """A client without cookies from other tests."""
    with httpx.Client(base_url=base, timeout=900) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent: install Debian's package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        expect.set_options(timeout=60_000)
        yield opened
        opened.close()
