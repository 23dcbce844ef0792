"""Who may see and do what on the desk: visitors, sign-in, and the guard before every page."""

from __future__ import annotations

from kb.web.access.guard import Guard
from kb.web.access.pages import router
from kb.web.access.visitor import Visitor, need, visitor_of

__all__ = ["Guard", "Visitor", "need", "router", "visitor_of"]
