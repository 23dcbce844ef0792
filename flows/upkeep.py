"""Maintenance: a backup that was read back, old crawl logs, the quick check of the archive, and the
tables that follow from the rest made anew where they are out of step."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from flows import logs
from flows.checking import check
from flows.process import this_process
from kb.archive import Archive
from kb.archive.backup import backup, default_file, prune
from kb.archive.check import counts as counted
from kb.settings import Settings
from kb.text import read_yaml


def upkeep(archive: Archive, chosen: Settings) -> str:
    """Back the archive up, remove backups and crawl logs beyond those that are kept, check, and
    make index and counts anew if they are not what they should be; noted in the ledger as a run of
    kind `maintenance`. Return what was done in a line, in the language that is set.

    Raises:
        ArchiveError: no backup could be made.
    """
    run_id = archive.start_run("maintenance", {"process": this_process()})
    status = "failed"
    counts: dict[str, Any] = {}
    try:
        folder = chosen.data_dir / "backups"
        file = default_file(folder)
        rows = backup(archive.engine, file)
        gone = prune(folder, chosen.backups)
        old = logs.prune(archive, chosen)
        # Last of all, and quick: all texts and captures are read by `kb archive check`.
        found = {one.check: one for one in check(archive, chosen, quick=True)}
        found["counts"] = counted(archive.engine)
        mended = [one.check for one in found.values() if one.wrong and one.advice == "reindex"]
        if mended:
            archive.reindex()
            found |= {one.check: one for one in archive.check(quick=True) if one.check in mended}
            found["counts"] = counted(archive.engine)
        broken = [one.check for one in found.values() if one.wrong]
        mended = [name for name in mended if name not in broken]
        status = "done with failures" if broken else "done"
        counts = {"articles": rows["article"], "pruned": len(gone), "logs": old, "broken": broken}
        counts["mended"] = mended
    finally:
        archive.finish_run(run_id, status, counts)
    text = (files("flows") / "upkeep.yaml").read_text(encoding="utf-8")
    said: dict[str, str] = read_yaml(text)[chosen.language]
    return said["done"].format(
        file=file.name,
        articles=rows["article"],
        pruned=len(gone),
        logs=old,
        renewed=said["renewed" if mended else "in_step"].format(names=", ".join(mended)),
        broken=", ".join(broken) or said["nothing"],
    )
