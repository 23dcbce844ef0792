"""What offices keep instead of pages: PDF clippings, e-mails and Word documents."""

from __future__ import annotations

from kb.extract.office.clippings import Clipping, Line, clippings
from kb.extract.office.docx import read_docx
from kb.extract.office.mail import Attachment, Mail, read_mail
from kb.extract.office.pdf import Scan, read_pdf

__all__ = [
    "Attachment",
    "Clipping",
    "Line",
    "Mail",
    "Scan",
    "clippings",
    "read_docx",
    "read_mail",
    "read_pdf",
]
