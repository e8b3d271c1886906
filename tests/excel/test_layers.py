"""What the spreadsheet side takes of leadscore, held against the table of docs/architecture.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "excel_addin" / "leadscore_excel"


def allowed() -> set[str]:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (row,) = re.findall(r"^\| `leadscore_excel`.*\| (.+?) \|$", text, re.MULTILINE)
    return set(re.findall(r"`([\w.]+)`", row))


def imported(path: Path) -> set[str]:
    """The modules and packages of leadscore that a module imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "leadscore":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("leadscore."):
            found.add(str(node.module).split(".")[1])
        elif isinstance(node, ast.Import):
            assert not any(alias.name.split(".")[0] == "leadscore" for alias in node.names)
    return found


def test_imports() -> None:
    used = {name for path in PACKAGE.glob("*.py") for name in imported(path)}
    assert used == allowed()


def test_of_the_readers_of_tables_only_the_rules_for_columns() -> None:
    modules = set()
    for path in PACKAGE.glob("*.py"):
        modules |= set(re.findall(r"from leadscore\.data\.(\w+)", path.read_text(encoding="utf-8")))
    assert modules == {"resolve", "source"}


def test_only_its_adapter_knows_xlwings() -> None:
    assert [
        path.name
        for path in PACKAGE.glob("*.py")
        if re.search(r"^\s*(?:import|from) xlwings", path.read_text(encoding="utf-8"), re.MULTILINE)
    ] == ["xlwings_udfs.py"]
