"""Each mistake in vendor.toml is one clear line with the place and a suggestion, before anything is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import VendorFileError
from harness.gather.adapters import adapter_of
from harness.gather.line import RecordedLine
from harness.vendor import load_vendor

GOOD = """
[vendor]
name = "Sample Minerals Ltd"
country = "CA"

[product]
name = "TraceMine"
version = "4.2.0"

[scope]
profile = "untp-0.7.0"
components = ["VCP", "DPP", "IDR"]
roles = ["issuer", "verifier", "resolver"]

[[issuer]]
adapter = "vc-api"
endpoint = "https://api.minerals.example/credentials/issue"
headers = { Authorization = "env:NO_SUCH_TOKEN" }

[[verifier]]
adapter = "http"
endpoint = "https://api.minerals.example/{{ tenant }}/verify"
[verifier.variables]
tenant = "acme"

[[resolver]]
base = "https://id.minerals.example/"
identifiers = ["01/09359502000034"]

[network]
allow = ["files.minerals.example"]
"""

MISTAKES = {
    "unknown key": (
        'endpoint = "https://api',
        'endpont = "https://api',
        "endpont =",
        "Did you mean 'endpoint'?",
    ),
    "unknown table": ("[network]", "[netwerk]", "[netwerk]", "Did you mean 'network'?"),
    "unknown key of the network": ("allow =", "alow =", "alow =", "Did you mean 'allow'?"),
    "wrong adapter": ('adapter = "http"', 'adapter = "htpp"', '"htpp"', "Did you mean 'http'?"),
    "wrong role": ('roles = ["issuer"', 'roles = ["isuer"', '"isuer"', "Did you mean 'issuer'?"),
    "wrong component": ('"IDR"]', '"IRD"]', '"IRD"', "Did you mean 'IDR'?"),
    "role that is not claimed": (', "resolver"]', "]", "[[resolver]]", "Add 'resolver' to roles in [scope]"),
    "missing endpoint": (
        'endpoint = "https://api.minerals.example/credentials/issue"',
        "",
        "[[issuer]]",
        "needs 'endpoint' or 'manifest'",
    ),
    "missing program": (
        'adapter = "vc-api"',
        'adapter = "command"',
        "[[issuer]]",
        "needs 'argv' with adapter 'command'",
    ),
    "missing base": ('base = "https://id.minerals.example/"', "", "[[resolver]]", "resolver[0] needs 'base'"),
    "no URL": ('base = "https://id', 'base = "id', 'base = "id', "resolver[0].base"),
    "endpoint without a scheme": (
        'endpoint = "https://api.minerals.example/credentials/issue"',
        'endpoint = "localhost:8443/credentials/issue"',
        'endpoint = "localhost',
        'Write "https://localhost:8443/credentials/issue".',
    ),
    "template without a scheme": (
        "https://api.minerals.example/{{ tenant }}/verify",
        "api.minerals.example/{{ tenant }}/verify",
        'endpoint = "api.',
        'Write "https://api.minerals.example/{{ tenant }}/verify".',
    ),
    "endpoint of another scheme": (
        "https://api.minerals.example/credentials/issue",
        "ftp://api.minerals.example/credentials/issue",
        'endpoint = "ftp',
        "is no URL with https:// or http://",
    ),
    "status without a scheme": (
        "headers = { Auth",
        'status = "localhost/status"\nheaders = { Auth',
        "status =",
        'Write "https://localhost/status".',
    ),
    "unknown profile": ('"untp-0.7.0"', '"untp-0.7"', "profile =", "Did you mean 'untp-0.7.0'?"),
    "country by name": ('"CA"', '"Finland"', "country =", "two letters of ISO 3166-1, such as FI"),
    "country in small letters": ('"CA"', '"fi"', "country =", "two letters of ISO 3166-1, such as FI"),
    "country that is not assigned": ('"CA"', '"FX"', "country =", "'FX' is not assigned to any country"),
    "private address": (
        "https://id.minerals.example/",
        "http://127.0.0.1:8443/",
        "[[resolver]]",
        'Add "127.0.0.1:8443" to allow',
    ),
    "URL as a host": (
        '"files.minerals.example"',
        '"https://files.minerals.example/x"',
        "allow =",
        "Write 'files.minerals.example'.",
    ),
    "host with a path": (
        '"files.minerals.example"',
        '"files.minerals.example/x"',
        "allow =",
        "is no host or host:port",
    ),
    "no authority": (
        "allow =",
        'ca = "nothing.pem"\nallow =',
        "ca =",
        "the file 'nothing.pem' of network.ca does not exist",
    ),
    "no TOML": ("[network]", "[network", "[network", "is not TOML"),
}


def write(folder: Path, text: str) -> Path:
    """A vendor.toml with this text."""
    path = folder / "vendor.toml"
    path.write_text(text.removeprefix("\n"), encoding="utf-8")
    return path


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_names_its_line_and_what_to_do(tmp_path: Path, mistake: str) -> None:
    """File, line, what is wrong and a suggestion."""
    old, new, guilty, says = MISTAKES[mistake]
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    line = next(number for number, row in enumerate(text.strip().splitlines(), start=1) if guilty in row)
    with pytest.raises(VendorFileError) as told:
        load_vendor(write(tmp_path, text))
    assert says in str(told.value)
    assert f"vendor.toml:{line}:" in str(told.value)
    assert told.value.hint
    assert "\n" not in told.value.message
    assert "[A-Z]" not in str(told.value)
    assert told.value.exit_code == 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"https://api.minerals.example/{{ tenant }}/verify"', '"{{ base }}/verify"'),
        (
            '"https://api.minerals.example/{{ tenant }}/verify"',
            '"{% if tenant %}{{ tenant }}{% endif %}/verify"',
        ),
        ('adapter = "vc-api"\nendpoint = "https://', 'adapter = "command"\nargv = ["./issue"]\nendpoint = "'),
        ("headers = { Auth", 'status = ""\nheaders = { Auth'),
        ("https://api.minerals.example/credentials/issue", "HTTP://api.minerals.example/credentials/issue"),
    ],
)
def test_what_needs_no_scheme_is_read(tmp_path: Path, old: str, new: str) -> None:
    """A variable may hold it, a program has none, an empty address is none, and capitals are the same scheme."""
    assert old in GOOD
    assert load_vendor(write(tmp_path, GOOD.replace(old, new, 1))).live


def test_a_missing_variable_of_the_environment_is_named(tmp_path: Path) -> None:
    """The place that needs it, its name, and how to set it; never a value."""
    with pytest.raises(VendorFileError) as told:
        RecordedLine.of(load_vendor(write(tmp_path, GOOD)))
    assert "issuer[0].headers.Authorization needs the environment variable NO_SUCH_TOKEN" in str(told.value)
    assert told.value.hint == "export NO_SUCH_TOKEN=…"


def test_a_missing_variable_of_a_template_is_named(tmp_path: Path) -> None:
    """With the variable that was meant."""
    vendor = load_vendor(write(tmp_path, GOOD.replace("{{ tenant }}", "{{ tennant }}")))
    with pytest.raises(VendorFileError, match="uses 'tennant'") as told:
        adapter_of(vendor.endpoints["verifier"][0])
    assert told.value.hint == "Did you mean 'tenant'?"
