"""No test of this folder sees the configuration or the home of who runs it."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def config_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of the add-in: UTC, and no folders."""
    path = tmp_path / "addin.toml"
    path.write_text('folders = []\ntime_zone = "UTC"\n', encoding="utf-8")
    monkeypatch.setenv("LEADSCORE_ADDIN_CONFIG", str(path))
    return path
