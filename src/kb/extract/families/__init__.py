"""CMS families: one small module of selectors each; the order is that of detection."""

from __future__ import annotations

from lxml.html import HtmlElement

from kb.extract.families import (
    dantri,
    epi,
    laodong,
    mastercms,
    onecms,
    vccorp,
    vietnamnet,
    vnexpress,
    znews,
)
from kb.extract.families.model import Family

FAMILIES: dict[str, Family] = {
    module.FAMILY.name: module.FAMILY
    for module in (vccorp, mastercms, vnexpress, vietnamnet, dantri, onecms, znews, laodong, epi)
}
"""Families by name. ePi comes last: others use its `cms-body` class too."""

__all__ = ["FAMILIES", "Family", "detect"]


def detect(root: HtmlElement) -> list[Family]:
    """Return the families whose marks are on a page, in order of detection."""
    return [family for family in FAMILIES.values() if family.matches(root)]
