"""Run as a process of its own: a PDF on standard input, one JSON line a page on standard output.

A damaged or hostile PDF can make any parser eat all memory or never end, so the limits are the
operating system's. Started by path, without the package, since it needs only pdfminer.

    python -I pdf_child.py SECONDS BYTES PAGES

A page is `{"height": points, "pictures": n, "lines": [[x0, top, x1, bottom, size, bold, text]]}`;
the last line is `{"pages": n}` or `{"fault": "locked" | "damaged" | "pages", "detail": text}`.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTFigure, LTImage, LTTextContainer, LTTextLine
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect


def main(seconds: int, space: int, most: int) -> None:
    """Read the PDF within the limits."""
    _limit(seconds, space)
    logging.disable(logging.CRITICAL)
    count = 0
    try:
        source = io.BytesIO(sys.stdin.buffer.read())
        for page in extract_pages(source, laparams=LAParams(boxes_flow=None)):
            count += 1
            if count > most:
                _say({"fault": "pages", "detail": str(most)})
                return
            lines = [_line(one, page.height) for one in _lines(page)]
            _say({"height": page.height, "pictures": _pictures(page), "lines": lines})
    except (PDFPasswordIncorrect, PDFEncryptionError):
        _say({"fault": "locked", "detail": ""})
    except MemoryError:
        raise
    except Exception as error:  # pdfminer lets whatever its input provokes go through
        _say({"fault": "damaged", "detail": f"{type(error).__name__}: {error}"[:200]})
    else:
        _say({"pages": count})


def _limit(seconds: int, space: int) -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (space, space))


def _say(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row) + "\n")


def _lines(container: Any) -> Iterator[LTTextLine]:  # noqa: ANN401
    for item in container:
        if isinstance(item, LTTextLine):
            if item.get_text().strip():
                yield item
        elif isinstance(item, LTTextContainer):
            yield from _lines(item)


def _pictures(container: Any) -> int:  # noqa: ANN401
    return sum(
        1 if isinstance(item, LTImage) else _pictures(item) if isinstance(item, LTFigure) else 0
        for item in container
    )


def _line(line: LTTextLine, height: float) -> list[Any]:
    signs = [item for item in line if isinstance(item, LTChar)]
    sizes = Counter(round(sign.size * 2) / 2 for sign in signs if sign.get_text().strip())
    bold = sum("bold" in sign.fontname.lower() for sign in signs) * 2 > len(signs)
    old = sum(".vn" in sign.fontname.lower() or "vni-" in sign.fontname.lower() for sign in signs)
    return [
        round(line.x0, 1),
        round(height - line.y1, 1),
        round(line.x1, 1),
        round(height - line.y0, 1),
        max(sizes, key=sizes.__getitem__, default=0.0),
        bold,
        _text(line),
        old * 2 > len(signs),
    ]


def _text(line: LTTextLine) -> str:
    """Return a line's text without the blanks that other letters are printed over.

    Browsers print a soft hyphen that is not needed as a blank of no width.
    """
    items = list(line)
    kept = []
    for at, item in enumerate(items):
        following = next((one for one in items[at + 1 :] if isinstance(one, LTChar)), None)
        if (
            isinstance(item, LTChar)
            and not item.get_text().strip()
            and following is not None
            and following.x0 < item.x0 + item.width / 4
        ):
            continue
        kept.append(item.get_text())
    return "".join(kept).strip()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
