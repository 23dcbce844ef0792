"""Running the `kb` command as an operator does: its own process, its own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

KB = Path(sys.executable).with_name("kb")
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith("KB_")}


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said on either stream."""

    code: int
    out: str
    err: str


def kb(folder: Path, *words: str, **settings: str) -> Done:
    """Run `kb` in a folder with no other settings than those given (without `KB_`)."""
    env = OUTSIDE | {"KB_WORKERS": "1", "KB_DATA_DIR": str(folder / "data"), "COLUMNS": "200"}
    env |= {f"KB_{name.upper()}": value for name, value in settings.items()}
    done = subprocess.run(
        [str(KB), *words],
        cwd=folder,
        env={name: value for name, value in env.items() if value},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
