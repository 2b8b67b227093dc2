"""Do what is due: tell of open check-ins, let pass what is over, deliver messages. Safe to run twice, and from cron."""

from __future__ import annotations

import argparse

from attrs import asdict

from ownership.cli.options import add_channels, add_workspace, channels_of, print_json, progress_bar, workspace_of
from ownership.workspace.jobs import WorkReport


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    add_channels(parser)
    add_workspace(parser)


def run(args: argparse.Namespace) -> int:
    """Do what is due and say what was done."""
    with workspace_of(args, channels_of(args)) as workspace, progress_bar("due work") as bar:
        report = workspace.run_due_work(lambda _, done, total: bar(done, total))
    if args.json:
        print_json(asdict(report))
    else:
        print(in_words(report))
    return 0


def in_words(report: WorkReport) -> str:
    """Say in a line what a run of due work did."""
    if report.is_empty:
        return "nothing was due"
    sent = report.deliveries
    parts = [
        f"opened {report.opened} check-ins" * bool(report.opened),
        f"let {report.passed} pass" * bool(report.passed),
        f"{report.expired} questions expired" * bool(report.expired),
        f"closed {report.pulses} pulses" * bool(report.pulses),
        f"let go of {report.let_go} records past their term" * bool(report.let_go),
        f"delivered {sent.sent} reminders in {sent.messages} messages" * bool(sent.sent),
        f"{sent.lapsed} reminders were no longer needed" * bool(sent.lapsed),
        f"{sent.postponed} will be tried again" * bool(sent.postponed),
        f"{sent.dead} could not be delivered" * bool(sent.dead),
    ]
    return ", ".join(filter(None, parts))
