"""Schemas of an extension are valid, as strict as those of UNTP, and hold of its examples together with them."""

from __future__ import annotations

from harness.errors import AbsentError
from harness.judge import ExtensionUnderTest, Findings, case
from harness.semantics.schema import explain

MOST = 20
"""How many places one example is shown at: who loosens the core, loosens it in many."""


@case("EXT-SCH-01", when=lambda extension: extension.examples)
def examples_fit_core_and_extension(extension: ExtensionUnderTest) -> Findings:
    """Each example validates against the schema of UNTP and that of the extension."""
    for kind, example in extension.examples:
        core = explain(kind.core.schema, example.document.value)
        for fault in core:
            yield example.finds(
                fault.pointer,
                f"by the schema of {kind.core.name}: {fault.message}",
                expected=fault.expected,
                hint=fault.hint,
            )
        if kind.schema is not None and not list(extension.together.faults(kind.schema.name)):
            for place, message in extension.together.errors(kind.schema.name, example.document.value):
                if any(f"{fault.pointer}/".startswith(f"{place}/") for fault in core):
                    continue
                yield example.finds(
                    place, f"by {kind.schema.name}: {message}", expected="an example of its own schema",
                    hint="Correct the example, or the schema of the extension.",
                )  # fmt: skip


@case("EXT-SCH-02", when=lambda extension: any(kind.schema for kind in extension.types))
def the_core_is_not_loosened(extension: ExtensionUnderTest) -> Findings:
    """What the schema of UNTP rejects, the schema of the extension rejects too."""
    seen = False
    for kind, example in extension.examples:
        if kind.schema is None or list(extension.together.faults(kind.schema.name)):
            continue
        seen = True
        places = dict.fromkeys(
            extension.together.loosened(kind.schema.name, kind.core.schema, example.document.value)
        )
        for place in list(places)[:MOST]:
            yield example.finds(
                place, f"{kind.core.name} restricts this member, {kind.schema.name} does not", expected="the rule of UNTP",
                hint="Refer to the schema of UNTP with allOf, and only add rules.",
            )  # fmt: skip
    if not seen:
        raise AbsentError("no example stands beside a schema, so the two schemas cannot be compared")


ENVELOPE = ("issuer", "credentialSubject")
"""What a schema of a whole credential cannot do without."""


@case("VCP-SCH-06", when=lambda extension: any(kind.schema and kind.examples for kind in extension.types))
def a_schema_covers_the_whole_credential(extension: ExtensionUnderTest) -> Findings:
    """The schema of a type alone rejects a credential without issuer or subject."""
    for kind in extension.types:
        if kind.schema is None or not kind.examples or list(extension.together.faults(kind.schema.name)):
            continue
        example = kind.examples[0].document.value
        for member in ENVELOPE:
            rest = {name: value for name, value in example.items() if name != member}
            if extension.together.accepts(kind.schema.name, rest):
                yield kind.schema.finds(
                    "",
                    f"it accepts a credential without {member}",
                    expected="a schema of the whole credential",
                    actual="rules for a part of it",
                    hint="Refer to the schema of UNTP with allOf, so that one schema tells everything.",
                )


@case("EXT-SCH-03", when=lambda extension: extension.together.documents)
def schemas_are_valid(extension: ExtensionUnderTest) -> Findings:
    """Each schema is valid JSON Schema, and its references lead somewhere."""
    parts = {part.name: part for part in extension.schemas}
    parts |= {kind.schema.name: kind.schema for kind in extension.types if kind.schema is not None}
    for name, part in parts.items():
        for place, message in extension.together.faults(name):
            yield part.finds(
                place, message, expected="valid JSON Schema", hint="Correct the schema or the reference."
            )


@case("EXT-SCH-04", when=lambda extension: extension.examples)
def additions_go_to_open_places(extension: ExtensionUnderTest) -> Findings:
    """No example adds a member to a class that UNTP closes."""
    for kind, example in extension.examples:
        for fault in explain(kind.core.schema, example.document.value):
            if fault.keyword == "additionalProperties":
                yield example.finds(
                    fault.pointer, "the member is added where UNTP closes the class", expected=fault.expected,
                    hint="Put it into an open class: the subject, characteristics, or an object of your own.",
                )  # fmt: skip


@case("EXT-VAR-01", when=lambda extension: len([kind for kind in extension.types if kind.schema]) > 1)
def variants_stand_alone(extension: ExtensionUnderTest) -> Findings:
    """The schema of a type refers to none of a sibling type."""
    siblings = {kind.schema.name: kind for kind in extension.types if kind.schema is not None}
    for kind in siblings.values():
        for place, target in extension.together.targets(kind.schema.name) if kind.schema else ():
            if target in siblings and kind.schema is not None:
                yield kind.schema.finds(
                    place, f"the schema needs that of {siblings[target].name}", expected="a schema that stands alone",
                    hint="Move what both share into a schema of its own.",
                )  # fmt: skip
