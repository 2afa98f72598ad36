"""Contexts: the right ones in the right order, loadable, and no term that they would lose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.credential import Node, parse
from harness.errors import AbsentError
from harness.evidence import Evidence
from harness.judge import CredentialUnderTest, Findings, case
from harness.model import Finding
from harness.semantics.artefacts import registry
from harness.semantics.expansion import Dropped

RENDERING = ("/renderMethod", "/render", "/renderTemplate2024")
UNTP_HOSTS = ("vocabulary.uncefact.org/untp", "test.uncefact.org/vocabulary/untp")
PROTECTED = ("protected term redefinition", "invalid context nullification")


def untp_contexts(credential: CredentialUnderTest) -> list[Node]:
    """The entries of @context that are UNTP contexts, by their address."""
    contexts = credential.root["@context"]
    found = [n for n in contexts or () if isinstance(n.value, str)]
    return [node for node in found if any(host in node.value for host in UNTP_HOSTS)]


def losses(credential: CredentialUnderTest) -> Iterator[Dropped]:
    """What expansion loses; nothing where there is no expansion, which VCP-CTX-03 or -06 reports."""
    if credential.expansion.fault is None:
        yield from credential.expansion.dropped


@case("VCP-CTX-01", owns=["/@context/1", "/@context minItems"])
def the_untp_context_is_second(credential: CredentialUnderTest) -> Findings:
    """The UNTP context of the release follows directly after the base context."""
    contexts = list(credential.root["@context"] or ())
    expected = credential.type.context if credential.type else None
    allowed = {spec.context for spec in credential.profile.types.values()}
    second = contexts[1] if len(contexts) > 1 else None
    if second is not None and (second.value == expected or (expected is None and second.value in allowed)):
        return
    if untp_contexts(credential)[:1] == [second] and second is not None and second.value in allowed:
        return  # a UNTP context, but of another type: VCP-CTX-02
    yield (second or credential.root.at("@context")).finds(
        "the second context is not the UNTP context of this release",
        expected=expected or " or ".join(sorted(allowed)),
        actual=None if second else "nothing",
        hint="Put the official UNTP context second, letter for letter; extension contexts come after it.",
    )


@case("VCP-CTX-02", when=lambda credential: credential.type and untp_contexts(credential))
def the_context_fits_type_and_version(credential: CredentialUnderTest) -> Findings:
    """Each UNTP context belongs to the type and the release of the credential."""
    allowed = {spec.context for spec in credential.profile.types.values()}
    expected = credential.type.context if credential.type else ""
    known = [node for node in untp_contexts(credential) if node.value in registry().contexts]
    for node in known:
        if node.value not in allowed:
            yield node.finds(
                "this context belongs to another release",
                expected=expected,
                hint="Use the contexts of one release only.",
            )
    if known and all(node.value in allowed for node in known) and expected not in {n.value for n in known}:
        yield known[0].finds(
            "this context belongs to another credential type",
            expected=expected,
            hint="Use the context of this type.",
        )


@case("VCP-CTX-03")
def every_context_loads(credential: CredentialUnderTest) -> Findings:
    """Every context loads and is JSON-LD."""
    fault = credential.expansion.fault
    if fault is None or fault.code in PROTECTED:
        return
    place = next((n for n in credential.root["@context"] or () if n.value == fault.subject), None)
    if fault.absence is not None:
        if fault.absence.fault != "vendor":
            raise AbsentError(
                f"the context {fault.subject} was not brought: {fault.message}",
                hint="Give it with --web DIR, or allow --online. Official contexts of supported releases need neither.",
            )
        yield (place or credential.root.at("@context")).finds(
            f"the context {fault.subject} does not exist",
            expected="a context of a UNTP release",
            hint="Use the official context URL of the release, letter for letter.",
        )
        return
    yield (place or credential.root.at("@context")).finds(
        f"the credential cannot be expanded: {fault.message}",
        expected="contexts that every JSON-LD 1.1 processor accepts",
        actual=f"{fault.code}: {fault.subject}" if fault.subject else fault.code,
        hint="Try the document in a JSON-LD processor; the code names the rule of the JSON-LD 1.1 API.",
    )


@case("VCP-CTX-04")
def added_properties_are_defined(credential: CredentialUnderTest) -> Findings:
    """Every property is mapped by a context that the credential references."""
    for lost in losses(credential):
        if lost.is_type or lost.pointer.startswith(RENDERING):
            continue
        near = f" Did you mean '{lost.nearest}'?" if lost.nearest else ""
        message = f"the term '{lost.name}' means nothing here ({lost.reason}): {lost.detail}"
        conflict = _of_characteristics(credential, lost)
        if conflict is not None:
            yield Finding(message, lost.pointer).excused_by(conflict)
            continue
        yield credential.document.finding(
            lost.pointer,
            message,
            expected="a term that a referenced context defines",
            actual=credential.document.shown(lost.pointer, 80),
            hint=f"Define it in an extension context after the UNTP one, or use a UNTP term.{near}",
        )


def _of_characteristics(credential: CredentialUnderTest, lost: Dropped) -> str | None:
    """The conflict that excuses a loss at the extension point `characteristics`; DPP-CHAR-01 warns of it."""
    parts = lost.pointer.split("/")
    if "characteristics" not in parts:
        return None
    if credential.version in ("0.6.0", "0.6.1"):
        return "CONFLICT-32" if parts[-1] == "characteristics" else None
    return "CONFLICT-05" if lost.reason == "catch-all" else None


@case("VCP-CTX-05")
def added_contexts_have_no_catch_all(credential: CredentialUnderTest) -> Findings:
    """No context that the issuer adds uses @vocab."""
    for node in credential.root["@context"] or ():
        if isinstance(node.value, str) and node.value in registry().contexts:
            continue
        context: Any = node.value
        if isinstance(node.value, str):
            answer = credential.web[node.value]
            if not isinstance(answer, Evidence):
                raise AbsentError(f"the context {node.value} was not brought: {answer.reason}")
            context = parse(answer.body).value
        if _has_vocabulary(context):
            yield node.finds(
                "this context maps undefined terms with @vocab",
                expected="each term defined by name",
                actual="@vocab",
                hint="Remove @vocab and define the terms that you use, one by one.",
            )


def _has_vocabulary(context: Any) -> bool:
    todo = [context]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            if value.get("@vocab") is not None:
                return True
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)
    return False


@case("VCP-CTX-06")
def protected_terms_stay_as_they_are(credential: CredentialUnderTest) -> Findings:
    """Extension contexts leave the terms of VCDM and UNTP as they are."""
    fault = credential.expansion.fault
    if fault is not None and fault.code in PROTECTED:
        yield credential.root.at("@context").finds(
            f"a context redefines a protected term: {fault.message}",
            expected="terms of VCDM and UNTP unchanged",
            actual=fault.subject or fault.code,
            hint="Rename the term in the extension context; combine contexts of one release only.",
        )


@case("VCP-CTX-08")
def types_resolve_to_absolute_iris(credential: CredentialUnderTest) -> Findings:
    """Every type is a term of a context or an absolute IRI."""
    for lost in losses(credential):
        if lost.is_type:
            near = f" Did you mean '{lost.nearest}'?" if lost.nearest else ""
            yield credential.document.finding(
                lost.pointer,
                f"the type '{lost.name}' means nothing here: {lost.detail}",
                expected="a type that a referenced context defines",
                actual=lost.name,
                hint=f"Correct the spelling, or define the type in an extension context.{near}",
            )


@case("VCP-CTX-11")
def the_payload_is_compacted(credential: CredentialUnderTest) -> Findings:
    """The document is in compacted form: a context and short names."""
    terms = {"@graph", "@included", "@reverse", "@nest"}
    for node in credential.document.objects:
        for name in node.value:
            if (
                name in terms
                or (not node.pointer and name in ("@id", "@type"))
                or name.startswith(("http://", "https://"))
            ):
                yield node.at(name).finds(
                    f"'{name}' belongs to another form of JSON-LD",
                    expected="compacted form with the terms of the contexts",
                    actual=name,
                    hint="Compact the document with its contexts before signing.",
                )


@case("VCP-CTX-12", owns=["/@context uniqueItems", "/@context/* type"])
def contexts_are_distinct_urls(credential: CredentialUnderTest) -> Findings:
    """Every context is a URL, and none occurs twice."""
    seen: set[str] = set()
    for node in credential.root["@context"] or ():
        if not isinstance(node.value, str):
            yield node.finds(
                "a context is written inline",
                expected="a URL",
                hint="Publish the context and reference its URL.",
            )
        elif node.value in seen:
            yield node.finds(
                "a context occurs twice", expected="each context once", hint="Remove the repetition."
            )
        else:
            seen.add(node.value)


@case("VCP-RND-01")
def the_credential_can_be_rendered(credential: CredentialUnderTest) -> Findings:
    """The credential has a renderMethod so that people can read it."""
    if not list(credential.root.each("renderMethod")):
        yield credential.root.finds(
            "there is no renderMethod", expected="at least one render method", actual="nothing",
            hint="Add a render method with a template, so that people can read the credential.",
        )  # fmt: skip


@case("VCP-RND-02", owns="/renderMethod", when=lambda credential: credential.root["renderMethod"])
def the_render_method_has_its_form(credential: CredentialUnderTest) -> Findings:
    """RenderMethod is an array of RenderTemplate2024 objects; W3C forms are a conflict of standards."""
    methods = list(credential.root.each("renderMethod"))
    w3c = bool(methods) and all(isinstance(node.value, dict) and node.types for node in methods)
    foreign = w3c and not any("RenderTemplate2024" in node.types for node in methods)
    single = w3c and isinstance(credential.value("renderMethod"), dict)
    for finding in credential.schema_findings(
        "VCP-RND-02",
        excused=lambda fault: (
            "CONFLICT-04" if foreign or (single and fault.pointer == "/renderMethod") else None
        ),
    ):
        yield finding


@case("VCP-RND-03", when=lambda credential: any(credential.root[name[1:]] for name in RENDERING))
def render_members_are_defined(credential: CredentialUnderTest) -> Findings:
    """The render property and its members are defined by the referenced contexts."""
    for lost in losses(credential):
        if lost.pointer.startswith(RENDERING) and not lost.is_type:
            yield credential.document.finding(
                lost.pointer,
                f"the term '{lost.name}' means nothing here ({lost.reason}): {lost.detail}",
                expected="renderMethod, and members that its type defines",
                actual=lost.name,
                hint="Use renderMethod with a type whose context is listed; final 0.7.0 knows RenderTemplate2024.",
            )
