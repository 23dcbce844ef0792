"""What a probe finds, one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kb.outlets import Outlet
from kb.outlets.draft import Draft

Result = Literal["ok", "note", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: an address or a field, whether it works, and what was seen.

    `code` names the words for it; `facts` fill them in.
    """

    part: str
    target: str
    result: Result
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    value: object = None
    generic: object = None
    """The same field as the generic reader has it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All checks of an outlet; `draft` is its file if it is a new one."""

    outlet: Outlet
    checks: list[Check]
    draft: Draft | None = None

    @property
    def works(self) -> bool:
        """Whether nothing failed."""
        return all(check.result != "failed" for check in self.checks)
