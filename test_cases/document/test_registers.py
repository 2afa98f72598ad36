"""Registers of UNTP, and single entries of them: software, identifier schemes."""

from __future__ import annotations

from _links import value_at

from harness.credential import Node
from harness.judge import DocumentUnderTest, Findings, case
from harness.semantics.patterns import matches
from harness.semantics.schema import SchemaFault

SOFTWARE = ["SoftwareRegister", "SoftwareRegisterEntry"]
SCHEMES = ["IdentifierSchemeRegister", "IdentifierSchemeEntry"]
PROOF = ("softwareVersion", "untpVersion", "testDate", "testSuite", "evidenceCredentialURL")
"""What a passing test result says, so that a reader can look it up."""


def entries(register: DocumentUnderTest) -> list[Node]:
    """The entries of a register, or the one that the document is."""
    found = list(register.root.each("entries")) if register.root["entries"] else [register.root]
    return [node for node in found if isinstance(node.value, dict)]


@case("EXT-REG-01", types=SOFTWARE)
def software_entries_are_valid(register: DocumentUnderTest) -> Findings:
    """An entry has the members and codes of the register's schema."""

    def excused(fault: SchemaFault) -> str | None:
        code = value_at(register.document.value, fault.pointer)
        return "CONFLICT-27" if fault.keyword == "enum" and code == "CVC" else None

    yield from register.schema_findings(None, excused=excused)


@case(
    "EXT-REG-02",
    types=SOFTWARE,
    when=lambda register: any(entry.get("status") == "conformant" for entry in entries(register)),
)
def conformant_software_has_evidence(register: DocumentUnderTest) -> Findings:
    """An entry that says conformant has a test result that passed, with its evidence."""
    for entry in entries(register):
        results = [result for product in entry.each("products") for result in product.each("testResults")]
        passed = [result for result in results if result.get("result") == "pass"]
        if entry.get("status") == "conformant" and not any(all(map(r.get, PROOF)) for r in passed):
            yield entry.at("status").finds(
                "the entry says conformant and shows no complete test result that passed",
                expected=f"a testResults item with result pass, {', '.join(PROOF)}",
                hint="Add the result of the test run with the URL of the credential that attests to it.",
            )


@case("IDR-REG-01", types=SCHEMES)
def scheme_entries_are_valid(register: DocumentUnderTest) -> Findings:
    """An entry has the members and codes of the register's schema."""
    yield from register.schema_findings(None)


@case(
    "IDR-REG-02",
    types=SCHEMES,
    when=lambda register: any(
        entry.get("registeredIdPattern") and entry.get("registeredIdExample") for entry in entries(register)
    ),
)
def the_example_fits_the_pattern(register: DocumentUnderTest) -> Findings:
    """The example of a scheme matches its pattern."""
    for entry in entries(register):
        pattern, example = entry.get("registeredIdPattern"), entry.get("registeredIdExample")
        if not isinstance(pattern, str) or not isinstance(example, str):
            continue
        fits = matches(pattern, example)
        if not fits:
            yield entry.at("registeredIdExample" if fits is False else "registeredIdPattern").finds(
                "the example does not match the pattern"
                if fits is False
                else "the pattern is no regular expression",
                expected=f"a match of {pattern}" if fits is False else "a regular expression (ECMA-262)",
                hint="Correct the one that is wrong: verifiers check numbers by the pattern.",
            )
