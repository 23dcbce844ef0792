"""What worker processes have in common: made once, in the server that they are forked from.

`flows.pool` names this module to multiprocessing's fork server, which imports it before it forks
the first worker. No thread may start here and no archive may be opened: neither outlives a fork.
"""

from __future__ import annotations

import gc
from contextlib import suppress


def _load() -> None:
    """Load what reading and extraction by the bundled outlets and registry need, 0.3 GB."""
    from flows.parcel import Registries
    from flows.stages import extract_batch, read_batch
    from kb.article import Article

    extract_batch(None, [])
    read_batch(
        Registries(), [Article("Hà Nội mở hội", "", "Ông Lê Văn An nói: “Hội mở ngày 3/11.”")]
    )
    gc.collect()
    gc.freeze()  # the collector writes to what it looks at, and such a page is shared no more


# A server that fails would fail every worker; without this each loads what it needs, and says
# itself what is wrong with it.
with suppress(Exception):
    _load()
