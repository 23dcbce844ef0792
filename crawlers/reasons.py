"""Why an address was not asked for or not had, in words for the night report."""

from __future__ import annotations

import re

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

FORBIDDEN = "Forbidden by robots.txt"
"""What Scrapy's middleware says when it refuses a request."""


class Refused(IgnoreRequest):
    """A request that must not be made."""


class Skipped(IgnoreRequest):
    """A request that is left for another night."""


_KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "no whole answer in time"),
    (CannotResolveHostError, "no IPv4 address is known for the host's name"),
    (DownloadConnectionRefusedError, "the host refuses connections"),
    (ResponseDataLossError, "the answer broke off"),
)
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"max redirections reached", "redirected again and again"),
    (r"exceeded DOWNLOAD_MAXSIZE \((\d+) B\)", r"larger than \1 bytes when unpacked"),
    (r"specified maximum \((\d+) B\)", r"larger than \1 bytes when unpacked"),
    (r"larger than download max size \((\d+)\)", r"larger than \1 bytes"),
    (r"headers larger than \d+ bytes", r"\g<0>"),
    (r"DownloadCancelledError", "larger than a page may be"),
    (r"certificate verify failed|VerificationError|CertificateError|DNSMismatch|IPAddressMismatch",
     "its TLS certificate cannot be trusted"),
    (r"OpenSSL\.SSL\.|SSL routines", "the TLS handshake failed"),
    (r"PotentialDataLoss|DataLoss|_DataLoss", "the answer broke off"),
    (r"ConnectionDone|ConnectionLost|ConnectionReset", "the connection was cut"),
    (r"ParseError|BadHeaders|BadResponse|LineTooLong|TooManyHeaders", "the answer is not HTTP"),
    (r"Not a gzipped file|Error -\d+ while decompress|Compressed file ended", "cannot be unpacked"),
)  # fmt: skip
_LONGEST = 200


def reason(error: BaseException) -> str:
    """Return one line that says what went wrong."""
    text = " ".join(str(error).split())
    for kind, words in _KINDS:
        if isinstance(error, kind):
            return f"{words} ({text})"[:_LONGEST] if kind is DownloadTimeoutError else words
    for pattern, words in _TEXTS:
        if match := re.search(pattern, f"{type(error).__name__} {text}"):
            return match.expand(words)
    return (text or type(error).__name__)[:_LONGEST]
