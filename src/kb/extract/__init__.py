"""From saved bytes to articles: pages, WARC captures, plain text and JSON records."""

from __future__ import annotations

from kb.extract.captures import read_capture, read_warc
from kb.extract.intake import Document, documents, pages_between, to_article
from kb.extract.page import extract_page
from kb.extract.plain import from_text
from kb.extract.records import from_record
from kb.extract.sieve import Sieve

__all__ = [
    "Document",
    "Sieve",
    "documents",
    "extract_page",
    "from_record",
    "from_text",
    "pages_between",
    "read_capture",
    "read_warc",
    "to_article",
]
