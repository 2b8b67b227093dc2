from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ownership.audit.figures import PublishedFigure
from ownership.audit.rounds import Rounds
from ownership.cli import main


class TestAudit:
    def test_it_shows_what_was_published_worked_out_and_useful(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A reviewer sees all three, with the rules that the attackers break beside ours, on one screen."""
        assert main(["audit", "--windows", "3", "--people", "150"]) == 0
        told = capsys.readouterr().out
        lines = told.splitlines()
        for title in ("WHAT WAS PUBLISHED", "WHAT ATTACKERS WORKED OUT", "HOW USEFUL IT WAS"):
            assert title in told
        [ours] = [line for line in lines if "this library" in line]
        assert ours.split()[2:] == ["none", "none", "none"]
        assert sum(" %" in line for line in lines if "at least 5" in line) == 4
        assert len(lines) < 60
        assert max(map(len, lines)) < 110

    def test_machines_read_the_same(self, capsys: pytest.CaptureFixture[str]) -> None:
        """--json gives the numbers, and every cell of every window with its bands."""
        assert main(["audit", "--windows", "2", "--people", "100", "--organisations", "2", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["is_safe"]
        assert [told["organisations"], told["windows"], len(told["published"])] == [2, 2, 2]
        assert all(cell["answered"] >= 5 for one in told["published"] for cell in one["cells"])
        assert told["guard"]["known"] == 0 < told["other_rules"][0]["known"]

    def test_a_leak_is_told_and_is_not_done(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """When an attacker gets through, the page says so and the exit code is 1."""

        def leaking(rounds: Rounds) -> list[PublishedFigure]:
            [first, *others] = as_it_is.__get__(rounds)
            fewer = first.answered - {min(first.answered)}
            return [first, *others, PublishedFigure(first.window, first.measure, first.roster, fewer, 0, 100)]

        as_it_is = vars(Rounds)["figures"]
        monkeypatch.setattr(Rounds, "figures", property(leaking))
        assert main(["audit", "--windows", "1", "--people", "100"]) == 1
        [ours] = [line for line in capsys.readouterr().out.splitlines() if "this library" in line]
        assert " %" in ours

    @pytest.mark.parametrize(
        ("option", "value"), [("--windows", "0"), ("--organisations", "0"), ("--people", "3"), ("--windows", "61")]
    )
    def test_numbers_have_bounds(self, option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A number that makes no sense is refused with the name of its option."""
        assert main(["audit", option, value]) == 1
        assert option in capsys.readouterr().err

    def test_without_the_extra_one_line_says_what_to_install(self) -> None:
        """Where scipy is missing the command says how to get it, and shows no traceback."""
        code = "import sys; sys.modules['scipy'] = None; from ownership.cli import main; sys.exit(main(['audit']))"
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert run.returncode == 1
        assert run.stderr == 'ownership: audit: needs scipy; pip install "ownership[audit]"\n'
