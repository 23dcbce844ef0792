"""While what somebody sent waits for another program that writes, the desk answers the others."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect
from time import monotonic

import httpx
import pytest

from kb.archive import Archive
from kb.archive.following import Follow, keep_follow
from kb.archive.judgements.log import local_name
from kb.web import create_app
from tests.web.conftest import Serve
from tests.web.stories import fill

OWN = {"Sec-Fetch-Site": "same-origin"}
SENT = {
    "/review": {"key": "name:org:hội thợ nón", "do": "reject"},
    "/review/undo": {"id": "abc", "key": "name:org:hội thợ nón"},
    "/following": {"name": "Lễ hội", "q": "lễ hội", "rhythm": "never"},
    "/following/stop": {"name": "Làng nghề"},
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the write lock, as a night does while it loads a batch."""
    with closing(connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()


@pytest.mark.parametrize("address", SENT)
def test_pages_are_answered_while_a_form_waits(address: str, tmp_path: Path, serve: Serve) -> None:
    path = tmp_path / "kb.sqlite"
    with Archive.open(f"sqlite:///{path}") as archive:
        fill(archive)
        kept = Follow("Làng nghề", "", {"text": "nghề"}, rhythm="never", who=local_name())
        keep_follow(archive, kept)
        with (
            serve(create_app(archive)) as base,
            httpx.Client(base_url=base, timeout=10) as client,
            ThreadPoolExecutor(1) as other,
        ):
            assert client.get("/following").status_code == 200
            with writing(path):
                sent = other.submit(client.post, address, data=SENT[address], headers=OWN)
                until = monotonic() + 1
                while monotonic() < until:
                    assert client.get("/following").status_code == 200
                assert not sent.done()
            assert sent.result().status_code in (303, 422)
