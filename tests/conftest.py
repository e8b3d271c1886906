"""What every test may use, and what CI must not let slip.

A test that lacks a tool or the network is skipped on a user's machine. In CI, which has both, the
same test fails: a suite that is green because half of it was skipped proves nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import NoReturn

import hypothesis
import pytest

IN_CI = os.environ.get("LEADSCORE_CI") == "1"

# Machines differ in speed and are shared: no test fails for being slow. CI runs the same examples
# every time, so that a red run is about the change; developers' machines look for new ones.
hypothesis.settings.register_profile("developer", deadline=None)
hypothesis.settings.register_profile("reproducible", deadline=None, derandomize=True)
hypothesis.settings.load_profile("reproducible" if IN_CI else "developer")


def _unavailable(reason: str) -> NoReturn:
    if IN_CI:
        pytest.fail(f"CI must run this test: {reason}", pytrace=False)
    pytest.skip(reason)


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = [
        name
        for marker in item.iter_markers("needs_tool")
        for name in marker.args
        if shutil.which(name) is None
    ]
    if missing:
        _unavailable(f"not on the PATH: {', '.join(missing)}")


@pytest.fixture(scope="session")
def unavailable() -> Callable[[str], NoReturn]:
    """Call it with the reason where a test finds that its surroundings lack what it needs.

    Skips the test on a user's machine, fails it in CI.
    """
    return _unavailable
