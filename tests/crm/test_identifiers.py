"""Check digits and forms of GS1 keys and register numbers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from harness.resources import resource


@pytest.fixture(scope="module")
def modules() -> Iterator[tuple[ModuleType, ModuleType]]:
    """The helper modules of the cases, which are loaded by path."""
    folder = str(resource("test_cases", "credential"))
    sys.path.insert(0, folder)
    try:
        yield importlib.import_module("_gs1"), importlib.import_module("_registers")
    finally:
        sys.path.remove(folder)


@pytest.mark.parametrize(
    "digits", ["09521100002110", "9521100001014", "96385074", "614141000036", "106141412345678908"]
)
def test_right_check_digits_are_taken(modules: tuple[ModuleType, ModuleType], digits: str) -> None:
    """GTIN-8, -12, -13, -14 and SSCC with their check digit."""
    gs1, _ = modules
    assert gs1.has_check_digit(digits)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    assert not gs1.has_check_digit(wrong)
    assert gs1.check_digit(digits[:-1]) == int(digits[-1])


@pytest.mark.parametrize(
    ("uri", "key", "right"),
    [
        ("https://id.a.example/01/09521100002110/10/LOT-1/21/7", "01", True),
        ("https://id.a.example/some/path/01/09521100002110", "01", True),
        ("https://id.a.example/414/9521100001014/254/7", "414", True),
        ("https://id.a.example/01/09521100002110/21/7/10/LOT-1", "01", False),
        ("https://id.a.example/01/09521100002110/10/LOT-1/10/LOT-2", "01", False),
        ("https://id.a.example/01/09521100002110/99/x", "01", False),
        ("https://id.a.example/01/09521100002110/10", "01", False),
        ("https://id.a.example/01/09521100002110/10/LOT%201", "01", False),
    ],
)
def test_digital_links_are_taken_apart(
    modules: tuple[ModuleType, ModuleType], uri: str, key: str, right: bool
) -> None:
    """The key is found behind any path; qualifiers have their order, values and number."""
    gs1, _ = modules
    link = gs1.digital_link(uri)
    assert link is not None
    assert link.key == key
    assert (not list(gs1.faults(link))) == right


@pytest.mark.parametrize(
    ("uri", "wrong"),
    [
        ("https://id.a.example/00/106141412345678908", None),
        ("https://id.a.example/00/106141412345678909", "SSCC"),
        ("https://id.a.example/402/17345678901234565", None),
        ("https://id.a.example/402/17345678901234560", "GSIN"),
        ("https://id.a.example/253/4602443000331XYZ", None),
        ("https://id.a.example/253/4602443000332XYZ", "GDTI"),
        ("https://id.a.example/8003/03870585000552987", None),
        ("https://id.a.example/8003/03870585000553987", "GRAI"),
        ("https://id.a.example/8013/1987654Ad4X4bL5ttr2310c2K", None),
        ("https://id.a.example/8013/1987654Ad4X4bL5ttr2310c2L", "GMN"),
        ("https://id.a.example/8004/8711167anything", None),
    ],
)
def test_other_keys_have_check_characters(
    modules: tuple[ModuleType, ModuleType], uri: str, wrong: str | None
) -> None:
    """Keys of consignments, documents, assets and models as GS1 prints them; one character off they are wrong."""
    gs1, _ = modules
    assert gs1.wrong_key(gs1.digital_link(uri)) == wrong


@pytest.mark.parametrize(
    "uri",
    [
        "https://permits.example/01/2025",
        "https://a.example/lots/7",
        "did:web:a.example",
        "urn:epc:id:sgtin:1",
        7,
        None,
    ],
)
def test_other_identifiers_are_no_digital_links(modules: tuple[ModuleType, ModuleType], uri: object) -> None:
    """A date in a path, a DID and what is no text hold no GS1 key."""
    gs1, _ = modules
    assert gs1.digital_link(uri) is None


@pytest.mark.parametrize(
    ("scheme", "number", "right"),
    [
        ("https://www.gleif.org/lei", "529900T8BM49AURSDO55", True),
        ("https://www.gleif.org/lei", "529900T8BM49AURSDO56", False),
        ("https://www.gleif.org/lei", "529900", False),
        ("https://abr.business.gov.au/", "51824753556", True),
        ("https://abr.business.gov.au/", "51824753557", False),
        ("https://www.sii.cl/", "12345678-5", True),
        ("https://www.sii.cl/", "12345678-4", False),
        ("https://www.ytj.fi/", "0112038-9", True),
        ("https://www.ytj.fi/", "0112038-8", False),
        ("https://www.sirene.fr/", "732829320", True),
        ("https://www.sirene.fr/", "732829321", False),
        ("https://www.sunat.gob.pe/", "20100070970", True),
        ("https://www.sunat.gob.pe/", "20100070971", False),
        ("https://bolagsverket.se/", "556016-0680", True),
        ("https://bolagsverket.se/", "556016-0681", False),
        ("https://www.afip.gob.ar/", "30-54668997-9", True),
        ("https://www.afip.gob.ar/", "30-54668997-8", False),
        ("https://kbopub.economie.fgov.be/", "0401.574.852", True),
        ("https://kbopub.economie.fgov.be/", "0401.574.853", False),
        ("https://receita.fazenda.gov.br/", "33.592.510/0001-54", True),
        ("https://receita.fazenda.gov.br/", "33.592.510/0001-55", False),
        ("https://www.gsxt.gov.cn/", "91350100M000100Y43", True),
        ("https://www.gsxt.gov.cn/", "91350100M000100Y44", False),
        ("https://www.houjin-bangou.nta.go.jp/", "7000012050002", True),
        ("https://www.houjin-bangou.nta.go.jp/", "8000012050002", False),
        ("https://www.hometax.go.kr/", "124-81-00998", True),
        ("https://www.hometax.go.kr/", "124-81-00997", False),
        ("https://www.brreg.no/", "923609016", True),
        ("https://www.brreg.no/", "923609017", False),
        ("https://www.handelsregister.de/", "HRB 6684", True),
        ("https://www.handelsregister.de/", "6684", False),
        ("https://www.mca.gov.in/", "L27100MH1907PLC000260", True),
        ("https://www.cipc.co.za/", "1996/014461/06", True),
        ("https://www.bcregistry.gov.bc.ca/", "BC0123456", True),
        ("https://www.bcregistry.gov.bc.ca/", "0123456", False),
    ],
)
def test_numbers_of_registers(
    modules: tuple[ModuleType, ModuleType], scheme: str, number: str, right: bool
) -> None:
    """Published numbers of well-known bodies pass; one digit off they do not."""
    _, registers = modules
    register = registers.register_of(scheme)
    assert register is not None
    assert (registers.fault(number, register) is None) == right


def test_an_unknown_register_is_not_judged(modules: tuple[ModuleType, ModuleType]) -> None:
    """A scheme whose register we do not know has no form."""
    _, registers = modules
    assert registers.register_of("https://register.example/") is None
