"""Extension types stand next to the types of UNTP that they extend, so that core systems still know them."""

from __future__ import annotations

from _crm import CORE

from harness.judge import CredentialUnderTest, Findings, case


@case("EXT-CTX-03", types=CORE, when=lambda credential: credential.type and credential.type.extends)
def parent_types_stay_in_place(credential: CredentialUnderTest) -> Findings:
    """An extended credential lists the type of UNTP, and its subject the class of UNTP."""
    kind = credential.type
    if kind is None or kind.extends is None:
        return
    if kind.extends not in credential.root.types:
        yield credential.root.at("type").finds(
            f"the type of UNTP that {kind.name} extends is not listed",
            expected=f"'{kind.extends}' in type",
            hint="Keep the core type next to the extension's: systems that know only the core go by it.",
        )
    classes = credential.profile.types[kind.extends].subject
    for subject in credential.subjects:
        if not set(classes) & set(subject.types):
            yield subject.at("type").finds(
                "the class of UNTP that the subject's class extends is not listed",
                expected=" or ".join(classes),
                hint="Keep the core class next to the extension's.",
            )
