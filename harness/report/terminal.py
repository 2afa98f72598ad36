"""The terminal summary: verdict, reasons, table, findings folded, where the report is, what to run next.

rich honours NO_COLOR, FORCE_COLOR, COLUMNS and pipes; each outcome has a sign, so nothing rests on colour.
No string of a record is ever read as markup or reaches the terminal with a control character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from harness.report.commands import explain
from harness.report.findings import Fold, Group, Place, groups_of, tally
from harness.report.plain import GLYPHS, finding_lines, place_line
from harness.report.scope import Row, matrix_of
from harness.report.sentence import organisation, product, sentence
from harness.report.texts import Texts, texts
from harness.report.visible import one_line, visible

SHOWN, KINDS, NAMED = 12, 3, 2
"""Requirements with findings that are shown, different findings of each, and places by name; the report has all."""

_STYLES: Mapping[str, str] = {
    "passed": "green",
    "failed": "bold red",
    "warning": "yellow",
    "not_applicable": "dim",
    "not_run": "blue",
    "error": "bold",
    "review": "magenta",
    "conformant": "bold green",
    "nonconformant": "bold red",
    "undetermined": "bold yellow",
}
_COLUMNS = ("failed", "warning", "not_run", "error", "review")


def show(
    record: Mapping[str, Any],
    *,
    console: Console,
    report: Path | None = None,
    next_command: str | None = None,
) -> None:
    """Print the summary of a record; `report` is the file to open, `next_command` what to run."""
    _Summary(record, console, texts()).show(report, next_command)


def cause_of(group: Group) -> object:
    """What groups share that one cause leaves open: a document that is missing shows under many requirements."""
    if group.outcome == "failed":
        return group.requirement
    return frozenset(
        (fold.outcome, fold.finding["message"], place.subject)
        for fold in group.folds
        for place in fold.places
    )


class _Summary:
    def __init__(self, record: Mapping[str, Any], console: Console, words: Texts) -> None:
        self.record = record
        self.console = console
        self.words = words
        self.groups = groups_of(record)
        self.causes: dict[object, list[Group]] = {}
        for group in self.groups:
            self.causes.setdefault(cause_of(group), []).append(group)

    def show(self, report: Path | None, next_command: str | None) -> None:
        self._verdict()
        self._reasons()
        self._table()
        alike = list(self.causes.values())
        for first, *others in alike[:SHOWN]:
            self._group(first)
            self._open(others)
        left = sum(map(len, alike[SHOWN:]))
        if left:
            more = self.words("count.requirements", n=left)
            self._print(self._text(f"{more} with findings not shown here."))
        if self.record["untested"]:
            self._print(self._text(self.words("count.untested", n=len(self.record["untested"])), "dim"))
        self._expected()
        self._print(Text())
        if report is not None:
            self._whole(f"Report  {report}")
        command = next_command or (explain(self.groups[0].requirement) if self.groups else None)
        if command is not None:
            self._whole(f"Next    {command}")

    def _expected(self) -> None:
        """Known failures: those that failed in one line each, those that have to leave the list louder."""
        for row in self.record["expected_failures"]:
            state = row.get("state", "failed")
            style = "dim" if state in ("failed", "open") else _STYLES["warning"]
            label, told = self.words("findings.known"), self.words(f"known.{state}")
            reason = one_line(f"{row['reason']} {row.get('issue', '')}".strip(), 300)
            self._print(self._text(f"{label}: {row['requirement']}. {told} {reason}", style))

    def _verdict(self) -> None:
        record, words = self.record, self.words
        named = [product(record, words), *([organisation(record, words)] if record["vendor"] else [])]
        self._print(self._text(words("verdict." + record["verdict"]), _STYLES[record["verdict"]]))
        self._print(self._text(", ".join(one_line(one, 100) for one in named)))
        self._print(self._text(sentence(record, words)))
        must = record["counts"]["MUST"]
        numbers = [("MUST passed", "passed", must["passed"]), ("MUST failed", "failed", must["failed"])]
        numbers += [(words(f"outcome.{name}"), name, tally(record, name)) for name in _COLUMNS[1:]]
        line = Text()
        for label, outcome, count in numbers:
            line.append(f"{words.number(count)} {label}", _STYLES[outcome] if count else "dim")
            line.append("   ")
        line.rstrip()
        self._print(line)
        profile = one_line(record["profile"] or words("facts.each_own"), 100)
        self._print(self._text(f"{profile} at {record['at']}", "dim"))

    def _reasons(self) -> None:
        if not self.record["reasons"]:
            return
        self._print(Text("\nWhy", "bold"))
        for number, reason in enumerate(self.record["reasons"], 1):
            line = self._text(f"{number}. ")
            line.append_text(self._outcome(reason["outcome"]))
            also = f" {self.words('count.more', n=len(reason['also']))}:" if reason.get("also") else ""
            told = f" {reason['requirement']}{also} {one_line(reason['text'], 200)} ({self._where(reason)})"
            line.append_text(self._text(told))
            self._print(line)
        more = self.record.get("reasons_more", 0)
        if more:
            self._print(
                self._text(f"{self.words('count.more', n=more)}, told below or in the report.", "dim")
            )

    def _where(self, reason: Mapping[str, Any]) -> str:
        """How many checks, and where: the first two names and how many more there are."""
        count, named = self.words("count.checks", n=reason["count"]), reason["subjects"]
        if not named:
            return count
        return f"{count}: {self._names(named, reason.get('places', len(named)))}"

    def _table(self) -> None:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
        table.add_column("Component", no_wrap=True)
        for label in ("passed", *(self.words("outcome." + name) for name in _COLUMNS), "no case"):
            table.add_column(label, justify="right")
        rows = matrix_of(self.record)
        shown = [row for row in rows if row.answered or row.claimed]
        if not shown:
            return
        for row in shown:
            self._component(table, row)
        self._print(Text())
        self.console.print(table)
        if self.record["vendor"] is None:
            return
        beside = [row.component for row in rows if row.answered and not row.claimed]
        if beside:
            self._print(self._text(f"Judged, though not claimed: {', '.join(beside)}", "dim"))
        unclaimed = [row.component for row in rows if not row.answered and not row.claimed]
        if unclaimed:
            self._print(self._text(f"Not claimed: {', '.join(unclaimed)}", "dim"))

    def _component(self, table: Table, row: Row) -> None:
        cells = [self._count(outcome, row.open(outcome)) for outcome in ("passed", *_COLUMNS)]
        untested = self._text(self.words.number(row.untested), "" if row.untested else "dim")
        table.add_row(self._text(row.component), *cells, untested)

    def _group(self, group: Group) -> None:
        head = self._outcome(group.outcome)
        head.append_text(self._text(f" {group.requirement} {one_line(group.about['title'], 120)}", "bold"))
        size = self.words("count.findings", n=group.size)
        head.append_text(self._text(f"  {group.about['level']}, {size}", "dim"))
        self._print(Text())
        self._print(head)
        told: set[str] = set()
        for fold in group.folds[:KINDS]:
            self._print(self._text(place_line(fold.first)), indent=2)
            lines = [line for line in finding_lines(fold.finding) if line not in told]
            told.update(lines)
            for line in lines:
                self._print(self._text(line), indent=4)
            self._elsewhere(fold.places[1:])
        self._others(group.folds[KINDS:])

    def _open(self, groups: Sequence[Group]) -> None:
        """What the same cause leaves open in the same places."""
        if groups:
            names = ", ".join(group.requirement for group in groups)
            self._print(self._text(f"Open for the same reason, in the same places: {names}", "dim"), indent=2)

    def _elsewhere(self, places: Sequence[Place]) -> None:
        """Where else the very same was found."""
        if places:
            where = self._names([place.subject + place.at for place in places])
            self._print(self._text(f"{self.words('count.places', n=len(places))}: {where}", "dim"), indent=2)

    def _others(self, folds: Sequence[Fold]) -> None:
        """How many findings of other kinds there are, and where."""
        if folds:
            places = [place for fold in folds for place in fold.places]
            size = self.words("count.findings", n=len(places))
            where = self._names([place.subject for place in places])
            self._print(self._text(f"and {size} of {len(folds)} more kinds: {where}", "dim"), indent=2)

    def _names(self, names: Sequence[str], number: int | None = None) -> str:
        """The first of some names, each once, and how many more there are; `number` where not all are given."""
        once = list(dict.fromkeys(names))
        left = (number or len(once)) - NAMED
        shown = ", ".join(one_line(name, 80) for name in once[:NAMED])
        return f"{shown} {self.words('count.more', n=left)}" if left > 0 else shown

    def _count(self, outcome: str, count: int) -> Text:
        return self._text(self.words.number(count), _STYLES[outcome] if count else "dim")

    def _outcome(self, outcome: str) -> Text:
        sign = "" if self.console.options.ascii_only else GLYPHS[outcome] + " "
        return Text().append(sign + self.words("outcome." + outcome), _STYLES[outcome])

    def _text(self, text: str, style: str = "") -> Text:
        """A text without markup or control characters, in what the stream can write."""
        shown = visible(text)
        if self.console.options.ascii_only:
            shown = shown.encode("ascii", "backslashreplace").decode("ascii")
        return Text(shown, style)

    def _print(self, text: Text, *, indent: int = 0) -> None:
        """Print a text, on a terminal wrapped to its width; in a pipe each line stays whole."""
        lines = text.split(allow_blank=True)
        if self.console.is_terminal:
            lines = text.wrap(self.console, max(20, self.console.width - indent))
        for line in lines:
            line.rstrip()
            self.console.print(Text(" " * indent) + line, soft_wrap=True)

    def _whole(self, text: str) -> None:
        """Print what a reader copies: a path or a command is never wrapped."""
        self.console.print(self._text(text), soft_wrap=True)
