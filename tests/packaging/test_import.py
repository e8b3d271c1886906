"""What an import costs is decided by what it pulls in: that is tested, not the time it takes.

`benchmarks/import_time.py` measures the time.
"""

from __future__ import annotations

import json
import subprocess
import sys

from tests.packaging.support import TINY_LEAD, TINY_MODEL, TINY_SCORE

# Lark takes these along where they are installed; an installation of leadscore alone has neither.
LARK_TAKES_ALONG = {"interegular", "regex"}


def _packages_loaded_by(code: str) -> set[str]:
    """Top-level packages, outside the standard library, that a fresh interpreter loads for it."""
    # Site customisations load packages of their own at start: only what comes on top counts.
    program = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        f"{code}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    roots = {name.partition(".")[0] for name in json.loads(done.stdout)}
    return roots - set(sys.stdlib_module_names)


def test_import_loads_only_the_standard_library():
    assert _packages_loaded_by("import leadscore") == {"leadscore"}


def test_every_public_name_can_be_reached():
    code = "import leadscore\nfor name in leadscore.__all__: getattr(leadscore, name)"
    assert "leadscore" in _packages_loaded_by(code)


def test_scoring_one_lead_needs_nothing_but_lark():
    code = (
        "import leadscore\n"
        f"result = leadscore.loads({TINY_MODEL!r}).score({TINY_LEAD!r})\n"
        f"assert str(result.score) == {TINY_SCORE!r}, result.score"
    )
    assert _packages_loaded_by(code) - LARK_TAKES_ALONG == {"leadscore", "lark"}
