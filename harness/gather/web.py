"""Sources that answer URLs: a folder that stands for the web, or evidence that is held already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from harness.evidence import Absence, Evidence
from harness.gather.limits import MAX_FILE


class Source(Protocol):
    """Something that answers URLs."""

    def fetch(self, url: str) -> Evidence | Absence:
        """The bytes behind a URL, or an absence with its reason; never raises for what a stranger wrote."""


OFFLINE = "nothing leaves this machine without --online, and no --web folder answers it"


def first_answer(sources: Iterable[Source], url: str) -> Evidence | Absence:
    """The bytes from the first source that has them, else the absence that the last one tells."""
    absence = Absence(url, OFFLINE)
    for source in sources:
        answer = source.fetch(url)
        if isinstance(answer, Evidence):
            return answer
        absence = answer
    return absence


@dataclass(frozen=True)
class FolderWeb:
    """`--web DIR`: https://host/path is DIR/host/path; a port is written %3A8443; a path ending in / is index.json.

    A query is part of the file name, percent-encoded: `?a=b` is `%3Fa%3Db`.
    """

    folder: Path

    def fetch(self, url: str) -> Evidence | Absence:
        """The file that stands for the URL."""
        path = self._path(url)
        if path is None:
            return Absence(url, "this is no URL that a folder can stand for")
        try:
            if not path.resolve().is_relative_to(self.folder.resolve()):
                return Absence(url, "its path leads out of the folder given with --web")
            if path.is_dir():
                path = path / "index.json"
            if not path.is_file():
                return Absence(url, "nothing in the folder given with --web answers it")
            if path.stat().st_size > MAX_FILE:
                return Absence(url, f"the answer is larger than {MAX_FILE:,} bytes")
            return Evidence(url, path.read_bytes(), _media_type(path.name), "web")
        except OSError as error:
            return Absence(url, f"its file cannot be read: {error.strerror}")
        except (ValueError, RuntimeError) as error:  # NUL in a name; links that lead in a circle
            return Absence(url, f"its file cannot be read: {error}")

    def _path(self, url: str) -> Path | None:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        host = parts.hostname if port is None else f"{parts.hostname}%3A{port}"
        names = [unquote(name) for name in parts.path.split("/")[1:]] or [""]
        if names[-1] == "":
            names[-1] = "index.json"
        if parts.query:
            names[-1] += quote(f"?{parts.query}", safe="")
        if any(name in ("..", ".") or "/" in name or "\x00" in name for name in names):
            return None
        return self.folder.joinpath(host, *names)


@dataclass(frozen=True)
class HeldWeb:
    """Answers that are held already: the embedded vendor, or the evidence store of a submission."""

    answers: Mapping[str, Evidence | Absence]

    def fetch(self, url: str) -> Evidence | Absence:
        """The answer held for the URL."""
        return self.answers.get(url, Absence(url, "it is not among the evidence"))


def _media_type(name: str) -> str:
    return {"jwt": "application/vc+jwt", "jsonl": "text/jsonl", "html": "text/html"}.get(
        name.rpartition(".")[2], "application/json"
    )
