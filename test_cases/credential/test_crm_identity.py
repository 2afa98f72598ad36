"""Identifiers of lots, sites and companies: GS1 keys with their check digits, and numbers of registers."""

from __future__ import annotations

from _crm import CORE
from _gs1 import (
    CHECKED,
    DigitalLink,
    check_digit,
    digital_link,
    faults,
    has_check_digit,
    is_gs1_scheme,
    wrong_key,
)
from _registers import fault, register_of

from harness.credential import Node
from harness.judge import CredentialUnderTest, Findings, case, once


@once
def linked_keys(credential: CredentialUnderTest) -> list[tuple[Node, DigitalLink]]:
    """Every id of the credential that is a GS1 Digital Link."""
    linked = [(holder, digital_link(holder.get("id"))) for holder in credential.document.objects]
    return [(holder, link) for holder, link in linked if link is not None]


@once
def registered(credential: CredentialUnderTest, word: str) -> list[tuple[Node, str]]:
    """Every registered id under a GS1 scheme whose address holds a word."""
    found = [(holder, holder.get("registeredId")) for holder in credential.document.objects]
    return [
        (holder.at("registeredId"), number)
        for holder, number in found
        if isinstance(number, str) and number.isascii() and number.isdigit() and is_gs1_scheme(holder, word)
    ]


@once
def keys(credential: CredentialUnderTest, identifiers: tuple[str, ...], word: str) -> list[tuple[Node, str]]:
    """Every key of a kind, in Digital Links and registered ids, with its place."""
    inside = [
        (holder.at("id"), link.value) for holder, link in linked_keys(credential) if link.key in identifiers
    ]
    return [*inside, *registered(credential, word)]


def wrong_digits(found: list[tuple[Node, str]], name: str) -> Findings:
    """Keys whose check digit is wrong."""
    for node, digits in found:
        if not has_check_digit(digits):
            yield node.finds(
                f"the check digit of the {name} {digits} is wrong",
                expected=f"{digits[:-1]}{check_digit(digits[:-1])}",
                hint="Correct the number: with a wrong check digit no resolver and no scanner will take it.",
            )


@case("CRM-ID-01", types=CORE, when=lambda credential: keys(credential, ("01",), "gtin"))
def gtins_have_their_check_digit(credential: CredentialUnderTest) -> Findings:
    """Each GTIN has the right check digit."""
    yield from wrong_digits(keys(credential, ("01",), "gtin"), "GTIN")


@case("CRM-ID-02", types=CORE, when=lambda credential: keys(credential, ("414", "417"), "gln"))
def glns_have_their_check_digit(credential: CredentialUnderTest) -> Findings:
    """Each GLN has the right check digit."""
    yield from wrong_digits(keys(credential, ("414", "417"), "gln"), "GLN")


@once
def other_keys(credential: CredentialUnderTest) -> list[tuple[Node, DigitalLink]]:
    """The Digital Links of consignments, documents, assets and models, whose keys have check characters."""
    return [
        (node, link) for node, link in linked_keys(credential) if link.key in CHECKED or link.key == "8013"
    ]


@case("CRM-ID-06", types=CORE, when=other_keys)
def other_keys_have_their_check_characters(credential: CredentialUnderTest) -> Findings:
    """Each SSCC, GSIN, GDTI, GCN, GRAI, ITIP, GSRN and GMN has the right check characters."""
    for node, link in other_keys(credential):
        name = wrong_key(link)
        if name is not None:
            yield node.at("id").finds(
                f"the check characters of the {name} {link.value} are wrong",
                expected=f"a {name} of its length with right check characters",
                hint="Copy the key from the label or the system that gave it out.",
            )


@once
def under_gs1(credential: CredentialUnderTest) -> list[Node]:
    """The objects whose identifier scheme is one of GS1."""
    return [
        node
        for node in credential.document.objects
        if is_gs1_scheme(node) and isinstance(node.get("id"), str)
    ]


@case("CRM-ID-03", types=CORE, when=under_gs1)
def gs1_identifiers_are_digital_links(credential: CredentialUnderTest) -> Findings:
    """An identifier under a GS1 scheme is a well-formed Digital Link."""
    for node in under_gs1(credential):
        link = digital_link(node.get("id"))
        wrong = ["there is no GS1 key in its path"] if link is None else list(faults(link))
        for message in wrong:
            yield node.at("id").finds(
                f"this is no well-formed GS1 Digital Link: {message}",
                expected="a key such as /01/ and 14 digits, then qualifiers such as /10/ batch, /21/ serial",
                hint="Build the path from application identifiers in the order of GS1 Digital Link.",
            )


NUMBERS = (("10", "batchNumber"), ("21", "itemNumber"))


@once
def numbered(credential: CredentialUnderTest) -> list[tuple[Node, str, str]]:
    """Products whose identifier and whose members both give a batch or a serial: place, in the link, beside it."""
    found = []
    for holder, link in linked_keys(credential):
        for identifier, member in NUMBERS:
            inside, beside = link.get(identifier), holder.get(member)
            if inside is not None and isinstance(beside, str):
                found.append((holder.at(member), inside, beside))
    return found


@case("CRM-ID-04", types=CORE, when=numbered)
def identifier_and_numbers_agree(credential: CredentialUnderTest) -> Findings:
    """Batch and serial in a Digital Link are those stated beside it."""
    for node, inside, beside in numbered(credential):
        if inside != beside:
            yield node.finds(
                "the identifier of the product holds another number",
                expected=inside,
                hint="Let the identifier and batchNumber or itemNumber name the same lot.",
            )


@once
def in_registers(credential: CredentialUnderTest) -> list[Node]:
    """The objects with a registered id under a register that we know."""
    return [
        node
        for node in credential.document.objects
        if isinstance(node.get("registeredId"), str) and register_of(node.get("idScheme", "id"))
    ]


@case("CRM-ID-05", types=CORE, when=in_registers)
def register_numbers_have_their_form(credential: CredentialUnderTest) -> Findings:
    """A number of a register that we know has the form and the check digits of that register."""
    for node in in_registers(credential):
        register = register_of(node.get("idScheme", "id")) or {}
        wrong = fault(node.get("registeredId"), register)
        if wrong is not None:
            yield node.at("registeredId").finds(
                f"this is no number of the register '{register['name']}': {wrong}",
                expected=f"{register['pattern']}, with right check digits where the register has them",
                hint="Copy the number from the register, or name the register that it really is of.",
            )
