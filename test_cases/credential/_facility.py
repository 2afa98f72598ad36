"""Where the parts of a facility record stand in each release."""

from __future__ import annotations

from _product import is_wrapped
from _reading import along

from harness.credential import Node
from harness.judge import CredentialUnderTest


def records(credential: CredentialUnderTest) -> list[Node]:
    """What holds the claims: the FacilityRecord of 0.6, the Facility of 0.7.0."""
    if credential.version.startswith("0.6"):
        return list(credential.subjects)
    return [node for node in credential.subjects if not is_wrapped(node, "facility", "FacilityRecord")]


def facilities(credential: CredentialUnderTest) -> list[Node]:
    """The facilities that the record is about."""
    found = records(credential)
    return along(found, "facility") if credential.version.startswith("0.6") else found


def locations(credential: CredentialUnderTest) -> list[Node]:
    """The location information of the facilities."""
    return along(facilities(credential), "locationInformation")
