"""The wheel in Pyodide, the Python of the browser, where the spreadsheet hosts run us.

micropip installs `leadscore` by name and resolves its dependencies itself, from a package index on
this machine that holds our wheel and exactly what its metadata asks for under Emscripten.
"""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any, NoReturn

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from tests.packaging.support import (
    LOCK,
    TINY_LEAD,
    TINY_MODEL,
    TINY_SCORE,
    CommandFailed,
    Distributions,
    pip,
    run,
)

pytestmark = [pytest.mark.packaging, pytest.mark.needs_tool("node", "npm")]

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def release(unavailable: Callable[[str], NoReturn]) -> dict[str, Any]:
    """What this Pyodide says of itself (its Python, its packages); installs it where it is not."""
    installed_from = HERE / "node_modules" / ".package-lock.json"
    lock = HERE / "package-lock.json"
    if not installed_from.exists() or installed_from.stat().st_mtime < lock.stat().st_mtime:
        try:
            run("npm", "ci", "--no-audit", "--no-fund", cwd=HERE)
        except CommandFailed as error:
            unavailable(f"npm cannot install Pyodide: {error.last_line}")
    text = (HERE / "node_modules" / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


class PureWheels:
    """Downloads wheels that run anywhere, as micropip would choose them: no others exist there."""

    def __init__(self, folder: Path, python: str) -> None:
        self.folder = folder
        self._python = python.rpartition(".")[0]
        self._environment: dict[str, str] = {
            **{name: str(value) for name, value in default_environment().items()},
            "sys_platform": "emscripten",
            "platform_system": "Emscripten",
            "platform_machine": "wasm32",
            "os_name": "posix",
            "python_version": self._python,
            "python_full_version": python,
            "extra": "",
        }

    def download(self, *requirements: str) -> list[Path]:
        before = set(self.folder.glob("*.whl"))
        # pip's own resolution would read the markers of the machine that it runs on.
        pip(
            *("download", "--no-deps", "--only-binary", ":all:", "--platform", "any"),
            *("--python-version", self._python, "--constraint", LOCK, "--dest", self.folder),
            *requirements,
        )
        return sorted(set(self.folder.glob("*.whl")) - before)

    def download_dependencies(self, wheel: Path) -> None:
        """All that a wheel needs under Emscripten, and what that needs, into the folder."""
        known = {_name(wheel)}
        unread = [wheel]
        while unread:
            wanted: dict[str, str] = {}
            for requirement in map(Requirement, _requires(unread)):
                name = canonicalize_name(requirement.name)
                if name in known or not self._holds(requirement):
                    continue
                wanted[name] = f"{requirement.name}{requirement.specifier}"
            known |= set(wanted)
            unread = self.download(*wanted.values()) if wanted else []

    def _holds(self, requirement: Requirement) -> bool:
        return requirement.marker is None or requirement.marker.evaluate(self._environment)


def _name(wheel: Path) -> str:
    return parse_wheel_filename(wheel.name)[0]


def _requires(wheels: list[Path]) -> list[str]:
    """The dependencies that the metadata of wheels state."""
    lines: list[str] = []
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            (metadata,) = (n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
            headers = HeaderParser().parsestr(archive.read(metadata).decode("utf-8"))
        lines += headers.get_all("Requires-Dist", [])
    return lines


def _make_index(folder: Path, wheels: list[Path]) -> None:
    """A "simple" package index: a page a package, with a link to its wheel."""
    for wheel in wheels:
        page = folder / "simple" / _name(wheel) / "index.html"
        page.parent.mkdir(parents=True)
        shutil.copy(wheel, page.parent)
        page.write_text(f'<!DOCTYPE html><a href="{wheel.name}">{wheel.name}</a>', encoding="utf-8")


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test prints what failed, not every request."""


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a folder to this machine alone, while the test runs."""
    servers: list[tuple[http.server.ThreadingHTTPServer, threading.Thread]] = []

    def start(folder: Path) -> str:
        handler = functools.partial(_QuietHandler, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def test_micropip_installs_the_wheel_and_it_scores(
    distributions: Distributions,
    release: dict[str, Any],
    serve: Callable[[Path], str],
    unavailable: Callable[[str], NoReturn],
    tmp_path: Path,
) -> None:
    python = release["info"]["python"]
    installer = PureWheels(tmp_path / "micropip", python)
    dependencies = PureWheels(tmp_path / "dependencies", python)
    try:
        (micropip,) = installer.download(f"micropip=={release['packages']['micropip']['version']}")
        dependencies.download_dependencies(distributions.wheel)
    except CommandFailed as error:
        unavailable(f"pip cannot download pure wheels: {error.last_line}")
    wheels = [distributions.wheel, *dependencies.folder.glob("*.whl")]
    _make_index(tmp_path / "index", wheels)

    request = tmp_path / "request.json"
    request.write_text(
        json.dumps(
            {
                "micropip": str(micropip),
                "index": serve(tmp_path / "index") + "/simple",
                "model": TINY_MODEL,
                "lead": TINY_LEAD,
                "sheet": [list(TINY_LEAD), list(TINY_LEAD.values()), [None, "SaaS"], [None, ""]],
            }
        ),
        encoding="utf-8",
    )
    answer = json.loads(run("node", HERE / "pyodide_run.mjs", request))

    assert answer["platform"] == "emscripten"
    assert answer["score"] == TINY_SCORE
    assert answer["sheet"] == [["score"], [float(TINY_SCORE)], [2.5], [""]]
    assert answer["row by row"] == [[float(TINY_SCORE)]]
    assert {"leadscore", "lark", "tzdata"} <= set(answer["installed"])
    assert {_name(wheel) for wheel in wheels} <= set(answer["installed"])
    assert not {"duckdb", "pyarrow", "python-calamine"} & set(answer["installed"])
