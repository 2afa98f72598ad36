"""summary.md: the verdict for a build's page or a pull request, short and safe to render."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from harness.report.findings import groups_of, tally
from harness.report.plain import GLYPHS, place_line
from harness.report.scope import matrix_of
from harness.report.sentence import organisation, product, sentence
from harness.report.texts import Texts, texts
from harness.report.visible import one_line

SHOWN = 20
"""Requirements with findings that are listed; the report has all."""

_MARKED = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>:])")


def render_markdown(record: Mapping[str, Any]) -> str:
    """Render a record as Markdown."""
    words = texts()
    must = record["counts"]["MUST"]
    lines = [
        f"# {words('verdict.' + record['verdict'])}: {_safe(product(record, words))}",
        "",
        f"{_safe(organisation(record, words))}. {_safe(sentence(record, words))}",
        "",
        "| MUST passed | MUST failed | Warned | Not run | Error | For review |",
        "|--:|--:|--:|--:|--:|--:|",
        _row(
            [
                must["passed"],
                must["failed"],
                *(tally(record, name) for name in ("warning", "not_run", "error", "review")),
            ]
        ),
        "",
        *_reasons(record, words),
        *_components(record, words),
        *_findings(record, words),
    ]
    if record["untested"]:
        lines += [_safe(words("count.untested", n=len(record["untested"]))), ""]
    lines += [
        _judged(record, words),
        "",
    ]
    if record["reproduce"]:
        lines += [
            "Judge again:",
            "",
            *(f"    {one_line(command, 2000)}" for command in record["reproduce"]),
            "",
        ]
    return "\n".join(lines)


def _judged(record: Mapping[str, Any], words: Texts) -> str:
    profile = _safe(record["profile"] or words("facts.each_own"))
    suite = f"{_safe(record['harness']['version'])}, `{record['harness']['suite']}`"
    return f"Judged at {record['at']} under {profile}, suite {suite}."


def _reasons(record: Mapping[str, Any], words: Texts) -> Iterable[str]:
    if not record["reasons"]:
        return
    yield "## Why"
    yield ""
    for number, reason in enumerate(record["reasons"], 1):
        outcome = reason["outcome"]
        also = f" {words('count.more', n=len(reason['also']))}:" if reason.get("also") else ""
        yield (
            f"{number}. {GLYPHS[outcome]} {words('outcome.' + outcome)} **{reason['requirement']}**{also} "
            f"{_safe(reason['text'])} ({words('count.checks', n=reason['count'])})"
        )
    more = record.get("reasons_more", 0)
    if more:
        yield ""
        yield f"{words('count.more', n=more)}."
    yield ""


def _components(record: Mapping[str, Any], words: Texts) -> Iterable[str]:
    yield "| Component | MUST passed | MUST failed | Warned | Not run | Error | For review | No case |"
    yield "|--|--:|--:|--:|--:|--:|--:|--:|"
    for row in matrix_of(record):
        name = f"{row.component} {words.component(row.component)}"
        if row.must or row.other:
            opened = [row.open(outcome) for outcome in ("warning", "not_run", "error", "review")]
            yield _row([name, row.must["passed"], row.must["failed"], *opened, row.untested])
        else:
            why = words("scope.nothing") if row.claimed else words("scope.not_claimed")
            yield _row([name, why, *[""] * 5, row.untested])
    yield ""


def _findings(record: Mapping[str, Any], words: Texts) -> Iterable[str]:
    groups = groups_of(record)
    if not groups:
        return
    yield "## Findings"
    yield ""
    for group in groups[:SHOWN]:
        fold = group.folds[0]
        yield (
            f"* {GLYPHS[group.outcome]} {words('outcome.' + group.outcome)} **{group.requirement}** "
            f"{_safe(group.about['title'])}: {words('count.findings', n=group.size)}. "
            f"{_safe(fold.finding['message'])} ({_safe(place_line(fold.first))})"
        )
    if len(groups) > SHOWN:
        yield f"* {words('count.more', n=len(groups) - SHOWN)}: see report.html"
    yield ""


def _row(cells: Iterable[object]) -> str:
    return (
        "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else _safe(str(cell)) for cell in cells) + " |"
    )


def _safe(text: str) -> str:
    """Escape all that Markdown, HTML or a mention could take for its own."""
    plain = _MARKED.sub(r"\\\1", one_line(text))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace("@", "&#64;")
