"""A week of nights with faults drawn by lot, beside one without: `python -m benchmarks.week`.

Serves the sample press with new and edited stories every day, runs `kb nightly --no-server` once a
night on a faked clock, and kills, breaks and slows what the lot says; then compares the archives.
Options: `[--nights 7] [--seed 5] [--seeds N]` (N weeks with the seeds from `--seed` on).
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

from tests.flows.week import essence, week


def one(nights: int, seed: int, folder: Path) -> bool:
    """Run a week twice, print what happened, and return whether the archives are the same."""
    hashes = []
    for name in ("calm", "faulty"):
        home = folder / f"{name}-{seed}"
        home.mkdir()
        told = week(home, nights, seed, faults=name == "faulty")
        found, sums = essence(home, folder / f"{name}-{seed}.sqlite")
        rows = {table: sums[table].partition(":")[0] for table in ("article", "revision")}
        hashes.append(found)
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(told.faults.items()))
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(Counter(told.codes).items()))
        print(
            f"seed {seed} {name}: {told.nights} runs, {told.killed} killed (exit codes {codes}); "
            f"{told.requests} requests, {rows['article']} articles, {rows['revision']} revisions; "
            f"{told.seconds:.0f} s; content {found[:16]}; faults: {faults or 'none'}",
            flush=True,
        )
    return hashes[0] == hashes[1]


def main() -> int:
    """Run the weeks; exit code 1 if archives differ."""
    parser = argparse.ArgumentParser("python -m benchmarks.week")
    parser.add_argument("--nights", type=int, default=7)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        seeds = range(asked.seed, asked.seed + asked.seeds)
        same = [one(asked.nights, seed, Path(made)) for seed in seeds]
    print(f"{sum(same)} of {len(same)} archives are those of a week without faults")
    return 0 if all(same) else 1


if __name__ == "__main__":
    raise SystemExit(main())
