"""The stories are true: what their READMEs show is what comes out, and they leave nothing untried.

``LEADSCORE_UPDATE=1`` writes the READMEs and outputs anew instead of comparing them.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.examples.coverage import missing, receipts
from tests.examples.stories import EXAMPLES, Story, stories

import leadscore
from leadscore.syntax import nodes as n
from leadscore.testing import run_tests

STORIES = stories()
UPDATE = os.environ.get("LEADSCORE_UPDATE") == "1"

each_story = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)


def test_every_folder_is_a_story():
    folders = {path.parent for path in EXAMPLES.glob("*/*.score")}
    assert folders == {story.folder for story in STORIES}
    assert len(STORIES) >= 12


@each_story
def test_readme_and_outputs_are_what_comes_out(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / story.name
    shutil.copytree(story.folder, folder)
    monkeypatch.chdir(folder)
    readme, written = story.run()
    assert {"scores.csv", "receipt.txt"} <= written.keys()
    if UPDATE:
        (story.folder / "README.md").write_text(readme, encoding="utf-8", newline="")
        for name, text in written.items():
            (story.folder / name).write_text(text, encoding="utf-8", newline="")
        return
    for name, text in written.items():
        assert text == (story.folder / name).read_bytes().decode(), name
    assert readme == story.readme


@each_story
def test_models_are_free_of_findings_and_pass_their_tests(story: Story):
    for path in story.models:
        model = leadscore.load(path)
        assert model.diagnostics == ()
        results = list(run_tests(model))
        assert results
        for result in results:
            assert result.passed, (path.name, result.name, result.failures)
        for block in model.analysis.symbols.tests:
            head = block.head.node
            assert isinstance(head, n.TestLine)
            assert head.as_of is not None, f"{path.name}: {head.title.value} runs as of today"


@each_story
def test_the_readme_checks_tests_and_scores_every_model(story: Story):
    commands = story.commands()
    for path in story.models:
        for command in ("check", "test", "score"):
            assert any(
                words[:2] == ["leadscore", command] and path.name in words for words in commands
            ), (path.name, command)
    # A receipt or a score of "now" would change by the day.
    for words in commands:
        if words[1] in ("score", "explain"):
            assert "--as-of" in words


@each_story
def test_nothing_in_the_models_is_left_untried(story: Story, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(story.folder)
    for options in story.score_commands():
        for name, (model, given) in receipts(options).items():
            assert missing(model, given) == [], name


@each_story
def test_every_rule_group_and_label_has_a_test_in_the_model(story: Story):
    for path in story.models:
        model = leadscore.load(path)
        shown = [test.result.receipt for test in run_tests(model)]
        groups = {g.name for r in shown for g in r.groups if any(rule.earned for rule in g.rules)}
        assert {group.name for group in model.plan.groups} <= groups, path.name
        for target, labels in model.plan.labels:
            output = "label" if target == "score" else f"{target}_label"
            titles = {receipt.outputs.get(output) for receipt in shown}
            assert {label.title for label in labels} <= titles, (path.name, output)


@each_story
def test_scores_have_a_row_for_each_lead(story: Story):
    (leads,) = {options["leads"] for options in story.score_commands()}
    ids = _first_column(story.folder / leads)
    assert _first_column(story.folder / "scores.csv") == ids
    assert len(ids) >= 40


def _first_column(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [next(iter(row.values())) for row in csv.DictReader(file)]


@pytest.mark.needs_tool("bash", "awk")
def test_the_demo_fits_on_a_screen():
    environment = dict(os.environ)
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", str(EXAMPLES / "demo.sh")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) < 40
    for story in STORIES[:1] + STORIES[2:7] + STORIES[8:]:
        assert any(line.startswith(story.name) and ": " in line for line in lines), story.name


def test_the_gallery_names_every_story():
    gallery = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for story in STORIES:
        assert f"({story.name}/README.md)" in gallery
        for path in story.models:
            assert path.name in gallery


def test_leadforge_tables_are_joined_from_a_bundle(tmp_path: Path):
    place = EXAMPLES / "11-leadforge" / "prepare.py"
    spec = importlib.util.spec_from_file_location("prepare", place)
    assert spec is not None
    assert spec.loader is not None
    prepare = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prepare)
    bundle, target = tmp_path / "bundle", tmp_path / "story"
    target.mkdir()
    _table(
        bundle / "leads_with_label.csv",
        "lead_id,contact_id,account_id,lead_created_at,lead_source,owner_rep_id,converted_within_90_days",
        "l1,c1,a1,2024-01-04,sdr_outbound,r1,False",
        "l2,c2,a1,2024-01-05,partner_referral,r1,True",
    )
    _table(
        bundle / "contacts.csv",
        "contact_id,account_id,job_title,role_function,seniority,buyer_role,email_domain_type",
        "c1,a1,CFO,vp_finance,director,economic_buyer,personal",
        'c2,a1,"Head, AP",ap_manager,manager,champion,corporate',
    )
    _table(
        bundle / "accounts.csv",
        "account_id,company_name,industry,region,employee_band,process_maturity_band",
        "a1,Company a1,logistics,UK,200-499,high",
    )
    for name in ("touches", "sessions", "sales_activities"):
        _table(bundle / f"{name}.csv", "id,lead_id,more", "1,l1,x", "2,l2,y")
    prepare.prepare(bundle, target, 1)
    assert (target / "leads.csv").read_text(encoding="utf-8") == (
        "lead_id,lead_created_at,lead_source,job_title,role_function,seniority,buyer_role,"
        "email_domain_type,company_name,industry,region,employee_band,process_maturity_band,"
        "converted_within_90_days\n"
        "l1,2024-01-04,sdr_outbound,CFO,vp_finance,director,economic_buyer,personal,Company a1,"
        "logistics,UK,200-499,high,False\n"
    )
    assert (target / "sessions.csv").read_text(encoding="utf-8") == "id,lead_id,more\n1,l1,x\n"


def _table(path: Path, *lines: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
