"""The five lines around a finding, with the guilty span marked; one-line sources are re-indented first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from harness.credential import Credential, Document, Source
from harness.model import Finding

AROUND = 2
WIDEST = 160


def with_excerpt(finding: Finding, credential: Credential) -> Finding:
    """The finding with the source around its place, where it has one."""
    return with_source(finding, credential.document)


def with_source(finding: Finding, document: Document | None) -> Finding:
    """The finding with the lines of a document around its place, where it has one there."""
    if finding.excerpt is not None or finding.pointer is None or document is None:
        return finding
    made = excerpt(document, finding.pointer)
    return replace(finding, excerpt=made) if made else finding


def excerpt(document: Document, pointer: str) -> dict[str, Any] | None:
    """Lines around a pointer: first_line, lines, marked (index), from, to (columns), reflowed."""
    source = document.source
    at = document.base + pointer
    span = source.span(at)
    if span is None:
        return None
    line, _ = source.place(span.start)
    lines = source.lines
    index = line - source.first_line
    if len(lines[index]) > WIDEST:
        return _reflowed(document, pointer)
    end = min(span.end, span.start + len(lines[index]))
    return _cut(lines, index, _column(source, span.start), _column(source, end), source.first_line)


def _column(source: Source, offset: int) -> int:
    return source.place(offset)[1] - 1


def _cut(lines: list[str], index: int, start: int, end: int, first: int | None) -> dict[str, Any]:
    begin = max(0, index - AROUND)
    shown = [line[:WIDEST] for line in lines[begin : index + AROUND + 1]]
    stop = end if end > start else len(lines[index].rstrip())
    return {
        "first_line": None if first is None else begin + first,
        "lines": shown,
        "marked": index - begin,
        "from": min(start, WIDEST),
        "to": min(stop, WIDEST),
        "reflowed": first is None,
    }


def _reflowed(document: Document, pointer: str) -> dict[str, Any] | None:
    """The parent of the place, re-indented: for sources that are one long line."""
    source = document.reflowed
    span = source.span(pointer)
    if span is None:
        return None
    index = source.place(span.start)[0] - 1
    lines = source.lines
    end = min(span.end, span.start + len(lines[index]))
    return _cut(lines, index, _column(source, span.start), _column(source, end), None)
