"""The ten questions of docs/questions.md, asked again on the archive that the page describes.

    python -m benchmarks.questions SHARED [--data FOLDER] [--write]

Builds the archive of `SHARED/seeds`, the sample press and `SHARED/corpus` (a minute on two cores),
runs every command and every piece of Python of the page, and compares what they print with what
stands there. Exit code 1 if anything differs.

--data: a data folder whose archive was built so already. --write: put what was printed into the
page instead.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "questions.md"
BIN = Path(sys.executable).parent
_BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
_MARK = "-- next answer --"


@dataclass(frozen=True, slots=True)
class Asked:
    """A block of the page: `sh` or `python`, its text, and the answer shown ("": none)."""

    language: str
    text: str
    shown: str

    @property
    def builds(self) -> bool:
        """Whether it makes the archive, not a question to it."""
        return "../shared" in self.text

    def block(self, answer: str) -> str:
        """Return it as it stands on the page, with an answer."""
        own = f"```{self.language}\n{self.text}```\n"
        return f"{own}\n```text\n{answer.rstrip()}\n```\n" if answer.strip() else own


def asked(page: str) -> list[Asked]:
    """Return the blocks of a page in their order."""
    return [Asked(one[1], one[2], one[3] or "") for one in _BLOCK.finditer(page)]


def answers(blocks: list[Asked], data: Path) -> Iterator[str]:
    """Yield what each block prints on the archive of a data folder; blocks of Python are one
    program, and those that build the archive are left out ("").

    Raises:
        CalledProcessError: one of them failed.
    """
    python = iter(_python([one.text for one in blocks if one.language == "python"], data))
    for one in blocks:
        if one.language == "python":
            yield next(python)
        else:
            yield "" if one.builds else _run(["bash", "-euo", "pipefail", "-c", one.text], data)


def _python(programs: list[str], data: Path) -> list[str]:
    width = (
        'import pandas as _pd\n_pd.set_option("display.width", 100, "display.max_columns", 20)\n'
    )
    whole = width + f"print({_MARK!r})\n".join(programs)
    return _run([sys.executable, "-c", whole], data).split(f"{_MARK}\n")


def _run(command: list[str], data: Path) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KB_")},
        "KB_DATA_DIR": str(data), "PATH": f"{BIN}:{os.environ['PATH']}", "DO_NOT_TRACK": "1",
    }  # fmt: skip
    done = subprocess.run(
        command, cwd=PAGE.parents[1], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{command[-1]}\n{done.stderr}")
    return done.stdout.replace("\r\n", "\n")


def build(blocks: list[Asked], shared: Path, data: Path) -> None:
    """Make the archive that the page describes."""
    for one in blocks:
        if one.builds:
            text = one.text.replace("../shared", str(shared.resolve()))
            _run(["bash", "-euo", "pipefail", "-c", text], data)


def main() -> None:
    """Build, ask, compare or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    page = PAGE.read_text("utf-8")
    blocks = asked(page)
    with tempfile.TemporaryDirectory() as folder:
        data = options.data.resolve() if options.data else Path(folder)
        if options.data is None:
            build(blocks, options.shared, data)
        found = list(answers(blocks, data))
    if options.write:
        given = iter(zip(blocks, found, strict=True))
        PAGE.write_text(_BLOCK.sub(lambda _: Asked.block(*next(given)), page), "utf-8")
        return
    wrong = [
        (one, answer)
        for one, answer in zip(blocks, found, strict=True)
        if one.shown.split() != answer.split()
    ]
    for one, answer in wrong:
        print(f"{one.text}\non the page:\n{one.shown}\nnow:\n{answer}")
    print(f"{len(blocks) - len(wrong)} of {len(blocks)} blocks as the page shows them")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
