"""Examples of an extension keep the types of UNTP, work for core systems, and are enough."""

from __future__ import annotations

from harness.judge import ExtensionUnderTest, Findings, case
from harness.model import Outcome
from harness.semantics.schema import explain

ENOUGH = 2
UNSIGNED = ("VCP-JOSE-01", "VCP-JOSE-02")
"""What an example fails that is shown without a signature."""
REGISTERED = ("https://id.gs1.org/gtin", "https://id.gs1.org/gln")
"""The UNTP register of identifier schemes, April 2026."""


@case("EXT-CTX-03-EXT", requirement="EXT-CTX-03", when=lambda extension: extension.examples)
def parent_types_stay_in_place(extension: ExtensionUnderTest) -> Findings:
    """Each example lists the type and class of UNTP next to its own."""
    for kind, example in extension.examples:
        root = example.document.root
        for name in (kind.core.name, kind.name):
            if name not in root.types:
                yield example.finds(
                    "/type" if root["type"] else "", f"the type {name} is not listed", expected=f"'{name}' in type",
                    hint="List the core type next to the extension's.",
                )  # fmt: skip
        for subject in root.each("credentialSubject"):
            if not set(kind.core.subject) & set(subject.types):
                yield example.finds(
                    subject.at("type").pointer, "the class of UNTP is not listed", expected=" or ".join(kind.core.subject),
                    hint="List the core class next to the extension's.",
                )  # fmt: skip


@case("EXT-ID-01", when=lambda extension: extension.description.get("registered") and extension.examples)
def identifier_schemes_are_registered(extension: ExtensionUnderTest) -> Findings:
    """Each identifier scheme of a registered extension is in the UNTP register."""
    for _, example in extension.examples:
        for scheme in example.document.members("idScheme"):
            if isinstance(scheme.value, dict) and scheme.get("id") not in REGISTERED:
                yield example.finds(
                    scheme.at("id").pointer, "the identifier scheme is not in the UNTP register", expected=", ".join(REGISTERED),
                    hint="Have the scheme registered: https://untp.unece.org/registers/idr.",
                )  # fmt: skip


@case("EXT-TEST-01", when=lambda extension: extension.examples)
def core_systems_accept_the_examples(extension: ExtensionUnderTest) -> Findings:
    """Judged as a credential of UNTP alone, an example breaks no rule of the core beside schema and contexts."""
    for kind, example in extension.examples:
        known = {fault.pointer for fault in explain(kind.core.schema, example.document.value)}
        known |= {lost.pointer for lost in extension.expanded(example.document.value).dropped}
        for result in extension.judge_core(example):
            further = [finding for finding in result.findings if finding.pointer not in known]
            if result.outcome is Outcome.FAILED and result.requirement not in UNSIGNED and further:
                yield example.finds(
                    further[0].pointer or "",
                    f"{result.requirement}: {further[0].message}",
                    expected=further[0].expected,
                    actual=further[0].actual,
                    hint=further[0].hint,
                )


@case("EXT-TEST-02")
def each_type_is_shown_and_tested(extension: ExtensionUnderTest) -> Findings:
    """Each type has two examples; test cases and a test report are published."""
    for kind in extension.types:
        if len(kind.examples) < ENOUGH:
            yield extension.table.finds(
                "",
                f"the type {kind.name} is shown by fewer than two examples",
                expected="two or more",
                actual=str(len(kind.examples)),
                hint="Show another variant.",
            )
    for member in ("tests", "report"):
        if member not in extension.description:
            yield extension.table.finds(
                "",
                f"extension.toml names no {member}",
                expected="a URL",
                actual="nothing",
                hint=f"Publish the {member} and name its URL.",
            )
