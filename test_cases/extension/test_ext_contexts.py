"""Contexts of an extension add terms, take none away, and change none of UNTP."""

from __future__ import annotations

import re

from harness.errors import AbsentError
from harness.evidence import Absence
from harness.judge import ExtensionUnderTest, Findings, case
from harness.judge.extension import PROTECTED
from harness.semantics.extension import catch_alls, defined

VERSION = re.compile(r"(?<![0-9])v?[0-9]+(\.[0-9]+)*(?![0-9])")
IRI = re.compile(r"https?://[^\s]+\Z")


@case("VCP-CTX-05-EXT", requirement="VCP-CTX-05")
def no_context_has_a_catch_all(extension: ExtensionUnderTest) -> Findings:
    """No context of the extension has an @vocab, which takes undefined terms in."""
    for part in extension.contexts:
        for place in catch_alls(part.document.value):
            yield part.finds(
                place, "a catch-all @vocab takes undefined terms", expected="no @vocab",
                hint="Define each term; a slip of the pen has to be an error.",
            )  # fmt: skip


@case("VCP-CTX-06-EXT", requirement="VCP-CTX-06")
def no_protected_term_is_redefined(extension: ExtensionUnderTest) -> Findings:
    """No context of the extension redefines a protected term of VCDM or UNTP."""
    for core in {kind.core.context: kind.core for kind in extension.types}.values():
        fault = extension.stacked(core).fault
        if fault is None or fault.code not in PROTECTED:
            continue
        guilty = [(part, place) for part in extension.contexts for place in extension.redefined(part, core)]
        for part, place in guilty or [(extension.contexts[0], "/@context")]:
            yield part.finds(
                place,
                f"a protected term of {core.context} is given another meaning",
                expected="terms of its own only",
                hint="Rename your term, or leave it out: credentials name the context of UNTP first.",
            )


@case("VCP-CTX-03-EXT", requirement="VCP-CTX-03")
def every_context_can_be_processed(extension: ExtensionUnderTest) -> Findings:
    """Each context of the extension is one that a JSON-LD processor can read, after those of UNTP."""
    for core in {kind.core.context: kind.core for kind in extension.types}.values():
        fault = extension.stacked(core).fault
        if fault is not None and fault.absence is not None:
            raise AbsentError(f"the context {fault.subject} is not there: {fault.message}")
        if fault is not None and fault.code not in PROTECTED:
            yield extension.contexts[0].finds(
                "/@context", f"the contexts cannot be processed: {fault.message}", expected="JSON-LD 1.1",
                actual=fault.subject, hint=f"JSON-LD error: {fault.code}.",
            )  # fmt: skip


@case("EXT-CTX-01")
def examples_use_defined_terms(extension: ExtensionUnderTest) -> Findings:
    """Each example names the context of the extension, which defines all that it adds."""
    own = {part.url for part in extension.contexts}
    missing = []
    if not extension.examples:
        raise AbsentError("the extension has no example, so its terms cannot be seen in use")
    for _, example in extension.examples:
        named = [node.value for node in example.document.root.each("@context")]
        if not own & {name for name in named if isinstance(name, str)}:
            yield example.finds(
                "/@context", "the example does not name a context of the extension", expected=", ".join(sorted(filter(None, own))),
                hint="Add the context after those of VCDM and UNTP.",
            )  # fmt: skip
        expansion = extension.expanded(example.document.value)
        if expansion.fault is not None and expansion.fault.absence is not None:
            missing.append(expansion.fault.subject)
        elif expansion.fault is not None:
            yield example.finds(
                "/@context",
                f"the example cannot be expanded: {expansion.fault.message}",
                hint="Mend the contexts.",
            )
        for lost in expansion.dropped:
            yield example.finds(
                lost.pointer, f"'{lost.name}' means nothing: {lost.detail}", expected="a term that a context defines",
                hint="Define the term in the context of the extension.",
            )  # fmt: skip
    if missing:
        raise AbsentError(f"the context {missing[0]} is not there, so the example cannot be expanded")


@case("EXT-CTX-02")
def contexts_are_versioned(extension: ExtensionUnderTest) -> Findings:
    """The URL of a context names its version; a new version keeps the terms of the one before."""
    for row, part in zip(extension.description["context"], extension.contexts, strict=True):
        path = "/".join(row["url"].split("/")[3:])
        if not VERSION.search(path):
            yield part.finds(
                "/@context", "the URL of the context names no version", expected="a version in the URL",
                actual=row["url"], hint="Publish each version under a URL of its own: credentials live long.",
            )  # fmt: skip
        if part.previous is not None:
            now = {place for place, _ in defined(part.document.value)}
            for place, _ in defined(part.previous.value):
                if place not in now:
                    yield part.finds(
                        "/@context", f"the term {place.rpartition('/')[2]} of the version before is gone",
                        expected="every term that was ever published", actual=place, hint="Deprecate a term; never delete it.",
                    )  # fmt: skip


@case("EXT-GOV-03")
def every_component_has_a_public_uri(extension: ExtensionUnderTest) -> Findings:
    """Each context, and each term that it defines, is found under a URL of the web."""
    for part in extension.contexts:
        for place, iri in extension.iris(part):
            if not IRI.match(iri):
                yield part.finds(
                    place, "the term has no address on the web", expected="an https URI", actual=iri,
                    hint="Give each term a URI on your site.",
                )  # fmt: skip
    unknown = []
    for url, answer in sorted(extension.web.items()):
        if isinstance(answer, Absence) and answer.fault == "vendor":
            yield extension.table.finds(
                "",
                f"{url}: {answer.reason}",
                expected="a page or document",
                actual=answer.reason,
                hint="Publish it.",
            )
        elif isinstance(answer, Absence):
            unknown.append(answer)
    if unknown:
        raise AbsentError(
            f"{unknown[0].name}: {unknown[0].reason}", hint="Give it with --web DIR, or allow --online."
        )
