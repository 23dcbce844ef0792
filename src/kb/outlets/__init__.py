"""Outlets: one YAML file for each publication, checked when it is loaded."""

from __future__ import annotations

from kb.outlets.loader import BUNDLED, load_outlets, outlet_for
from kb.outlets.model import Expectation, Family, Level, Outlet

__all__ = ["BUNDLED", "Expectation", "Family", "Level", "Outlet", "load_outlets", "outlet_for"]
