"""The wheel, the sdist and an editable install, each in an environment made for it."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from tests.packaging.support import (
    LOCK,
    ROOT,
    TINY_LEAD,
    TINY_MODEL,
    TINY_SCORE,
    CommandFailed,
    Distributions,
    pip,
    run,
)

pytestmark = pytest.mark.packaging

GRAMMAR = "leadscore/syntax/score.lark"
SITE_PACKAGES = (
    "import json, os, sysconfig; print(json.dumps(os.listdir(sysconfig.get_path('purelib'))))"
)


@pytest.fixture(scope="module")
def wheelhouse(
    distributions: Distributions,
    tmp_path_factory: pytest.TempPathFactory,
    unavailable: Callable[[str], NoReturn],
) -> Path:
    """All that the installs need, resolved from the wheel's own metadata.

    With it they run off the network, so that a failure there is one of the package.
    """
    folder = tmp_path_factory.mktemp("wheelhouse")
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # Hatchling asks for `editables` in every editable install, though ours needs none.
    builders = [*config["build-system"]["requires"], "editables"]
    try:
        pip("download", "--dest", folder, "--constraint", LOCK, distributions.wheel, *builders)
    except CommandFailed as error:
        unavailable(f"pip cannot download what leadscore depends on: {error.last_line}")
    return folder


class Environment:
    """A fresh virtual environment that installs from the wheelhouse alone."""

    def __init__(self, folder: Path, wheelhouse: Path) -> None:
        venv.create(folder, with_pip=True)
        scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.folder = folder
        self.python = scripts / "python"
        self.command = scripts / "leadscore"
        self._offline = ("--no-index", "--find-links", wheelhouse)

    def install(self, *arguments: str | Path) -> None:
        pip("install", *self._offline, *arguments, python=self.python)

    def score_tiny_model(self) -> tuple[str, Path]:
        """The tiny model's score there, and the place that leadscore was imported from."""
        program = (
            "import json, leadscore\n"
            f"score = leadscore.loads({TINY_MODEL!r}).score({TINY_LEAD!r}).score\n"
            "print(json.dumps([str(score), leadscore.__file__]))"
        )
        # From its own folder, or the checkout could stand in for what was not installed.
        score, place = json.loads(run(self.python, "-c", program, cwd=self.folder))
        return score, Path(place)

    def score_in_a_sheet(self) -> tuple[object, Path]:
        """The same score from the spreadsheet side, and the place that it was imported from."""
        headers, row = list(TINY_LEAD), list(TINY_LEAD.values())
        program = (
            "import json, leadscore_excel\n"
            f"grid = leadscore_excel.score({TINY_MODEL!r}, {headers!r}, {row!r})\n"
            "print(json.dumps([grid, leadscore_excel.__file__]))"
        )
        grid, place = json.loads(run(self.python, "-c", program, cwd=self.folder))
        return grid, Path(place)


@pytest.fixture(scope="module")
def wheel_environment(
    distributions: Distributions, wheelhouse: Path, tmp_path_factory: pytest.TempPathFactory
) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("wheel") / "venv", wheelhouse)
    environment.install(distributions.wheel)
    return environment


def test_wheel_holds_the_package_the_grammar_and_the_types_marker(distributions):
    names = set(zipfile.ZipFile(distributions.wheel).namelist())
    assert {GRAMMAR, "leadscore/__init__.py", "leadscore/py.typed"} <= names
    assert {"leadscore_excel/functions.py", "leadscore_excel/py.typed"} <= names
    assert {name.partition("/")[0] for name in names} == {
        "leadscore",
        "leadscore_excel",
        "leadscore-0.1.0.dist-info",
    }


def test_sdist_holds_the_grammar_once_and_no_installed_packages(distributions):
    with tarfile.open(distributions.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert [name for name in names if name.endswith("score.lark")] == ["grammar/score.lark"]
    assert {"pyproject.toml", "README.md", "LICENSE", "tests/conftest.py"} <= names
    assert not [name for name in names if "node_modules" in name or ".venv" in name]


def test_installed_wheel_scores(wheel_environment):
    score, place = wheel_environment.score_tiny_model()
    assert score == TINY_SCORE
    assert place.is_relative_to(wheel_environment.folder)


def test_installed_wheel_scores_in_a_sheet(wheel_environment):
    grid, place = wheel_environment.score_in_a_sheet()
    assert grid == [[float(TINY_SCORE)]]
    assert place.is_relative_to(wheel_environment.folder)


def test_installed_wheel_has_the_command(wheel_environment):
    assert "Usage" in run(wheel_environment.command, "--help")


def test_installed_wheel_has_all_its_dependencies(wheel_environment):
    pip("check", python=wheel_environment.python)


def test_sdist_installs_and_scores(distributions, wheelhouse, tmp_path):
    environment = Environment(tmp_path / "venv", wheelhouse)
    # One lead needs nothing but Lark; the other dependencies are proven with the wheel.
    environment.install("--no-deps", distributions.sdist)
    environment.install("lark")
    score, place = environment.score_tiny_model()
    assert score == TINY_SCORE
    assert place.is_relative_to(environment.folder)


def test_editable_install_scores_from_the_checkout(wheelhouse, tmp_path):
    environment = Environment(tmp_path / "venv", wheelhouse)
    environment.install("--no-deps", "--editable", ROOT)
    environment.install("lark")
    score, place = environment.score_tiny_model()
    assert score == TINY_SCORE
    assert place == ROOT / "dsl" / "leadscore" / "__init__.py"
    grid, place = environment.score_in_a_sheet()
    assert grid == [[float(TINY_SCORE)]]
    assert place == ROOT / "excel_addin" / "leadscore_excel" / "__init__.py"
    installed = json.loads(run(environment.python, "-c", SITE_PACKAGES))
    assert not {"leadscore", "leadscore_excel"} & set(installed), "a second, stale place"
    _check_types(environment, tmp_path)


def test_types_of_the_installed_wheel_reach_users(wheel_environment, tmp_path):
    _check_types(wheel_environment, tmp_path)


def _check_types(environment: Environment, folder: Path) -> None:
    """Users' correct code passes mypy strict, and a wrong type is found: py.typed works."""
    good = folder / "good.py"
    good.write_text(
        "from decimal import Decimal\n"
        "import leadscore\n"
        "model: leadscore.Model = leadscore.loads('score \"x\"')\n"
        'score: Decimal | None = model.score({"employees": 120}).score\n',
        encoding="utf-8",
    )
    bad = folder / "bad.py"
    bad.write_text(
        "import leadscore\nwrong: bytes = leadscore.loads(\"score 'x'\").score({}).score\n",
        encoding="utf-8",
    )
    status, output = _mypy(environment, good)
    assert status == 0, output
    status, output = _mypy(environment, bad)
    assert status == 1, output
    assert "[assignment]" in output


def _mypy(environment: Environment, file: Path) -> tuple[int, str]:
    """Check a file from its own folder, where no configuration of ours is found."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental"]
    command += ["--python-executable", str(environment.python), file.name]
    done = subprocess.run(
        command,
        cwd=file.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
