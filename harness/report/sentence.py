"""The verdict in one sentence, said the same in every format."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from harness.report.findings import tally
from harness.report.texts import Texts


def sentence(record: Mapping[str, Any], texts: Texts) -> str:
    """Say in one sentence why the verdict is what it is. It tells what was counted and judges nothing."""
    if record["verdict"] == "conformant":
        return texts("sentence.conformant")
    failed = [row for row in record["results"] if row["outcome"] == "failed"]
    if failed:
        return texts(
            "sentence.nonconformant",
            n=len({row["requirement"] for row in failed}),
            subjects=counted(
                {row["subject"] for row in failed}, {row["name"] for row in record["subjects"]}, texts
            ),
        )
    if not any(tally(record, outcome) for outcome in ("passed", "warning", "not_run", "error", "review")):
        return texts("sentence.nothing")
    must = record["counts"]["MUST"]
    unsettled = {outcome: must[outcome] for outcome in ("not_run", "error", "review")}
    if not any(unsettled.values()) and tally(record, "passed") and tally(record, "warning"):
        return texts("sentence.misfit")
    return texts("sentence.undetermined", n=sum(unsettled.values()), **unsettled)


def counted(names: Collection[str], credentials: Collection[str], texts: Texts) -> str:
    """Say how many subjects there are: credentials where all of them are, else credentials or endpoints."""
    known = all(name in credentials for name in names)
    return texts("count.credentials" if known else "count.subjects", n=len(names))


def organisation(record: Mapping[str, Any], texts: Texts) -> str:
    """Who is reported on."""
    return str(record["vendor"]["name"]) if record["vendor"] else texts("facts.no_vendor")


def product(record: Mapping[str, Any], texts: Texts) -> str:
    """Which product, in which version, is reported on."""
    if not record["product"]:
        return texts("facts.no_product")
    return " ".join(part for part in (record["product"]["name"], record["product"].get("version")) if part)
