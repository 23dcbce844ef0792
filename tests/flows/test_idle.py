"""What a Prefect server does while nothing is to be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from flows.prefect_server import READY, environment
from tests.cli.program import OUTSIDE

SERVER = dedent(
    """
    import sys
    from docket import Worker
    from flows.prefect_server import serve

    def note(self):
        look = (self.minimum_check_interval, self.scheduling_resolution)
        print("looks", *(one.total_seconds() for one in look), file=sys.stderr)
        return run(self)

    run, Worker.run_forever = Worker.run_forever, note
    serve(0, services=sys.argv[1] == "services")
    """
)


@pytest.mark.parametrize(("kind", "looks"), [("alone", []), ("services", ["looks 2.0 2.0"])])
def test_a_server_looks_for_tasks_of_its_own_seldom_or_has_none(
    kind: str, looks: list[str], tmp_path: Path
) -> None:
    """Fails also when a release of Prefect begins its queue in another way."""
    with (tmp_path / "said.txt").open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, kind],
            env=OUTSIDE | environment(tmp_path / "prefect"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        assert server.stdin is not None and server.stdout is not None
        lines = [server.stdout.readline().rstrip() for _ in range(2)]
        server.stdin.close()
        server.wait(600)
        server.stdout.close()
    assert lines[1] == READY
    found = (tmp_path / "said.txt").read_text().splitlines()
    assert [line for line in found if line.startswith("looks")] == looks
