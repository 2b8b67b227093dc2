"""The rules of the house, held against the code."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "ownership"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Hold the imports of a copy of the source tree against the contracts."""
    script = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", script, "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree / "src"), "PATH": "", "HOME": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


class TestFloors:
    def test_the_house_as_it_stands_keeps_its_contracts(self, tree: Path) -> None:
        """No import goes up, sideways between rooms that must not know each other, or in circles."""
        run = lint_imports(tree)
        assert run.returncode == 0, run.stdout + run.stderr

    @pytest.mark.parametrize(
        ("room", "planted"),
        [
            ("domain/goals.py", "from ownership.ports.storage import Record"),
            ("domain/goals.py", "import json"),
            ("domain/people.py", "import random"),
            ("domain/people.py", "from ownership.domain.goals import Goal"),
            ("errors.py", "import logging"),
            ("ports/channels.py", "from ownership.codec import dump"),
            ("workspace/goals.py", "from ownership.adapters.storage.memory import MemoryStore"),
            ("workspace/goals.py", "from ownership.render.text import overview_text"),
            ("adapters/storage/sqlite/store.py", "from ownership.adapters.storage.memory import MemoryStore"),
            ("adapters/channels/console.py", "from ownership.workspace.desk import Desk"),
            ("compose.py", "from ownership.sample.people import organisation"),
            ("content/starter.py", "from ownership.workspace.desk import Desk"),
            ("sample/people.py", "from ownership.audit.figures import PublishedFigure"),
            ("audit/figures.py", "from ownership.testing.strategies import people"),
        ],
    )
    def test_a_planted_wrong_import_is_refused(self, tree: Path, room: str, planted: str) -> None:
        """An import in a forbidden direction breaks a contract, also when it stands inside a function."""
        place = tree / "src" / "ownership" / room
        place.write_text(f"{place.read_text(encoding='utf-8')}\n\ndef planted():\n    {planted}\n", encoding="utf-8")
        run = lint_imports(tree)
        assert run.returncode == 1, run.stdout + run.stderr
        assert "BROKEN" in run.stdout

    def test_a_new_room_must_be_placed(self, tree: Path) -> None:
        """A module that no floor names breaks the contract of the floors."""
        (tree / "src" / "ownership" / "attic.py").write_text("", encoding="utf-8")
        assert lint_imports(tree).returncode == 1


def every_test() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Give every test function of the project."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield path, node


class TestTests:
    def test_every_test_says_in_a_sentence_what_rule_it_states(self) -> None:
        """A test without a docstring tells nobody what broke."""
        mute = [f"{path.relative_to(ROOT)}:{test.lineno}" for path, test in every_test() if not ast.get_docstring(test)]
        assert mute == []


class TestSource:
    def test_inside_the_package_imports_name_the_room(self) -> None:
        """Nothing inside imports from the package's own front door, but for its version."""
        for path in SOURCE.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module == "ownership":
                    assert {name.name for name in node.names} <= {"__version__", "hooks"}, path
