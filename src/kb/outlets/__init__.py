"""Outlets: one YAML file for each publication, checked when it is loaded."""

from __future__ import annotations

from kb.outlets.addresses import page_number
from kb.outlets.loader import BUNDLED, load_outlet, load_outlets, outlet_for
from kb.outlets.manners import LOOKS, Hours, Limits
from kb.outlets.model import Expectation, Family, Level, Markup, Outlet

__all__ = [
    "BUNDLED",
    "LOOKS",
    "Expectation",
    "Family",
    "Hours",
    "Level",
    "Limits",
    "Markup",
    "Outlet",
    "load_outlet",
    "load_outlets",
    "outlet_for",
    "page_number",
]
