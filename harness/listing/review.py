"""A reviewer's answer to a submission: listable, not listable or needs a person, each with the rule and the place.

The same code runs on the vendor's desk and at the UN. No verdict is believed: it is judged again, offline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from harness.evidence import Evidence
from harness.gather.web import Source
from harness.judge import load_suite
from harness.listing.agreement import disagreements
from harness.listing.answers import differing_answers, uncompared
from harness.listing.archive import read_members, read_submission_file
from harness.listing.conformance_assertion import declaration_address
from harness.listing.declaration import live_breaches, published
from harness.listing.freshness import stale_questions
from harness.listing.repeated import judged_again
from harness.listing.rules import NOT_LISTABLE, Breach, Rule, SubmissionRefusedError, Window, load_rules
from harness.listing.sealing import SealCheck
from harness.listing.shown import shown_components
from harness.listing.submission import Submission, open_members
from harness.report.visible import one_line
from harness.trust.moments import moment


class Answer(StrEnum):
    """What a review says."""

    LISTABLE = "listable"
    NOT_LISTABLE = "not listable"
    NEEDS_PERSON = "needs a person"


EXIT_CODES: Mapping[Answer, int] = {Answer.LISTABLE: 0, Answer.NOT_LISTABLE: 1, Answer.NEEDS_PERSON: 3}


class Depth(StrEnum):
    """How far a review goes: the whole way, or integrity, seal and scope alone, as for the register."""

    WHOLE = "whole"
    SEAL = "seal"


@dataclass(frozen=True)
class Review:
    """The answer and all that it rests on."""

    answer: Answer
    breaches: tuple[Breach, ...]
    at: datetime
    checked: tuple[Rule, ...]
    submission: Submission | None = field(default=None, repr=False)
    again: bytes | None = field(default=None, repr=False)
    confirm: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Members: review, answer, at, product, record, judged_again, breaches, confirm, rules."""
        record = self.submission.record if self.submission else None
        rules = load_rules().rules
        return {
            "review": 1,
            "answer": str(self.answer),
            "at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "vendor": record["vendor"] if record else None,
            "product": record["product"] if record else None,
            "verdict": record["verdict"] if record else None,
            "judged_again": None if self.again is None or self.submission is None
            else "same bytes" if self.again == self.submission.record_body else "other bytes",
            "breaches": [
                {
                    "rule": breach.rule, "severity": rules[breach.rule].severity, "what": rules[breach.rule].what,
                    "message": breach.message, "place": breach.place, "expected": breach.expected,
                    "actual": breach.actual, "details": [dict(row) for row in breach.details],
                }
                for breach in self.breaches
            ],
            "confirm": list(self.confirm),
            "rules": [rule.id for rule in self.checked],
        }  # fmt: skip


def review_file(
    path: Path, *, at: datetime, nonce: str | None = None, web: Sequence[Source] = (), depth: Depth = Depth.WHOLE,
    jobs: int = 1,
) -> Review:  # fmt: skip
    """Review a submission in a file. Raises UsageError where there is no such file."""
    try:
        body = read_submission_file(path, load_rules().window)
    except SubmissionRefusedError as refusal:
        return _answered(refusal.breaches, at)
    return review(body, at=at, nonce=nonce, web=web, depth=depth, jobs=jobs)


def review(
    body: bytes, *, at: datetime, nonce: str | None = None, web: Sequence[Source] = (), depth: Depth = Depth.WHOLE,
    jobs: int = 1,
) -> Review:  # fmt: skip
    """Review the bytes of a submission at a moment; never raises for what a stranger wrote."""
    book = load_rules()
    try:
        submission, breaches = open_members(read_members(body, book.window))
    except SubmissionRefusedError as refusal:
        return _answered(refusal.breaches, at)
    check = SealCheck(submission, at, tuple(web))
    breaches += [*disagreements(submission), *check.breaches()]
    breaches += differing_answers(submission, web)
    breaches += _scope(submission, book.window)
    if depth is Depth.SEAL:
        return _answered(tuple(breaches), at, submission)
    breaches += _run(submission, book.window, at, nonce)
    breaches += [*stale_questions(submission), *_declared(submission, web, at)]
    again, more = judged_again(submission, jobs)
    return _answered(
        (*breaches, *more), at, submission, again, (*check.to_confirm(), *_to_compare(submission, web))
    )


def _answered(
    breaches: Sequence[Breach],
    at: datetime,
    submission: Submission | None = None,
    again: bytes | None = None,
    confirm: tuple[str, ...] = (),
) -> Review:
    rules = load_rules().rules
    order = list(rules)
    ordered = tuple(sorted(breaches, key=lambda breach: order.index(breach.rule)))
    answer = Answer.LISTABLE
    if any(rules[breach.rule].severity == NOT_LISTABLE for breach in ordered):
        answer = Answer.NOT_LISTABLE
    elif ordered:
        answer = Answer.NEEDS_PERSON
    return Review(answer, ordered, at, tuple(rules.values()), submission, again, confirm)


