"""The README: its ten lines run, its links lead somewhere, its commands name what there is."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_ten_lines_run_as_they_stand(tmp_path: Path) -> None:
    """A file with only the README's ten lines runs in a fresh interpreter, in an empty folder."""
    [lines] = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert len([line for line in lines.splitlines() if line and not line.startswith(("from", "import"))]) == 10
    script = tmp_path / "ten_lines.py"
    script.write_text(lines, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "development.db").stat().st_size > 0


def relative_links() -> list[str]:
    """Give every link of the README that leads to a file of the repository."""
    links = re.findall(r"\]\(([^)\s]+)\)", README)
    return sorted({link for link in links if "://" not in link})


@pytest.mark.parametrize("link", relative_links())
def test_links_lead_somewhere(link: str) -> None:
    """Every relative link of the README names a file that is there."""
    assert (ROOT / link.partition("#")[0]).is_file()


def test_commands_install_what_there_is() -> None:
    """The README's commands name extras, and a command, that the package has."""
    commands = re.findall(r"^python3\.11 -m venv .*$", README, re.MULTILINE)
    assert len(commands) == 2
    named = {extra for command in commands for extra in re.findall(r'"\.\[(\w+)\]"', command)}
    assert named == {"demo", "tests"}
    assert named <= PROJECT["optional-dependencies"].keys()
    assert "ownership" in PROJECT["scripts"]


def test_python_that_it_asks_for_is_the_python_that_it_needs() -> None:
    """The README asks for the oldest Python that the package takes."""
    assert PROJECT["requires-python"] == ">=3.11"
    assert "With Python 3.11" in README
