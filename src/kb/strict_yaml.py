"""YAML that people write: dates as they are written, and every key that stands twice told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml reads the bundled registry in 0.1 s where the Python loader needs 0.6."""
_STAMP, _TEXT = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:str"


def read_strictly(text: str) -> tuple[Any, list[str]]:
    """Return what YAML holds, dates as they are written, and line and name of the keys that stand
    twice in one mapping, of which YAML itself would take the last without a word.

    Raises:
        yaml.YAMLError: it is not YAML.
        ValueError: what YAML takes for a number is none.
    """
    loader = _LOADER(text)
    try:
        root = loader.get_single_node()
        twice: list[tuple[int, str]] = []
        waiting, seen = [root] if root else [], set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:  # what an alias names has had its turn
                continue
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                waiting += [one for pair in node.value for one in pair]
                twice += _twice(node)
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
            elif node.tag == _STAMP:
                node.tag = _TEXT
        raw = loader.construct_document(root) if root else None
    finally:
        loader.dispose()
    return raw, [f"line {line}: {key}" for line, key in sorted(twice)]


def _twice(node: yaml.MappingNode) -> Iterator[tuple[int, str]]:
    keys: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value != "<<":  # several may be merged
            if key.value in keys:
                yield key.start_mark.line + 1, key.value
            keys.add(key.value)
