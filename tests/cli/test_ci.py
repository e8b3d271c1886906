"""The hooks for pre-commit and the action for GitHub: what they say, and that their steps run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from tests.docs.pages import page

import leadscore
from leadscore.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

MODEL = """\
score "S"

group "Company" as fit
  +5 if industry is "SaaS"

test "t" as of 2026-01-31
  given industry = "SaaS"
  expect score = 5
"""


def test_hooks_are_commands_that_there_are() -> None:
    assert [hook["id"] for hook in HOOKS] == ["leadscore-check", "leadscore-fmt", "leadscore-test"]
    for hook in HOOKS:
        program, command = hook["entry"].split()
        assert program == "leadscore"
        assert command in COMMANDS
        assert hook["language"] == "python"
        assert hook["name"]
        assert re.search(hook["files"], "models/contact.score")
        assert not re.search(hook["files"], "models/contact.score.csv")
        assert hook["require_serial"] is True  # one run, with one summary


def test_the_action_is_a_composite_one() -> None:
    assert ACTION["name"]
    assert ACTION["description"]
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert "run" not in step or step["shell"] == "bash"
    for name, given in ACTION["inputs"].items():
        assert given["description"], name
        assert isinstance(given["default"], str), name


def test_inputs_are_never_text_of_a_script() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_only_those() -> None:
    text = json.dumps(ACTION["runs"])
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])


def test_formats_are_those_of_check() -> None:
    check = cli.get_command(click.Context(cli), "check")
    assert check is not None
    (shape,) = (each.type for each in check.params if each.name == "shape")
    assert isinstance(shape, click.Choice)
    assert ACTION["inputs"]["format"]["default"] in shape.choices


def steps(folder: Path, **given: str) -> dict[str, subprocess.CompletedProcess[str]]:
    """What the steps of our own do in a folder, with these inputs."""
    inputs = {name: each["default"] for name, each in ACTION["inputs"].items()} | given
    ran = {}
    for step in ACTION["runs"]["steps"]:
        if "run" not in step or step["name"] == "Install leadscore":
            continue  # this checkout is installed
        asked = re.search(r"inputs\.(\w+) == 'true'", step.get("if", ""))
        if asked and inputs[asked[1]] != "true":
            continue
        env = dict(os.environ)
        for name, value in step["env"].items():
            found = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
            assert found is not None, value
            env[name] = inputs[found[1]]
        env |= {"LEADSCORE": sys.executable, "GITHUB_ACTION_PATH": str(ROOT)}
        ran[step["name"].split()[-1]] = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    return ran


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my models").mkdir()
    (tmp_path / "my models" / "one.score").write_text(MODEL)
    (tmp_path / "two.score").write_text(MODEL)
    return tmp_path


@pytest.mark.needs_tool("bash")
def test_the_steps_pass_on_models_that_are_fine(folder: Path) -> None:
    ran = steps(folder)
    assert {name: each.returncode for name, each in ran.items()} == {
        "check": 0,
        "fmt": 0,
        "test": 0,
    }, ran
    assert ran["check"].stdout == "2 files: fine\n"
    assert ran["test"].stdout == "2 tests passed\n"


@pytest.mark.needs_tool("bash")
def test_the_steps_fail_on_models_that_are_not(folder: Path) -> None:
    broken = MODEL.replace('is "SaaS"\n', '== "SaaS"\n', 1)
    (folder / "two.score").write_text(broken.replace("  +5", "+5"))
    ran = steps(folder, **{"fail-under": "100"})
    assert ran["check"].returncode == 1
    assert ran["check"].stdout.startswith("::error file=two.score,line=4,")
    assert ran["fmt"].returncode == 1
    assert ran["test"].returncode == 1


@pytest.mark.needs_tool("bash")
def test_inputs_of_several_lines_and_odd_names(folder: Path) -> None:
    evil = folder / "$(touch evil) ; 'x\".score"
    evil.write_text(MODEL.replace('"SaaS"\n', '"SaaS"  # allow L999\n', 1))
    files = f"my models\r\n\n{evil.name}\n"
    ran = steps(
        folder, files=files, arguments="--ignore=L1\n--ignore=L2", test="false", fmt="false"
    )
    assert list(ran) == ["check"]
    assert ran["check"].returncode == 1, ran
    assert "title=L001 unused-allowance" in ran["check"].stdout
    assert ran["check"].stdout.endswith("2 files: 1 warning\n")
    assert not (folder / "evil").exists()
    assert steps(folder, files=files, arguments="--ignore=L")["check"].returncode == 0


@pytest.mark.needs_tool("bash")
def test_sarif_goes_into_a_file(folder: Path) -> None:
    (folder / "two.score").write_text(MODEL.replace("is", "=="))
    ran = steps(folder, format="sarif", **{"sarif-file": "my report.sarif"})
    assert ran["check"].returncode == 1
    log: dict[str, Any] = json.loads((folder / "my report.sarif").read_text(encoding="utf-8"))
    (result,) = log["runs"][0]["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "two.score"


def shown() -> dict[str, Any]:
    """The files of YAML in docs/ci.md, by their first key."""
    blocks = [block for block in page("docs/ci.md").blocks if block.kind == "yaml"]
    texts = [yaml.safe_load(block.text) for block in blocks]
    assert len(texts) == 3
    return {text.get("name", "hooks"): text for text in texts}


def test_the_page_uses_what_there_is() -> None:
    found = shown()
    ids = [hook["id"] for hook in found["hooks"]["repos"][0]["hooks"]]
    assert ids == [hook["id"] for hook in HOOKS]
    assert found["hooks"]["repos"][0]["rev"] == f"v{leadscore.__version__}"
    for name in ("Models", "Code scanning"):
        (job,) = found[name]["jobs"].values()
        (ours,) = (each for each in job["steps"] if each["uses"].startswith("leadscore/"))
        assert ours["uses"].endswith(f"@v{leadscore.__version__}")
        assert set(ours["with"]) <= set(ACTION["inputs"])
    upload = found["Code scanning"]["jobs"]["models"]["steps"][-1]
    assert upload["with"]["sarif_file"] == ACTION["inputs"]["sarif-file"]["default"]


def test_the_page_lists_all_inputs() -> None:
    (table,) = (each for each in page("docs/ci.md").tables if each.header[0] == "input")
    listed = {row[0].strip("`"): row[1].strip("`") for row in table.rows}
    assert listed == {name: each["default"] for name, each in ACTION["inputs"].items()}
