"""A JSON value with places: nodes that know their pointer, and an index of every member by name."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from harness.credential.strict_json import Source, escape, unescape
from harness.model import Finding


class Node:
    """One value of a document and where it stands.

    Nobody changes it. It is made by the thousand, so it is no dataclass, and its pointer is written when
    somebody asks for it.
    """

    __slots__ = ("_above", "_key", "document", "value")

    def __init__(
        self, value: Any, document: Document, above: Node | str, key: str | int | None = None
    ) -> None:
        """A value at the pointer `above` or, with a key, the member or element of the node `above`."""
        self.value = value
        self.document = document
        self._above = above
        self._key = key

    def __repr__(self) -> str:
        return f"Node({self.pointer!r}, {self.value!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self.document is other.document and self.pointer == other.pointer

    def __hash__(self) -> int:
        return hash(self.pointer)

    @property
    def pointer(self) -> str:
        """The JSON pointer of the value (RFC 6901)."""
        above = self._above
        if isinstance(above, Node):
            key = self._key
            above = self._above = f"{above.pointer}/{escape(key) if isinstance(key, str) else key}"
        return above

    def __getitem__(self, name: str) -> Node | None:
        """The member of that name, or None: of an object only, never an error."""
        value = self.value
        if isinstance(value, dict) and name in value:
            return Node(value[name], self.document, self, name)
        return None

    def get(self, *names: str) -> Any:
        """The value at a path of member names, or None where the path ends early."""
        at = self.value
        for name in names:
            if not isinstance(at, dict):
                return None
            at = at.get(name)
        return at

    def at(self, name: str) -> Node:
        """The member of that name, or this node itself, so that a finding always has a place."""
        return self[name] or self

    def __iter__(self) -> Iterator[Node]:
        """The elements of an array; the value itself where it is not one; nothing for null."""
        if isinstance(self.value, list):
            for index, item in enumerate(self.value):
                yield Node(item, self.document, self, index)
        elif self.value is not None:
            yield self

    def each(self, name: str) -> Iterator[Node]:
        """The elements of a member that may be one value or an array of them."""
        member = self[name]
        if member is not None:
            yield from member

    @property
    def types(self) -> tuple[str, ...]:
        """The strings in its `type`, whether written as one string or as an array."""
        kind = self.get("type")
        if isinstance(kind, str):
            return (kind,)
        return tuple(item for item in kind if isinstance(item, str)) if isinstance(kind, list) else ()

    @property
    def name(self) -> str:
        """The member name or index under which it stands."""
        return unescape(self.pointer.rpartition("/")[2])

    def finds(
        self,
        message: str,
        *,
        expected: str | None = None,
        actual: str | None = None,
        hint: str | None = None,
        source: str | None = None,
    ) -> Finding:
        """A finding at this place; `actual` is the value as it was written unless it is given."""
        shown = actual if actual is not None else self.document.shown(self.pointer)
        return self.document.finding(
            self.pointer, message, expected=expected, actual=shown, hint=hint, source=source
        )


@dataclass(frozen=True)
class Document:
    """A JSON value inside its source text; `base` is its pointer there ("" for the whole text)."""

    value: Any
    source: Source
    base: str = ""

    @property
    def root(self) -> Node:
        """The value itself."""
        return Node(self.value, self, "")

    @cached_property
    def _index(self) -> tuple[dict[str, list[Node]], list[Node]]:
        members: dict[str, list[Node]] = defaultdict(list)
        objects: list[Node] = []
        self._note(self.root, "", members, objects)
        return members, objects

    def _note(self, node: Node, name: str, members: dict[str, list[Node]], objects: list[Node]) -> None:
        """Put a value under the name of its member, with all that is in it; the parser bounds the depth."""
        value = node.value
        if isinstance(value, list):
            for index, item in enumerate(value):
                self._note(Node(item, self, node, index), name, members, objects)
            return
        members[name].append(node)
        if isinstance(value, dict):
            objects.append(node)
            for key, item in value.items():
                if isinstance(item, dict | list):
                    self._note(Node(item, self, node, key), key, members, objects)
                else:
                    members[key].append(Node(item, self, node, key))

    def members(self, *names: str) -> list[Node]:
        """Every value that stands under one of these member names, arrays taken apart, in order."""
        index = self._index[0]
        if len(names) == 1:
            return index.get(names[0], [])
        return [node for name in names for node in index.get(name, [])]

    @property
    def objects(self) -> list[Node]:
        """Every JSON object, the root first, in the order of the text."""
        return self._index[1]

    @cached_property
    def located(self) -> list[tuple[dict[str, Any], str]]:
        """Every JSON object with its pointer, in the same order."""
        return [(node.value, node.pointer) for node in self.objects]

    @cached_property
    def reflowed(self) -> Source:
        """The value written again with one member a line: for texts that are one long line."""
        return Source(json.dumps(self.value, indent=2, ensure_ascii=False))

    def shown(self, pointer: str, limit: int = 200) -> str | None:
        """The value at a pointer as it was written, shortened."""
        text = self.source.text_at(self.base + pointer)
        if text is None:
            return None
        text = " ".join(text.split())
        return text if len(text) <= limit else f"{text[: limit - 1]}…"

    def finding(
        self,
        pointer: str,
        message: str,
        *,
        expected: str | None = None,
        actual: str | None = None,
        hint: str | None = None,
        source: str | None = None,
        step: str | None = None,
    ) -> Finding:
        """A finding with line and column; of the nearest ancestor where the value itself is missing."""
        place = self.source.place_of(self.base + pointer)
        line, column = place or (None, None)
        return Finding(message, pointer, line, column, expected, actual, hint, source, step)
