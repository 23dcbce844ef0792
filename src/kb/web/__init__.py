"""Pages for communications staff and the JSON interface, over one archive."""

from kb.web.app import create_app

__all__ = ["create_app"]
