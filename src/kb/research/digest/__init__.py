"""The morning digest: what came in about a programme since a moment."""

from kb.research.digest.content import Digest, digest
from kb.research.digest.rendering import FORMATS, render, subject

__all__ = ["FORMATS", "Digest", "digest", "render", "subject"]
