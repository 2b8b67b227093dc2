from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ownership.cli import COMMANDS, main, parser
from ownership.compose import Registry, open_workspace
from ownership.domain.goals import Goal
from ownership.portable import read_bundle
from ownership.sample.people import organisation, write_csv

ON = "2026-11-01"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OWNERSHIP_WORKSPACE", raising=False)
    monkeypatch.delenv("OWNERSHIP_CHANNELS", raising=False)
    monkeypatch.delenv("OWNERSHIP_RETENTION", raising=False)
    return tmp_path


def demo(*options: str) -> int:
    return main(["demo", "--people", "30", "--until", ON, *options])


def printed_json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


class TestDemo:
    def test_it_leaves_a_sound_file_and_the_pages(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The demo ends with a page per person shown, a text overview, and a database that SQLite finds sound."""
        assert demo("--months", "2") == 0
        told = capsys.readouterr().out
        assert "30 people joined" in told
        assert "Ada de Vries" in told
        assert "<html" in Path("ownership-demo/ada.html").read_text(encoding="utf-8")
        assert 'lang="nl"' in Path("ownership-demo/liam.html").read_text(encoding="utf-8")
        with closing(sqlite3.connect("ownership-demo.db")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_nothing_is_canned(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Another seed is another organisation with another life; the same seed is the same."""
        told = []
        for seed in ("7", "7", "8"):
            assert demo("--months", "1", "--seed", seed, "--anew") == 0
            told.append(capsys.readouterr().out.partition("Pages")[0])
        assert told[0] == told[1] != told[2]

    def test_a_second_run_goes_on_where_the_first_ended(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Without --anew a second run lives one more month of the same people."""
        demo("--months", "1")
        capsys.readouterr()
        assert main(["demo"]) == 0
        told = capsys.readouterr().out
        assert "2026-11-02 to 2026-12-01" in told
        assert "joined" not in told

    def test_a_demo_that_was_broken_off_says_the_way_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A file without the state that goes with it is left alone, and the error names --anew."""
        demo("--months", "1")
        Path("ownership-demo/state.json").write_text("{", encoding="utf-8")
        capsys.readouterr()
        assert main(["demo"]) == 1
        assert "--anew" in capsys.readouterr().err
        assert demo("--months", "1", "--anew") == 0

    def test_a_demo_stopped_in_the_middle_can_be_gone_on_with(self) -> None:
        """A process killed while people live leaves a file and a state from which the next run goes on."""
        command = [sys.executable, "-m", "ownership.cli", "demo", "--people", "30", "--until", ON]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and not _lived_some_days():
                pass
            process.kill()
        assert main(["demo", "--months", "1"]) == 0

    @pytest.mark.parametrize("people", ["1", "0", "6000"])
    def test_a_size_that_makes_no_organisation_is_refused(
        self, people: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The number of people has bounds, and nothing is left behind when it is outside them."""
        assert main(["demo", "--people", people]) == 1
        assert "--people" in capsys.readouterr().err
        assert not Path("ownership-demo.db").exists()


def _lived_some_days() -> bool:
    try:
        return bool(
            json.loads(Path("ownership-demo/state.json").read_text(encoding="utf-8"))["lived_until"] > "2026-07-10"
        )
    except (OSError, ValueError):
        return False


class TestSync:
    def test_a_dry_run_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        """--dry-run shows the plan; the workspace stays as it was."""
        for _ in range(2):
            assert main(["sync", "sample:", "--dry-run", "--json", "-w", "sqlite:///people.db"]) == 0
            assert len(printed_json(capsys)["joiners"]) == 250

    def test_a_second_sync_changes_nobody(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Plan, apply, plan: the second plan is empty."""
        main(["sync", "sample:", "-w", "sqlite:///people.db"])
        capsys.readouterr()
        assert main(["sync", "sample:", "--json", "-w", "sqlite:///people.db"]) == 0
        plan = printed_json(capsys)
        assert (plan["joiners"], plan["changed"], plan["leavers"], plan["unchanged"]) == ([], [], [], 250)

    def test_a_guard_holds_until_it_is_confirmed(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A file from which most people are gone is held; --confirm applies it."""
        rows = organisation(50, on=date(2026, 1, 1))
        write_csv(rows, Path("all.csv"))
        write_csv(rows[:20], Path("few.csv"))
        where = ["-w", "sqlite:///people.db"]
        assert main(["sync", "csv:all.csv?complete=yes", *where]) == 0
        assert main(["sync", "csv:few.csv?complete=yes", *where]) == 1
        assert "--confirm" in capsys.readouterr().err
        assert main(["sync", "csv:few.csv?complete=yes", "--confirm", "--json", *where]) == 0
        assert len(printed_json(capsys)["leavers"]) == 30

    def test_what_cannot_be_read_is_one_line_with_file_line_and_field(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A bad file is one line on the error stream, and exit code 1."""
        Path("people.csv").write_text("external_id,display_name\nE1,Ann\nE1,Bob\n", encoding="utf-8")
        assert main(["sync", "csv:people.csv", "-w", "sqlite:///people.db"]) == 1
        told = capsys.readouterr().err.splitlines()
        assert len(told) == 1
        assert "people.csv:3:external_id" in told[0]


class TestWork:
    def test_a_second_run_sends_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        """After the demo, work does what is due now; run again at once, nothing is due."""
        demo("--months", "1")
        main(["work"])
        capsys.readouterr()
        assert main(["work", "--json"]) == 0
        report = printed_json(capsys)
        assert report["opened"] == report["passed"] == report["expired"] == 0
        assert set(report["deliveries"].values()) == {0}

    def test_channels_can_be_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        """--channel takes any channel's URL; one that nobody answers to names those that are known."""
        main(["sync", "sample:", "-w", "sqlite:///people.db"])
        assert main(["work", "--channel", "console:", "-w", "sqlite:///people.db"]) == 0
        assert main(["work", "--channel", "pigeon:", "-w", "sqlite:///people.db"]) == 1
        told = capsys.readouterr().err
        assert "pigeon" in told
        assert "console" in told
        assert "smtp" in told


class TestOverview:
    def test_text_page_and_json_are_the_same_overview(self, capsys: pytest.CaptureFixture[str]) -> None:
        """One person's overview can be read, opened in a browser and handed to a machine."""
        main(["sync", "sample:", "-w", "sqlite:///people.db"])
        ada = ["overview", "ada@example.org", "-w", "sqlite:///people.db"]
        capsys.readouterr()
        assert main(ada) == 0
        assert "Ada de Vries" in capsys.readouterr().out
        assert main([*ada, "--html", "ada.html"]) == 0
        assert "Ada de Vries" in Path("ada.html").read_text(encoding="utf-8")
        capsys.readouterr()
        assert main([*ada, "--json"]) == 0
        assert printed_json(capsys)["person"]["display_name"] == "Ada de Vries"

    def test_whoever_runs_it_stands_in_her_journal(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The command line acts as the person, so each look is in the journal that she reads."""
        main(["sync", "sample:", "-w", "sqlite:///people.db"])
        main(["overview", "ada@example.org", "-w", "sqlite:///people.db"])
        capsys.readouterr()
        main(["overview", "ada@example.org", "--json", "-w", "sqlite:///people.db"])
        assert printed_json(capsys)["looks"][0]["on_behalf_of"].startswith("command line: ")

    def test_nobody_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown person is one line on the error stream and exit code 1."""
        assert main(["overview", "nobody@example.org", "-w", "memory:"]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1


class TestPlugins:
    def test_every_built_in_is_listed_and_sound(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What ships with the package comes in by the same door as a vendor's, and none of it is broken."""
        assert main(["plugins", "--check", "--json"]) == 0
        rows = {row["name"]: row["problem"] for row in printed_json(capsys)}
        assert {
            "storage.sqlite",
            "storage.memory",
            "directory.csv",
            "directory.sample",
            "content.ownership",
        } <= rows.keys()
        assert {"channel.console", "channel.inbox", "channel.smtp"} <= rows.keys()
        assert set(rows.values()) == {None}

    def test_one_that_does_not_say_what_leaves_is_shown(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Silence about personal data is not a fault, and not hidden either."""
        monkeypatch.setattr(Registry, "silent", frozenset({"channel.smtp"}))
        assert main(["plugins", "--check"]) == 0
        (told,) = [line for line in capsys.readouterr().out.splitlines() if "does not say" in line]
        assert told.startswith("channel.smtp ")


class TestUsage:
    def test_no_workspace_is_an_error_with_the_way_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where no workspace is named and no demo lies here, the error says how to name one."""
        assert main(["work"]) == 1
        assert "sqlite:///development.db" in capsys.readouterr().err

    def test_an_environment_variable_names_the_workspace(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """OWNERSHIP_WORKSPACE spares the option."""
        monkeypatch.setenv("OWNERSHIP_WORKSPACE", "memory:")
        assert main(["work"]) == 0

    @pytest.mark.parametrize("argv", [[], ["unheard-of"], ["overview"], ["demo", "--months", "0"], ["sync", "--wrong"]])
    def test_wrong_usage_exits_with_2(self, argv: list[str]) -> None:
        """Argparse's own exit code for wrong usage."""
        with pytest.raises(SystemExit) as exit_:
            main(argv)
        assert exit_.value.code == 2

    def test_every_command_explains_itself(self) -> None:
        """Each command has a first line that help shows."""
        shown = parser().format_help()
        for name, module in COMMANDS.items():
            assert name in shown
            assert str(module.__doc__).splitlines()[0].endswith(".")


class TestRegister:
    def test_it_is_printed_for_people_and_for_machines(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Markdown in two languages by default, JSON when asked."""
        assert main(["register", "-w", "memory:"]) == 0
        assert capsys.readouterr().out.startswith("# Register of processing\n")
        assert main(["register", "-w", "memory:", "--language", "nl"]) == 0
        assert capsys.readouterr().out.startswith("# Verwerkingsregister\n")
        assert main(["register", "-w", "memory:", "--json"]) == 0
        assert printed_json(capsys)["settings"]["channels"] == "inbox"

    def test_it_tells_what_changed_since_it_was_agreed(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It exits with 1 when anything differs, and says what in a line each; with 0 when all is as agreed."""
        main(["register", "-w", "memory:", "--json"])
        Path("agreed.json").write_text(capsys.readouterr().out, encoding="utf-8")
        asked = ["register", "-w", "memory:", "--agreed", "agreed.json"]
        assert main(asked) == 0
        assert capsys.readouterr().out == "nothing differs from what was agreed\n"
        assert main([*asked, "--retention", "looks=400", "--language", "nl"]) == 1
        assert capsys.readouterr().out == "retention.looks: de instelling was 1095, en is 400\n"
        assert main([*asked, "--retention", "looks=400", "--json"]) == 1
        assert printed_json(capsys)[0]["subject"] == "retention.looks"

    def test_terms_come_from_the_environment_too(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So that every command of an installation keeps things equally long."""
        monkeypatch.setenv("OWNERSHIP_RETENTION", "messages=90 looks=400")
        assert main(["register", "-w", "memory:", "--json"]) == 0
        settings = printed_json(capsys)["settings"]
        assert (settings["retention.messages"], settings["retention.looks"]) == ("90", "400")

    @pytest.mark.parametrize("terms", ["look=400", "looks", "looks=soon", "looks=1"])
    def test_a_term_that_cannot_be_is_refused(self, terms: str, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown term, one without days, and one out of bounds: one line says which there are."""
        assert main(["register", "-w", "memory:", "--retention", terms]) == 1
        error = capsys.readouterr().err
        assert "retention" in error
        assert len(error.splitlines()) == 1

    @pytest.mark.parametrize("content", [None, "{}", "no JSON", '{"format": 1, "records": [{"nonsense": 1}]}'])
    def test_what_is_no_register_is_refused(self, content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is not there, or holds something else, is an error and no drift."""
        if content is not None:
            Path("agreed.json").write_text(content, encoding="utf-8")
        assert main(["register", "-w", "memory:", "--agreed", "agreed.json"]) == 1
        told = capsys.readouterr().err
        assert told.startswith("ownership: --agreed: agreed.json ")
        assert "register --json" in told

    def test_silence_is_heard(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """What does not say what it is, is named on the error stream, and the command exits with 1."""
        monkeypatch.setattr(Goal, "keeping", None)
        assert main(["register", "-w", "memory:", "--json"]) == 1
        assert "goal does not say what it is" in capsys.readouterr().err


class TestErase:
    WHERE = ("-w", "sqlite:///people.db")

    @pytest.fixture(autouse=True)
    def people(self, in_an_empty_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG002 - goes first
        """Bring in the people of a sample organisation."""
        assert main(["sync", "sample:?people=20", *self.WHERE]) == 0
        capsys.readouterr()

    def test_a_dry_run_counts_and_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A dry run tells how much would go, twice the same, and no name."""
        for _ in range(2):
            assert main(["erase", "ada@example.org", "--dry-run", *self.WHERE]) == 0
            told = capsys.readouterr().out
            assert "1 people" in told
            assert "still works here" in told
            assert "Ada" not in told

    def test_what_it_did_goes_into_the_ledger(self, capsys: pytest.CaptureFixture[str]) -> None:
        """After an erasure the ledger outside has a line, nobody is found any more, and a sync says who stays out."""
        assert main(["erase", "ada@example.org", "--confirm", "--ledger", "ledger", "--json", *self.WHERE]) == 0
        assert printed_json(capsys)["removed"]["people"] == 1
        assert len(Path("ledger").read_text(encoding="utf-8").splitlines()) == 1
        assert main(["erase", "ada@example.org", "--dry-run", *self.WHERE]) == 1
        capsys.readouterr()
        assert main(["sync", "sample:?people=20", "--json", *self.WHERE]) == 0
        assert len(printed_json(capsys)["kept_out"]) == 1

    def test_what_is_done_waits_for_nobody(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Once she is erased nothing is left to be confirmed, and it does not say so."""
        assert main(["erase", "ada@example.org", "--confirm", *self.WHERE]) == 0
        told = capsys.readouterr().out
        assert "did go: 1 people" in told
        assert "to be confirmed" not in told

    def test_a_restore_is_followed_by_a_replay(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With an older file put back, a replay takes out again whom the ledger names, once."""
        older = Path("people.db").read_bytes()
        main(["erase", "ada@example.org", "--confirm", "--ledger", "ledger", *self.WHERE])
        Path("people.db").write_bytes(older)
        for count in (1, 0):
            capsys.readouterr()
            assert main(["erase", "--replay", "--ledger", "ledger", "--json", *self.WHERE]) == 0
            assert printed_json(capsys) == {"erased_again": count}

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            (["--confirm"], "PERSON: is needed"),
            (["ada@example.org", "--replay"], "no place with --replay"),
            (["nobody@example.org", "--confirm"], "no person"),
            (["--replay", "--ledger", "people.db"], "--ledger"),
        ],
    )
    def test_a_wrong_use_is_refused(self, options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
        """What cannot be meant is refused with the way out, and nobody is erased."""
        assert main(["erase", *options, *self.WHERE]) == 1
        assert words in capsys.readouterr().err
        assert main(["erase", "ada@example.org", "--dry-run", *self.WHERE]) == 0


class TestExport:
    @pytest.fixture
    def place(self, tmp_path: Path) -> tuple[str, str, Path]:
        """Give a workspace in which Ada has a goal: its URL, her id, and a folder to write to."""
        url = f"sqlite:///{tmp_path / 'w.db'}"
        with open_workspace(url) as workspace:
            workspace.people.sync("sample:?people=40")
            ada = workspace.acting_as("ada@example.org")
            ada.goals.draft(title="A SECRET GOAL")
            return url, ada.person.id, tmp_path

    def test_it_writes_json_and_markdown(
        self, place: tuple[str, str, Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Both files have all of it, only their writer can read them, and the terminal shows their names only."""
        url, ada_id, folder = place
        assert main(["export", "ada@example.org", "-w", url, "--to", str(folder)]) == 0
        files = [folder / f"bundle-{ada_id}{ending}" for ending in (".json", ".md")]
        assert read_bundle(files[0].read_text(encoding="utf-8")).own.goals[0].title == "A SECRET GOAL"
        assert "A SECRET GOAL" in files[1].read_text(encoding="utf-8")
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        assert capsys.readouterr().out.splitlines() == [f"wrote {file}" for file in files]
        with open_workspace(url) as workspace:
            (look,) = workspace.acting_as(ada_id).data.who_looked()
            assert look.on_behalf_of.startswith("command line: ")

    @pytest.mark.parametrize(("option", "ending"), [("--json", ".json"), ("--markdown", ".md")])
    def test_it_writes_one_of_them(self, place: tuple[str, str, Path], option: str, ending: str) -> None:
        """With an option only that file is written; and never over one that is there."""
        url, ada_id, folder = place
        command = ["export", ada_id, "-w", url, "--to", str(folder), option]
        assert main(command) == 0
        assert [file.name for file in folder.glob("bundle-*")] == [f"bundle-{ada_id}{ending}"]
        assert main(command) == 1

    def test_a_dry_run_writes_nothing(self, place: tuple[str, str, Path], capsys: pytest.CaptureFixture[str]) -> None:
        """A dry run says which files there would be, and leaves no look."""
        url, ada_id, folder = place
        assert main(["export", ada_id, "-w", url, "--to", str(folder), "--dry-run"]) == 0
        assert list(folder.glob("bundle-*")) == []
        assert capsys.readouterr().out.count("would write") == 2
        with open_workspace(url) as workspace:
            assert workspace.acting_as(ada_id).data.who_looked() == ()

    def test_a_folder_that_is_not_there_is_refused(
        self, place: tuple[str, str, Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Where nothing can be written it says so, before anything of hers is read."""
        url, ada_id, folder = place
        assert main(["export", ada_id, "-w", url, "--to", str(folder / "nowhere")]) == 1
        assert "make it first" in capsys.readouterr().err
        with open_workspace(url) as workspace:
            assert workspace.acting_as(ada_id).data.who_looked() == ()
