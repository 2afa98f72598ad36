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


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a document and where it stands."""

    value: Any
    pointer: str
    document: Document

    def __getitem__(self, name: str) -> Node | None:
        """The member of that name, or None: of an object only, never an error."""
        if isinstance(self.value, dict) and name in self.value:
            return Node(self.value[name], f"{self.pointer}/{escape(name)}", self.document)
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
                yield Node(item, f"{self.pointer}/{index}", self.document)
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
        return Node(self.value, "", self)

    @cached_property
    def _index(self) -> tuple[dict[str, list[Node]], list[Node]]:
        members: dict[str, list[Node]] = defaultdict(list)
        objects: list[Node] = []
        todo: list[tuple[Any, str, str]] = [(self.value, "", "")]
        while todo:
            value, pointer, name = todo.pop()
            if isinstance(value, dict):
                node = Node(value, pointer, self)
                objects.append(node)
                members[name].append(node)
                for key in reversed(value):
                    todo.append(
                        (
                            value[key],
                            f"{pointer}/{escape(key)}" if "/" in key or "~" in key else f"{pointer}/{key}",
                            key,
                        )
                    )
            elif isinstance(value, list):
                todo.extend((value[i], f"{pointer}/{i}", name) for i in range(len(value) - 1, -1, -1))
            else:
                members[name].append(Node(value, pointer, self))
        return members, objects

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