def _to_compare(submission: Submission, web: Sequence[Source]) -> Iterator[str]:
    """What the vendor wrote down of the web of others, and of what its endpoints said."""
    open_answers = uncompared(submission, web)
    if open_answers:
        yield (
            f"{open_answers:,} answers of the web (DID documents, status lists, what is linked) are as the vendor "
            "wrote them down; --web DIR compares them"
        )
    said = len(submission.store().recording.exchanges)
    if said:
        yield f"{said:,} exchanges with live endpoints are as the vendor wrote them down; only a run of your own repeats them"


def _run(submission: Submission, window: Window, at: datetime, nonce: str | None) -> Iterator[Breach]:
    record = submission.record
    version, digest = record["harness"]["version"], record["harness"]["suite"]
    if version not in window.suite_versions:
        accepted = ", ".join(window.suite_versions)
        yield Breach(
            "REV-SUI-01",
            "This suite version is not accepted.",
            "record.json at /harness/version",
            accepted,
            version,
        )
    if digest not in (load_suite().digest, *window.suite_digests):
        yield Breach(
            "REV-SUI-02",
            "The run was made with another suite.",
            "record.json at /harness/suite",
            load_suite().digest,
            digest,
        )
    if nonce is not None and nonce != record["nonce"]:
        yield Breach(
            "REV-NON-01",
            "The record holds another nonce.",
            "record.json at /nonce",
            nonce,
            str(record["nonce"]),
        )
    made = moment(record["at"])
    if made is None or made > at + timedelta(minutes=window.ahead_minutes):
        yield Breach(
            "REV-AGE-02", "The run lies in the future.", "record.json at /at", at.isoformat(), record["at"]
        )
    elif made < at - timedelta(days=window.oldest_days):
        expected = f"at most {window.oldest_days} days before {at.isoformat()}"
        yield Breach("REV-AGE-01", "The run is too old.", "record.json at /at", expected, record["at"])


def _scope(submission: Submission, window: Window) -> Iterator[Breach]:
    record = submission.record
    if submission.terms.only:
        chosen = one_line(", ".join(submission.terms.only), 200)
        yield Breach(
            "REV-SCO-01", "Only a selection was run.", "manifest.json at /terms/only", "no selection", chosen
        )
    profiles = {row["profile"] for row in record["subjects"] if row["profile"]} | {record["scope"]["profile"]}
    for name in sorted(profiles - {None} - set(window.profiles)):
        accepted = ", ".join(window.profiles)
        yield Breach(
            "REV-SCO-02",
            "This profile cannot be listed.",
            "record.json at /scope/profile",
            accepted,
            one_line(name),
        )
    shown = shown_components(record)
    for component in record["scope"]["components"]:
        if component not in shown:
            yield Breach(
                "REV-SCO-03",
                f"Nothing shows {component}.",
                "record.json at /scope/components",
                "a requirement of it that passed",
            )
    for role in record["scope"]["roles"]:
        said = record["roles"].get(role)
        if said != "conformant":
            yield Breach(
                "REV-SCO-04",
                f"The role {role} is not shown.",
                "record.json at /roles",
                "conformant",
                str(said),
            )
    for outcome in ("not_run", "error", "review"):
        count = record["counts"]["MUST"][outcome]
        if count:
            yield Breach(
                "REV-SCO-05",
                f"{count:,} results that bind are open: {outcome}.",
                "record.json at /counts/MUST",
            )
    if record["verdict"] != "conformant":
        reasons = "; ".join(f"{row['requirement']} {row['outcome']}" for row in record["reasons"])
        yield Breach(
            "REV-VER-01",
            "The product is not conformant.",
            "record.json at /verdict",
            "conformant",
            one_line(f"{record['verdict']}: {reasons}"),
        )
    for row in record["expected_failures"]:
        state = {"passed": "; it passes now", "unmatched": "; it matches nothing"}.get(
            row.get("state", ""), ""
        )
        yield Breach(
            "REV-EXP-01",
            one_line(f"{row['reason']}{state}"),
            "record.json at /expected_failures",
            actual=one_line(f"{row['requirement']} {row.get('issue', '')}".strip()),
        )


def _declared(submission: Submission, web: Sequence[Source], at: datetime) -> Iterator[Breach]:
    """What the vendor declares on its own web, where the reviewer brings it: the domains of vendor and product."""
    record = submission.record
    homes = ((record["vendor"] or {}).get("website"), (record["product"] or {}).get("url"))
    for url in dict.fromkeys(declaration_address(home) for home in homes if home):
        if isinstance(published(url, web, at).answer, Evidence):
            yield from live_breaches(url, web, at, record, submission.record_body)
