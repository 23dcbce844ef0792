"""Holds the lock of a kind of run until its stdin is closed, and gives way at each line of it:
`python holder.py URL FOLDER KIND WAIT`."""

from __future__ import annotations

import sys
from pathlib import Path

from flows.lock import one_run
from kb.archive import Archive
from kb.errors import BusyError

if __name__ == "__main__":
    url, folder, kind, wait = sys.argv[1:5]
    with Archive.open(url) as archive:
        try:
            with one_run(
                archive,
                Path(folder),
                kind,
                wait=float(wait),
                say=lambda line: print(line, flush=True),
            ) as turn:
                print("held", flush=True)
                for _ in sys.stdin:
                    print("went on" if turn.give_way() else "nobody waits", flush=True)
        except BusyError as error:
            print(f"busy: {error}", flush=True)
