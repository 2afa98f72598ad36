"""Schemes, profiles and criteria have stable addresses of their own, serve people and machines, and fit together."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from harness.judge import Findings, case
from harness.judge.answers import OK
from harness.judge.endpoint import json_of
from harness.judge.vocabulary import VocabularyUnderTest

VERSION = re.compile(r"\d+(\.\d+)+|[/-]v?\d+(?=[/.#]|\Z)")
"""A version in a URI: 1.0.0, v1, 2024."""

CRITERIA_LEVEL, FULL_LEVEL = 2, 3


@case("CVC-URI-01", when=lambda vocabulary: vocabulary.of("cited"))
def criteria_have_stable_urls(vocabulary: VocabularyUnderTest) -> Findings:
    """Every criterion that a profile or catalogue names is found at its own URL."""
    for asked in vocabulary.of("cited"):
        exchange = vocabulary.exchange("cited", asked.step)
        answer = exchange.answer
        root = json_of(answer) if answer is not None and answer.status == OK else None
        ids = [node.value for node in root.document.members("id")] if root is not None else [asked.step]
        if answer is not None and (answer.status != OK or asked.step not in ids):
            yield vocabulary.finds(
                exchange, "the criterion is not at its URL", expected=f"200, and the id {asked.step}",
                actual=str(answer.status) if answer.status != OK else "a document without this id",
                hint="Serve each criterion at its id as long as anybody may cite it.",
            )  # fmt: skip


@case("CVC-URI-02", when=lambda v: any(v.entries(kind) for kind in ("schemes", "profiles", "criteria")))
def uris_are_of_one_version(vocabulary: VocabularyUnderTest) -> Findings:
    """The id of a scheme, profile or criterion has the version in it, and no two versions share one."""
    for kind in ("schemes", "profiles", "criteria"):
        for entry in vocabulary.entries(kind):
            parts = urlsplit(entry.id)
            if not VERSION.search(f"{parts.path}?{parts.query}#{parts.fragment}"):
                yield vocabulary.finds(
                    entry.exchange, "the id has no version in it", pointer="/id",
                    expected="a URI with its version, as …/1.0.0", hint="Give each version a URI of its own.",
                )  # fmt: skip


@case("CVC-URI-03", when=lambda vocabulary: vocabulary.of("cited"))
def criteria_serve_people_and_machines(vocabulary: VocabularyUnderTest) -> Findings:
    """The URL of a criterion gives a page or JSON, as the Accept header asks."""
    for asked in vocabulary.of("cited"):
        data, page = vocabulary.exchange("cited", asked.step), vocabulary.exchange("page", asked.step)
        if data.answer is None or page.answer is None or data.answer.status != OK:
            continue
        if json_of(data.answer) is None:
            yield vocabulary.finds(
                data, "a machine gets no JSON", expected="application/ld+json or application/json",
                actual=data.answer.header("content-type"), hint="Negotiate by Accept: JSON for machines.",
            )  # fmt: skip
        if page.answer.media_type not in ("text/html", "application/xhtml+xml"):
            yield vocabulary.finds(
                page, "a person gets no page", expected="text/html", actual=page.answer.header("content-type"),
                hint="Negotiate by Accept: a page for people.",
            )  # fmt: skip


def _linked(vocabulary: VocabularyUnderTest) -> bool:
    """Whether a profile names a scheme that was found."""
    schemes = {scheme.id for scheme in vocabulary.entries("schemes")}
    return any(
        profile.root.get("scheme", "id") in schemes - {""} for profile in vocabulary.entries("profiles")
    )


@case("CVC-LINK-01", when=_linked)
def scheme_and_profile_point_to_each_other(vocabulary: VocabularyUnderTest) -> Findings:
    """The scheme of a profile lists that profile."""
    included = {
        scheme.id: {node.get("id") for node in scheme.root.each("includedProfile")}
        for scheme in vocabulary.entries("schemes")
    }
    for profile in vocabulary.entries("profiles"):
        scheme = profile.root.get("scheme", "id")
        if scheme in included and profile.id not in included[scheme]:
            yield vocabulary.finds(
                profile.exchange, "the scheme of this profile does not list it", pointer="/scheme",
                expected=f"{profile.id} in includedProfile of {scheme}", hint="Add it to includedProfile.",
            )  # fmt: skip


@case("CVC-MAT-01", when=lambda vocabulary: vocabulary.maturity)
def the_level_of_maturity_is_met(vocabulary: VocabularyUnderTest) -> Findings:
    """What a level needs is there: 1 a scheme, 2 criteria with topics, 3 thresholds and alignments."""
    level, smoke = vocabulary.maturity, vocabulary.exchanges[0]
    criteria = vocabulary.entries("criteria")
    profiles = vocabulary.entries("profiles")
    thresholds = [c for c in criteria if c.root.get("passThreshold") or c.root.get("requiredPerformance")]
    aligned = [p for p in profiles if p.root.get("standardAlignment") or p.root.get("regulatoryAlignment")]
    lost = len(criteria) < len(vocabulary.of("criteria"))
    needs = (
        (1, "a scheme", bool(vocabulary.entries("schemes") or vocabulary.entries("catalogues"))),
        (
            CRITERIA_LEVEL,
            "criteria with topics",
            lost or any(c.root.get("conformityTopic") for c in criteria),
        ),
        (FULL_LEVEL, "a criterion with a threshold", lost or bool(thresholds)),
        (FULL_LEVEL, "a profile aligned with a standard or regulation", bool(aligned)),
    )
    for needed, what, there in needs:
        if level >= needed and not there:
            yield vocabulary.finds(
                smoke, f"level {level} is claimed without {what}", expected=what, actual="none was found",
                hint="Publish it and name it in [[vocabulary]], or claim a lower level.",
            )  # fmt: skip


@case("CVC-REG-01a", requirement="CVC-REG-01", when=lambda v: v.of("register") and v.entries("schemes"))
def schemes_are_in_the_register(vocabulary: VocabularyUnderTest) -> Findings:
    """Each scheme has an entry in the register of schemes."""
    exchange = vocabulary.exchange("register", vocabulary.of("register")[0].step)
    root = json_of(exchange.answer) if exchange.answer is not None and exchange.answer.status == OK else None
    listed = {entry.get("id") for entry in root.each("entries")} if root is not None else set()
    for scheme in vocabulary.entries("schemes"):
        if scheme.id not in listed:
            yield vocabulary.finds(
                exchange, "the scheme is not in the register of schemes", expected=f"an entry of {scheme.id}",
                actual=f"{len(listed)} other entries", hint="Ask the registrar for an entry.",
            )  # fmt: skip
