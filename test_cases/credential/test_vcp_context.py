"""Contexts: the right ones in the right order, loadable, and no term that they would lose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from _terms import BASE_CONTEXT, expanded_as_meant, is_foreign, losses, untp_contexts

from harness.credential import Node, parse
from harness.errors import AbsentError
from harness.evidence import Absence, Evidence
from harness.judge import CredentialUnderTest, Findings, case, once
from harness.model import Finding
from harness.semantics.artefacts import registry
from harness.semantics.expansion import Dropped

RENDERING = ("/renderMethod", "/render", "/renderTemplate2024")
PROTECTED = ("protected term redefinition", "invalid context nullification")


def wrong_contexts(credential: CredentialUnderTest) -> Iterator[tuple[Node, str]]:
    """The official UNTP contexts that belong to another release or to another credential type."""
    expected = credential.type.context if credential.type else ""
    known = [node for node in untp_contexts(credential) if node.value in registry().contexts]
    foreign = [node for node in known if is_foreign(node.value, credential)]
    yield from ((node, "this context belongs to another release") for node in foreign)
    if known and not foreign and expected not in {node.value for node in known}:
        yield known[0], "this context belongs to another credential type"


@case("VCP-CTX-01", owns=["/@context/1", "/@context minItems"])
def the_untp_context_is_second(credential: CredentialUnderTest) -> Findings:
    """The UNTP context of the release follows directly after the base context."""
    if not isinstance(credential.value("@context"), list):
        return  # VCP-ENV-01
    contexts = list(credential.root["@context"] or ())
    allowed = sorted({spec.context for spec in credential.profile.types.values()})
    wanted = [credential.type.context] if credential.type else allowed
    second = contexts[1] if len(contexts) > 1 else None
    if second is not None and second.value in wanted:
        return
    if credential.type and any(node == second for node, _ in wrong_contexts(credential)):
        return  # a UNTP context, but of another type or release: VCP-CTX-02
    if second is not None and second.value == BASE_CONTEXT and contexts[0].value in wanted:
        return  # the two are exchanged: VCP-ENV-01
    yield (second or credential.root.at("@context")).finds(
        "the second context is not the UNTP context of this release",
        expected=" or ".join(sorted(wanted)),
        actual=None if second else "nothing",
        hint="Put the official UNTP context second, letter for letter; extension contexts come after it.",
    )


@case("VCP-CTX-02", owns="/@context/1", when=lambda credential: credential.type and untp_contexts(credential))
def the_context_fits_type_and_version(credential: CredentialUnderTest) -> Findings:
    """Each UNTP context belongs to the type and the release of the credential."""
    for node, message in wrong_contexts(credential):
        yield node.finds(
            message,
            expected=credential.type.context if credential.type else None,
            hint="Use the context of this type, and contexts of one release only.",
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
        if lost.is_type or lost.pointer.startswith(RENDERING) or _is_jwt_claim(credential, lost):
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


def _is_jwt_claim(credential: CredentialUnderTest, lost: Dropped) -> bool:
    """Whether it is the one registered JWT claim that VC-JOSE-COSE 3.1.3 allows and no context defines."""
    return lost.pointer == "/jti" and credential.security.token is not None


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
    nested = [context for node in nested_contexts(credential) for context in node]
    for node in (*(credential.root["@context"] or ()), *nested):
        if is_official(node.value):
            continue
        answer = credential.web[node.value] if isinstance(node.value, str) else None
        if isinstance(answer, Absence):
            raise AbsentError(f"the context {node.value} was not brought: {answer.reason}")
        if _has_vocabulary(context_of(credential, node)):
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
    for node in nested_contexts(credential):
        for name in aliases(node):
            yield node.finds(
                f"the context makes '{name}' another name of a JSON-LD keyword", expected="terms of its own only",
                actual=name, hint="Use id and type, which software that reads plain JSON knows.",
            )  # fmt: skip
    fault = credential.expansion.fault
    if fault is None or fault.code not in PROTECTED or expanded_as_meant(credential).fault is None:
        return
    added = [node for node in credential.root["@context"] or () if not is_official(node.value)]
    names = [name for node in added for name in redefined(context_of(credential, node), credential)]
    yield (added[0] if len(added) == 1 else credential.root.at("@context")).finds(
        f"a context redefines a protected term: {fault.message}",
        expected="terms of VCDM and UNTP unchanged",
        actual=", ".join(names) or fault.code,
        hint="Rename the term in the extension context; combine contexts of one release only.",
    )


@once
def nested_contexts(credential: CredentialUnderTest) -> list[Node]:
    """Each context that stands inside the credential instead of at its root."""
    holders = [node for node in credential.document.objects if "@context" in node.value]
    return [node.at("@context") for node in holders if node.pointer]


def aliases(context: Node) -> list[str]:
    """The names that a context makes aliases of keywords, id and type apart."""
    found = []
    for part in context:
        for name, term in part.value.items() if isinstance(part.value, dict) else ():
            target = term.get("@id") if isinstance(term, dict) else term
            if isinstance(target, str) and target.startswith("@") and not name.startswith("@"):
                found.append(name)
    return found


def is_official(context: Any) -> bool:
    """Whether a context is one of those that the registry holds."""
    return isinstance(context, str) and context in registry().contexts


def context_of(credential: CredentialUnderTest, node: Node) -> Any:
    """A context as JSON: what is written inline, or what stands behind its URL; None where nothing came."""
    if not isinstance(node.value, str):
        return node.value
    answer = credential.web[node.value]
    return parse(answer.body).value if isinstance(answer, Evidence) else None


def redefined(context: Any, credential: CredentialUnderTest) -> list[str]:
    """The names that a context shares with the base context and the UNTP context of the credential."""
    taken: set[str] = set()
    for url in (BASE_CONTEXT, credential.type.context if credential.type else ""):
        taken |= terms_of(registry().context(url))
    return sorted(terms_of(context) & taken)


def terms_of(context: Any) -> set[str]:
    """The names that a context defines at its top."""
    inner = context.get("@context", context) if isinstance(context, dict) else None
    return {name for name in inner if not name.startswith("@")} if isinstance(inner, dict) else set()


@case("VCP-CTX-08")
def types_resolve_to_absolute_iris(credential: CredentialUnderTest) -> Findings:
    """Every type is a term of a context or an absolute IRI."""
    for lost in losses(credential):
        if lost.is_type:
            message = f"the type '{lost.name}' means nothing here: {lost.detail}"
            conflict = _of_characteristics(credential, lost)
            if conflict is not None:
                yield Finding(message, lost.pointer).excused_by(conflict)
                continue
            near = f" Did you mean '{lost.nearest}'?" if lost.nearest else ""
            yield credential.document.finding(
                lost.pointer,
                message,
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
            if name.startswith(("@", "http://", "https://")) and (
                name in terms or name[0] != "@" or (not node.pointer and name in ("@id", "@type"))
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
    yield from credential.schema_findings(
        "VCP-RND-02",
        excused=lambda fault: (
            "CONFLICT-04" if foreign or (single and fault.pointer == "/renderMethod") else None
        ),
    )


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
