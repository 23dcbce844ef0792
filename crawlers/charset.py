"""The charset in which the structure of a page can be read, whatever it claims."""

from __future__ import annotations


def utf(body: bytes) -> str | None:
    """Return `utf-16` or `utf-8` if a body is that, else None.

    What decodes as UTF-8 is UTF-8; a character cut in two at the end does not count.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.start >= len(body) - 3 and len(body) > 3 else None
    return "utf-8"
