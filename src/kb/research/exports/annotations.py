"""Spans as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), one collection.

The target is the article's page with the words themselves (TextQuoteSelector, which finds them on
the page) and their place (TextPositionSelector: code points of the field that `kb:field` names,
as the archive keeps it). The state says when the page was fetched, and the digest of the copy.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from kb.archive.origins import Origin
from kb.article import VIETNAM
from kb.errors import ConfigError
from kb.research.columns import Row
from kb.research.exports.base import ALL, Source, about, plain
from kb.research.exports.joined import with_articles

KINDS: Final = ("mentions", "quotes", "commitments", "assignments")
CONTEXT: Final = ["http://www.w3.org/ns/anno.jsonld", {"kb": "urn:kb:"}]
_AROUND = 32
_MOTIVATION: Final = {
    "mentions": "identifying", "quotes": "highlighting", "commitments": "classifying",
    "assignments": "classifying",
}  # fmt: skip
_LABEL: Final = {"mentions": "name", "quotes": "speaker", "commitments": "owner",
                 "assignments": "actor"}  # fmt: skip
_ENTITY: Final = {"mentions": "entity_id", "quotes": "speaker_id", "commitments": "owner_id",
                  "assignments": "actor_id"}  # fmt: skip
_PLACE: Final = {"article_id", "start", "end", "field", "text", "surface", "sentence", "outlet",
                 "published_at"}  # fmt: skip


def write_w3c(source: Source, out: BinaryIO) -> int:
    """Write an AnnotationCollection with all annotations on its first page, streamed."""
    chosen = KINDS if source.name == ALL else (source.name,)
    made = about(source)
    name = uuid.uuid4().urn
    head = {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": f"kb {source.name} {made['query']}".strip(),
        "creator": {"type": "Software", "name": made["program"]},
        "created": made["made_at"],
        **{f"kb:{name}": made[name] for name in ("query", "archive_schema", "readers")},
    }
    page = {"id": uuid.uuid4().urn, "type": "AnnotationPage", "partOf": name, "startIndex": 0}
    out.write(_json(head)[:-1].encode() + b',"first":' + _json(page)[:-1].encode())
    out.write(b',"items":[')
    count = 0
    for kind in chosen:
        for annotation in _annotations(source if source.name == kind else source.of(kind)):
            out.write((b",\n" if count else b"\n") + _json(annotation).encode())
            count += 1
    out.write(b'\n]},"total":' + str(count).encode() + b"}\n")
    return count


def _annotations(source: Source) -> Iterator[dict[str, Any]]:
    kind = source.name
    if kind not in KINDS:
        raise ConfigError(f"{kind} are no spans; export {', '.join(KINDS)} as w3c")
    for row, article, origin in with_articles(source.asked, source.query, source.rows):
        target = _target(row, article, origin)
        place = target["selector"][1]
        key = (kind, target["source"], row["field"], place["start"], place["end"])
        told = (row[_LABEL[kind]], row[_ENTITY[kind]], row.get("task"))
        yield {
            "id": uuid.uuid5(uuid.NAMESPACE_URL, "\x1f".join(map(str, (*key, *told)))).urn,
            "type": "Annotation",
            "motivation": _MOTIVATION[kind],
            "body": _bodies(kind, row),
            "target": target,
        }


def _bodies(kind: str, row: Row) -> list[dict[str, Any]]:
    """Return who or what it is as a tag, the registry's entry, and all else that was read."""
    bodies: list[dict[str, Any]] = []
    if row[_LABEL[kind]]:
        bodies.append(
            {
                "type": "TextualBody", "purpose": "tagging", "value": row[_LABEL[kind]],
                "format": "text/plain", "language": "vi",
            }
        )  # fmt: skip
    if row[_ENTITY[kind]]:
        entity = f"urn:kb:entity:{row[_ENTITY[kind]]}"
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": entity})
    said = {
        f"kb:{name}": value if isinstance(value, bool | int | float) else plain(value)
        for name, value in row.items()
        if name not in _PLACE and value is not None
    }
    bodies.append({"type": "Dataset", "kb:record": kind.removesuffix("s"), **said})
    return bodies


def _target(row: Row, article: Row, origin: Origin) -> dict[str, Any]:
    text = str(article[row["field"]])
    start, end = row["start"], row["end"]
    exact = row.get("surface") or row.get("text") or text[start:end]
    quote = {"type": "TextQuoteSelector", "exact": exact}
    if text[start:end] == exact:  # else it was edited while this was written
        quote |= {
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        }
    position = {"type": "TextPositionSelector", "start": start, "end": end}
    state = {
        "type": "TimeState",
        "sourceDate": (origin.fetched_at or origin.seen_at).astimezone(VIETNAM).isoformat(),
    }
    if origin.digest:
        state["cached"] = f"urn:{origin.digest}"
    return {
        "source": article["url"] or f"urn:kb:article:{article['article_id']}",
        "selector": [quote, {**position, "kb:field": row["field"]}],
        "state": state,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
