"""Whether the parts of a submission say the same: manifest, vendor file, list of evidence, recording and record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.exchange import Recording
from harness.judge.issuer import ISSUED, PROVOKED, issued_in_recording
from harness.listing.rules import Breach
from harness.listing.submission import Submission
from harness.report.visible import one_line

MOST = 20
"""Pieces of evidence that differ which are named one by one."""


def disagreements(submission: Submission) -> Iterator[Breach]:
    """Each place where a part of a submission says something else than its record."""
    yield from _terms(submission)
    yield from _vendor(submission)
    yield from _evidence(submission)


def _terms(submission: Submission) -> Iterator[Breach]:
    record, terms = submission.record, submission.terms
    pairs = {
        "at": (terms.at.strftime("%Y-%m-%dT%H:%M:%SZ"), record["at"]),
        "nonce": (terms.nonce, record["nonce"]),
        "profile": (terms.profile, record["scope"]["profile"]),
        "engine": (terms.engine, record["engines"]["mode"]),
        "anchors": (sorted(terms.anchors.parties), record.get("trusted", [])),
    }
    for name, (stated, recorded) in pairs.items():
        if stated != recorded:
            place = f"manifest.json at /terms/{name}"
            message = f"The manifest and the record differ in {name}."
            yield Breach("REV-REC-03", message, place, one_line(str(recorded)), one_line(str(stated)))


def _vendor(submission: Submission) -> Iterator[Breach]:
    record, data = submission.record, submission.vendor
    stated: dict[str, tuple[Any, Any]] = {
        "vendor": (data["vendor"], record["vendor"]),
        "product": (data["product"], record["product"]),
        "scope.components": (data["scope"]["components"], record["scope"]["components"]),
        "scope.roles": (data["scope"]["roles"], record["scope"]["roles"]),
    }
    if submission.terms.profile is not None:
        stated["scope.profile"] = (data["scope"]["profile"], record["scope"]["profile"])
    for name, (said, recorded) in stated.items():
        if said != recorded:
            message = f"The record is of another {name.rpartition('.')[2]}."
            yield Breach(
                "REV-VEN-03", message, f"vendor.toml at {name}", one_line(str(said)), one_line(str(recorded))
            )


def _evidence(submission: Submission) -> Iterator[Breach]:
    rows = (*submission.index["given"], *submission.index["web"])
    held = {(row["sha256"], row["name"]) for row in rows if "sha256" in row}
    named = {(row["sha256"], row["name"]) for row in submission.record["evidence"]}
    for what, missing in (
        ("The record does not name it.", held - named),
        ("It is not in the list.", named - held),
    ):
        for digest, name in sorted(missing)[:MOST]:
            yield Breach("REV-EVI-04", what, one_line(name, 200), actual=digest)
    recording = submission.store().recording
    live = submission.record.get("live")
    named_recording = live["recording"] if live is not None else Recording().sha256
    if recording.sha256 != named_recording:
        yield Breach(
            "REV-EVI-04", "The record names another recording of what was said to live endpoints.",
            "record.json at /live/recording", recording.sha256, named_recording,
        )  # fmt: skip
    answered = {(item.sha256, item.name) for item in issued_in_recording(recording)}
    given = {
        (row["sha256"], row["name"])
        for row in submission.index["given"]
        if row.get("origin") in (ISSUED, PROVOKED) and "sha256" in row
    }
    for digest, name in sorted(answered ^ given)[:MOST]:
        what = "A live issuer gave it, and it was not judged." if (digest, name) in answered else (
            "It is said to come from a live issuer, and the recording does not hold it."
        )  # fmt: skip
        yield Breach("REV-EVI-04", what, one_line(name, 200), actual=digest)
