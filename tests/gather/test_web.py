"""`--web DIR`: a URL is answered by exactly the file that the contract names, and by nothing outside of the folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.credential.did_url import document_url
from harness.evidence import Absence, Evidence
from harness.gather.limits import MAX_FILE
from harness.gather.web import FolderWeb, HeldWeb


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """The folder that stands for the web; a secret lies beside it."""
    made = tmp_path / "web"
    made.mkdir()
    (tmp_path / "secret.json").write_text('{"secret": 1}')
    return made


def publish(web: Path, *files: str) -> None:
    """Put files into the folder; each holds its own path."""
    for name in files:
        (web / name).parent.mkdir(parents=True, exist_ok=True)
        (web / name).write_text(name)


def answer(web: Path, url: str) -> str | None:
    """The path of the file that answers a URL, None for an absence."""
    found = FolderWeb(web).fetch(url)
    if isinstance(found, Absence):
        assert found.reason
        assert found.name == url
        assert found.fault == "line"
        return None
    assert (found.name, found.origin) == (url, "web")
    return found.body.decode()


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://a.example/x/y.json", "a.example/x/y.json"),
        ("http://a.example/x/y.json", "a.example/x/y.json"),
        ("HTTPS://A.Example/x/y.json", "a.example/x/y.json"),
        ("https://a.example:8443/x", "a.example%3A8443/x"),
        ("https://a.example/x/", "a.example/x/index.json"),
        ("https://a.example/", "a.example/index.json"),
        ("https://a.example", "a.example/index.json"),
        ("https://a.example/folder", "a.example/folder/index.json"),
        ("https://a.example/x?a=b", "a.example/x%3Fa%3Db"),
        ("https://a.example/x?a=b&c=%2F", "a.example/x%3Fa%3Db%26c%3D%252F"),
        ("https://a.example/x/?a=b", "a.example/x/index.json%3Fa%3Db"),
        ("https://a.example/a%20b/%C3%A9.json", "a.example/a b/é.json"),
        ("https://a.example/x/y.json#fragment", "a.example/x/y.json"),
        ("https://user:word@a.example/x/y.json", "a.example/x/y.json"),
        ("https://[::1]/x", "::1/x"),
        ("https://a.example/x/...", "a.example/x/..."),
        ("https://a.example/Case.json", "a.example/Case.json"),
        (document_url("did:web:a.example") or "", "a.example/.well-known/did.json"),
        (document_url("did:web:a.example:b") or "", "a.example/b/did.json"),
        (document_url("did:web:a.example%3A8443:b:c") or "", "a.example%3A8443/b/c/did.json"),
    ],
)
def test_a_url_is_answered_by_its_file(web: Path, url: str, file: str) -> None:
    """Host, port, path, query and did:web lead to the file that the contract names."""
    publish(web, file)
    assert answer(web, url) == file


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/../../secret.json", "https://a.example/%2e%2e/%2e%2e/secret.json", "https://../secret.json",
        "https://a.example/..%2f..%2fsecret.json", "https://a.example/x/%2E%2E/%2E%2E/%2E%2E/secret.json",
        "https://a.example/./x/y.json", "https://a.example/%2e/x", "https://a.example/\x00", "https://a.example/%00",
        "https://a\x00.example/", "https://a.example/x%2Fy.json", "https://a.example:port/x", "https://[::1/x",
        "https://", "https:///x", "file:///etc/passwd", "a.example/x/y.json", "", "data:,x", "https://a.example/" + "x" * 5000,
        "https://" + "a" * 5000, "https://a.example/" + "x/" * 3000, "https://a.example/nothing", "https://b.example/x/y.json",
        "https://a.example:99999/x", "https://a.example/x/y.json/z", "https://a.example/x/Y.json", "\ud800",
        "https://a.example/\ud800", "https://%2e%2e/secret.json",
    ],
)  # fmt: skip
def test_nothing_else_is_answered(web: Path, url: str) -> None:
    """Dot segments in any writing, NUL, encoded slashes, foreign schemes and endless names are absences with a reason."""
    publish(web, "a.example/x/y.json")
    assert answer(web, url) is None


def test_a_link_out_of_the_folder_is_not_followed(web: Path) -> None:
    """Links that lead out are refused, links inside are files, and links in a circle are an absence."""
    publish(web, "a.example/real.json")
    (web / "a.example" / "out.json").symlink_to("../../secret.json")
    (web / "a.example" / "in.json").symlink_to("real.json")
    (web / "a.example" / "loop.json").symlink_to("loop.json")
    (web / "b.example").symlink_to(web.parent)
    assert answer(web, "https://a.example/out.json") is None
    assert answer(web, "https://b.example/secret.json") is None
    assert answer(web, "https://a.example/loop.json") is None
    assert answer(web, "https://a.example/in.json") == "a.example/real.json"


def test_what_is_no_regular_file_is_not_opened(web: Path) -> None:
    """A pipe in the folder would block for ever; a file above the limit would fill the memory."""
    (web / "a.example").mkdir()
    os.mkfifo(web / "a.example" / "pipe")
    with (web / "a.example" / "big").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert answer(web, "https://a.example/pipe") is None
    assert answer(web, "https://a.example/big") is None
    assert answer(web, "https://a.example/") is None


def test_a_reason_names_no_folder_of_this_machine(web: Path) -> None:
    """The reason of an absence stands in the record, which is the same on every machine."""
    found = FolderWeb(web).fetch("https://a.example/x")
    assert isinstance(found, Absence)
    assert str(web) not in found.reason


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(
    st.text(max_size=30)
    | st.text("./%2eEfF\\\x00:?#@[]a", max_size=30).map("https://a.example/{}".format)
    | st.text("./%2e:@\\a", max_size=12).map("https://{}/secret.json".format)
)
def test_no_url_reaches_the_secret(tmp_path_factory: pytest.TempPathFactory, url: str) -> None:
    """Whatever a stranger writes as a URL, nothing outside of the folder answers and nothing is raised."""
    top = tmp_path_factory.getbasetemp() / "top"
    (top / "web" / "a.example").mkdir(parents=True, exist_ok=True)
    (top / "secret.json").write_text("secret")
    found = FolderWeb(top / "web").fetch(url)
    assert isinstance(found, Absence)


def test_what_is_held_answers_for_itself() -> None:
    """Evidence that is held answers its URL, and nothing else does."""
    held = Evidence("https://a.example/x", b"1")
    web = HeldWeb({held.name: held})
    assert web.fetch(held.name) is held
    assert isinstance(web.fetch("https://a.example/y"), Absence)
