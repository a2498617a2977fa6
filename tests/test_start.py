"""What a worker loads when it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from learning.config import PROJECT


def test_the_site_starts_without_what_only_reports_and_authors_need(tmp_path: Path) -> None:
    program = "import wsgi, sys; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=os.environ | {"HEADWATER_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'learning'" in run.stdout
    reports, authors = ("numpy", "scipy", "pandas", "typst", "PIL"), ("markdown", "nh3", "ruamel", "latex2mathml")
    assert [name for name in (*reports, *authors) if f"'{name}'" in run.stdout] == []
