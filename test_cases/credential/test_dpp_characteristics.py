"""Sector data stands in characteristics, in terms that an extension context defines."""

from __future__ import annotations

from harness.judge import CredentialUnderTest, Findings, case


@case("DPP-CHAR-01", when=lambda credential: credential.members("characteristics"))
def characteristics_use_defined_terms(credential: CredentialUnderTest) -> Findings:
    """What characteristics hold is defined by a context, not left to a catch-all or dropped."""
    told = "?"
    for item in credential.expanded.dropped:
        if (
            "characteristics" not in item.pointer.split("/")
            or item.is_type
            or item.pointer.startswith(f"{told}/")
        ):
            continue
        told = item.pointer
        yield credential.document.finding(
            item.pointer,
            f"no context defines '{item.name}'",
            expected="a term of an extension context",
            actual=item.detail,
            hint="Publish a context that defines the term and name it after the UNTP context.",
        )
