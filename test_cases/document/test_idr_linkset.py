"""A link set is one of RFC 9264, says what each link is for, and fits the schema of its release."""

from __future__ import annotations

import re

from _links import PLAIN, contexts, relations, targets, value_at
from _lists import URI
from _lists import relations as registered

from harness.judge import DocumentUnderTest, Findings, case
from harness.semantics.schema import SchemaFault

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z")
"""A well-formed language tag (BCP 47)."""

STRUCTURE = (
    "/* additionalProperties", "/linkset type", "/linkset required", "/linkset/* type", "/linkset/*/* type",
    "/linkset/*/*/* type", "/linkset/*/*/*/href type", "/linkset/*/*/*/href required",
)  # fmt: skip
LANGUAGES = "/linkset/*/*/*/hreflang"
EXTENSIONS = ("encryptionMethod", "fwqs", "public")
TEXTS = ("title", "type", "media")


@case("IDR-SET-01", types=["LinkSet"], owns=STRUCTURE)
def it_is_a_link_set(linkset: DocumentUnderTest) -> Findings:
    """It is one array of context objects, whose relations are arrays of targets with href."""
    for name in linkset.root.value:
        if name != "linkset":
            yield linkset.root.at(name).finds(
                "a member stands beside linkset", expected="linkset as the only member",
                hint="Move it into a context object, or leave it out (RFC 9264, section 4.2.1).",
            )  # fmt: skip
    if not isinstance(linkset.value("linkset"), list):
        yield linkset.root.at("linkset").finds(
            "linkset is no array",
            expected="an array of context objects",
            hint="Write an array, also around one.",
        )
        return
    for node in linkset.root.each("linkset"):
        if not isinstance(node.value, dict):
            yield node.finds(
                "this is no context object", expected="an object", hint="Write an object with an anchor."
            )
    for context in contexts(linkset.root):
        for node in (context[name] for name in sorted(PLAIN & context.value.keys())):
            if node is not None and not isinstance(node.value, str):
                yield node.finds(f"'{node.name}' is no string", expected="a string", hint="Write one string.")
    for relation in relations(linkset.root):
        if not isinstance(relation.value, list):
            yield relation.finds(
                f"the relation {relation.name} is no array", expected="an array of targets",
                hint="Write an array, also around one target (RFC 9264, section 4.2.3).",
            )  # fmt: skip
            continue
        for target in relation:
            if not isinstance(target.value, dict) or not isinstance(target.get("href"), str):
                yield target.at("href").finds(
                    "the target has no href", expected="an object with href", actual=None if target["href"] else "nothing",
                    hint="Give the URL of the target as href.",
                )  # fmt: skip


@case("IDR-SET-03", types=["LinkSet"], owns=[LANGUAGES, *(f"/linkset/*/*/*/{name} type" for name in TEXTS)])
def target_attributes_have_the_right_types(linkset: DocumentUnderTest) -> Findings:
    """Languages are an array of tags; title, type and media are strings."""
    for target in targets(linkset.root):
        for name in TEXTS:
            node = target[name]
            if node is not None and not isinstance(node.value, str):
                yield node.finds(f"'{name}' is no string", expected="a string", hint="Write one string.")
        languages = target["hreflang"]
        if languages is not None and not isinstance(languages.value, list):
            yield languages.finds("hreflang is no array", expected="an array of tags", hint='Write ["en"].')
            continue
        for tag in languages or ():
            if not isinstance(tag.value, str) or not LANGUAGE.match(tag.value):
                yield tag.finds(
                    "this is no language tag", expected="a tag such as en or zh-Hant", hint="See BCP 47."
                )
    for fault in linkset.schema_faults.get("IDR-SET-03", ()):
        tag = value_at(linkset.document.value, fault.pointer)
        if fault.keyword == "pattern" and isinstance(tag, str) and LANGUAGE.match(tag):
            yield linkset.finding_of(fault).excused_by("CONFLICT-15")


@case(
    "IDR-SET-04",
    types=["LinkSet"],
    owns="/linkset/*/* additionalProperties",
    when=lambda linkset: any(relations(linkset.root)),
)
def relations_are_registered_or_uris(linkset: DocumentUnderTest) -> Findings:
    """A relation is a registered name, a name of UNTP or an absolute URI."""
    for relation in relations(linkset.root):
        if relation.name not in registered() and not URI.match(relation.name):
            yield relation.finds(
                f"the relation {relation.name!r} is neither registered nor a URI", actual=relation.name,
                expected="a name of the IANA registry, one of dpp, dcc, dfr, dte, dia, idr, or an absolute URI",
                hint="Use the UNTP name of the credential, or the URI of your relation (RFC 8288, section 2.1).",
            )  # fmt: skip
    for fault in linkset.schema_faults.get("IDR-SET-04", ()):
        if URI.match(relation_name(fault)) or relation_name(fault) in registered():
            yield linkset.finding_of(fault).excused_by("CONFLICT-13")


def relation_name(fault: SchemaFault) -> str:
    """The last part of the pointer of a fault."""
    return fault.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


@case("IDR-SET-05", types=["LinkSet"])
def it_fits_the_official_schema(linkset: DocumentUnderTest) -> Findings:
    """It validates against the published schema; faults that a requirement owns are reported there."""

    def excused(fault: SchemaFault) -> str | None:
        value = value_at(linkset.document.value, fault.pointer)
        name = relation_name(fault)
        named = str(value).lower().startswith(("urn:", "did:")) and URI.match(str(value))
        if name in ("anchor", "href") and fault.keyword == "pattern" and named:
            return "CONFLICT-16"
        if name in EXTENSIONS and fault.keyword == "type" and isinstance(value, list):
            return "CONFLICT-14"
        return "CONFLICT-15" if name == "title*" and fault.keyword == "additionalProperties" else None

    yield from linkset.schema_findings(None, excused=excused)


@case("IDR-SET-06", types=["LinkSet"], when=lambda linkset: any(targets(linkset.root)))
def links_say_their_media_type(linkset: DocumentUnderTest) -> Findings:
    """Each link has a title that says something, and a media type."""
    for target in targets(linkset.root):
        if target["type"] is None:
            yield target.finds(
                "the link does not say its media type", expected="type", actual="nothing",
                hint="Add type, as application/vc+jwt for a credential or text/html for a page.",
            )  # fmt: skip
        if isinstance(target.get("title"), str) and not target.get("title").strip():
            yield target.at("title").finds(
                "the title of the link is empty", expected="a title", hint="Say what the link is for."
            )


@case("IDR-SET-12", types=["LinkSet"], when=lambda linkset: any(targets(linkset.root)))
def links_explain_themselves(linkset: DocumentUnderTest) -> Findings:
    """In 0.6, each link has a title and a media type."""
    for target in targets(linkset.root):
        missing = [name for name in ("title", "type") if not target.get(name)]
        if missing:
            yield target.finds(
                f"the link has no {' and no '.join(missing)}", expected="title and type", actual="nothing",
                hint="Say what the link is for, and what it leads to.",
            )  # fmt: skip
