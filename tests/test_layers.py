"""Who imports whom: the table of docs/architecture.md, held against the code."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "dsl" / "leadscore"
ROW = re.compile(r"^\| (.+?) \| .+? \| (.+?) \|$", re.MULTILINE)


def table() -> dict[str, set[str]]:
    """The modules and packages of the table, each with what it may import."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows: dict[str, set[str]] = {}
    for places, allowed in ROW.findall(text.split("## Packages")[1].split("## From text")[0]):
        names = re.findall(r"`leadscore\.([\w.]+)`", places)
        for name in names:
            rows[name] = {*names, *re.findall(r"`([\w.]+)`", allowed)}
    return rows


def home(module: str, rows: dict[str, set[str]]) -> str:
    """The row that a module belongs to: the longest of which it is, or is inside."""
    found = [row for row in rows if module == row or module.startswith(row + ".")]
    return max(found, key=len, default="")


def imports() -> set[tuple[str, str]]:
    """All (module, module of ours that it imports), for other than types alone."""
    found: set[tuple[str, str]] = set()
    for path in PACKAGE.rglob("*.py"):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        module = module.removesuffix("__init__").rstrip(".")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for_types = {
            inner
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if node in for_types:
                continue
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("leadscore."):
                found.add((module, (node.module or "").removeprefix("leadscore.")))
    return found


def test_every_module_stands_in_the_table() -> None:
    rows = table()
    assert len(rows) > 15
    modules = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for path in PACKAGE.rglob("*.py")
    }
    assert {m for m in modules - {"__init__", "__main__"} if not home(m, rows)} == set()


def test_imports_go_one_way() -> None:
    rows = table()
    wrong = [
        f"{module} imports {used}"
        for module, used in sorted(imports())
        if module not in ("", "__main__")
        and home(used, rows) != home(module, rows)
        and home(used, rows) not in rows[home(module, rows)]
    ]
    assert wrong == []


def test_a_target_does_not_bring_the_parser_along() -> None:
    code = (
        "import sys, leadscore.targets.python.evaluator, leadscore.plan.bounds\n"
        "print([m for m in sys.modules if m.startswith(('leadscore.syntax', 'leadscore.analysis'))"
        " or m == 'lark'])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
