"""Let every system call on the files of a command fail in turn, and check what is left.

    python -m tests.fuzz.faults                       the whole campaign
    python -m tests.fuzz.faults --only train --sample 50

After each fault: outputs are old or new as a whole; exit code 0 means new; an error is one line; no
temporary file stays, except after kill -9; every checkpoint resumes to the same bytes; and running
the command again repairs everything.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.fuzz.fault_cases import Case, cases
from tests.support.faults import KINDS, arm
from tests.support.preload import build, environment

_LOADED = "FASTW2V_FAULTS"  # set in the process that has the library


class Ended(NamedTuple):
    """A command that has ended."""

    code: int  # negative: killed
    errors: str
    calls: list[str]


class Campaign:
    """Runs commands, each in a process of its own that is forked from this one."""

    def __init__(self, folder: Path):
        self.work, self._logs = folder / "work", folder / "logs"
        self._logs.mkdir()

    def fresh(self, case: Case) -> None:
        """The folder as it is before the command."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir()
        for name, content in (case.inputs | case.old).items():
            (self.work / name).write_bytes(content)

    def run(self, command: str, kind: str | None = None, at: int = 0, log: bool = False) -> Ended:
        """Run a command in the folder."""
        errors, calls = self._logs / "errors", self._logs / "calls"
        child = os.fork()
        if not child:
            code = 70
            try:
                for number, path in ((1, self._logs / "output"), (2, errors), (9, calls)):
                    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
                os.chdir(self.work)
                arm(self.work, kind, at, 9 if log else -1)
                code = _call(command.split())
            finally:
                arm("")
                os._exit(code)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        return Ended(code, errors.read_text("utf-8", "replace"), calls.read_text().splitlines())

    def prepare(self, case: Case) -> None:
        """What the command writes when nothing fails.

        It is run in this process first: those that are forked later have its kernels then.
        """
        self.fresh(case)
        os.chdir(self.work)
        if case.first:
            assert _call(case.first.split()) == 0, case.name
            case.inputs = case.inputs | {case.checkpoint: self.read(case.checkpoint)}
            self.fresh(case)
            os.chdir(self.work)
        assert _call(case.command.split()) == 0, case.name
        os.chdir("/")
        self.fresh(case)
        done = self.run(case.command)
        assert done.code == 0, f"{case.name}: {done.errors}"
        case.new = {name: self.read(name) for names in case.outputs for name in names}

    def calls(self, case: Case) -> list[str]:
        """The system calls on the folder's files, in order."""
        self.fresh(case)
        return self.run(case.command, log=True).calls

    def read(self, name: str) -> bytes | None:
        try:
            return (self.work / name).read_bytes()
        except FileNotFoundError:
            return None

    def state(self, case: Case, names: tuple[str, ...]) -> str:
        """Of a set of files: "old", "new", "no list" (refused by readers), or "torn"."""
        found = [self.read(name) for name in names]
        if names[0] in case.volatile and found[0] is not None:
            return "old" if found[0] == case.old.get(names[0]) else "new"
        if found == [case.new[name] for name in names]:
            return "new"
        if found == [case.old.get(name) for name in names]:
            return "old"
        return "no list" if len(found) == 2 and None in found else "torn"

    def leftovers(self) -> list[str]:
        return [name for name in os.listdir(self.work) if name.endswith(".tmp")]


def _call(arguments: list[str]) -> int:
    """Run the command as its own process would; returns the exit code."""
    from fastw2v.c_tools.__main__ import main as c_main
    from fastw2v.cli import main

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = main
    if arguments[0] == "c":
        run, arguments = c_main, arguments[1:]
    sys.argv = ["fastw2v", *arguments]
    try:
        run()
        return 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc(limit=-3)
        return 70
    finally:
        sys.stderr.flush()


def check(campaign: Campaign, case: Case, done: Ended, kind: str, call: str) -> str:
    """Raise AssertionError if a promise is broken. Returns how the command ended."""
    killed = done.code == -signal.SIGKILL
    assert killed or done.code in (0, 1, 2), f"exit code {done.code}: {done.errors}"
    if done.code > 0:
        *_, last = done.errors.splitlines() or [""]
        assert "Traceback" not in done.errors, done.errors
        assert last.startswith(("Error: ", "word2")), done.errors
    states = {names: campaign.state(case, names) for names in case.outputs}
    for names, state in states.items():
        allowed = {"old", "new"} if done.code else {"new"}
        if killed or "-old.tmp" in done.errors:
            allowed |= {"no list"}
        assert state in allowed, f"{names}: {state}; {done.errors}"
    if not killed and "always" not in kind and not call.startswith("unlink"):
        assert not campaign.leftovers(), campaign.leftovers()
    if case.checkpoint is not None and done.code:
        _check_kept(campaign, case, killed, states)
    if killed:
        _check_repaired(campaign, case)
    return "killed" if killed else f"exit code {done.code}"


def _check_kept(campaign: Campaign, case: Case, killed: bool, states: dict) -> None:
    """What was trained is in the output, in a file that rescues it, or in a checkpoint."""
    output = case.outputs[0][0]
    rescued = [name for name in os.listdir(campaign.work) if ".rescued" in name]
    if rescued and not killed:
        stem, _, ending = output.partition(".")
        content = campaign.read(f"{stem}.rescued.{ending}")
        assert output.count(".") > 1 or content == case.new[output], rescued
    if campaign.read(case.checkpoint) is None:  # nothing was trained
        assert "new" not in states[case.outputs[0]] or not killed
        return
    done = campaign.run(case.again)
    assert done.code == 0, f"{case.again}: {done.errors}"
    assert campaign.state(case, case.outputs[0]) == "new", "resumed to other vectors"


def _check_repaired(campaign: Campaign, case: Case) -> None:
    """The command, run again, writes everything and removes what was left."""
    command = case.command
    if case.checkpoint is not None and campaign.read(case.checkpoint) is not None:
        command = case.again
    elif "in.txt" in case.new:  # converted in place, maybe already
        return
    done = campaign.run(command)
    assert done.code == 0, f"{command}: {done.errors}"
    assert campaign.state(case, case.outputs[0]) == "new"
    left = [name for name in campaign.leftovers() if command == case.command]
    assert not left, left


def inject(case: Case, campaign: Campaign, kinds: list[str], chance, sample: int | None) -> Counter:
    """Faults at all calls of a case, or at a sample of them. Prints and counts what breaks."""
    campaign.prepare(case)
    calls = campaign.calls(case)
    everywhere = [(kind, at) for kind in kinds for at in range(1, len(calls) + 1)]
    if sample is not None and sample < len(everywhere):
        everywhere = chance.sample(everywhere, sample)
    found: Counter = Counter()
    for kind, at in everywhere:
        campaign.fresh(case)
        done = campaign.run(case.command, kind, at)
        call = calls[at - 1] if "full" not in kind else "a write"
        try:
            found[check(campaign, case, done, kind, call)] += 1
        except AssertionError as error:
            found["broken"] += 1
            print(f"BROKEN {case.name}: {kind} at call {at}, {call}: {error}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default="", help="cases whose name begins so")
    parser.add_argument("--kinds", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--sample", type=int, help="so many faults of each case, at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if _LOADED not in os.environ:
        # In memory: waiting for a disk would take most of the time.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        folder = Path(tempfile.mkdtemp(dir=memory))
        loaded = environment(build("faults", folder)) | {_LOADED: str(folder)}
        loaded["NUMBA_THREADING_LAYER"] = "workqueue"  # its threads survive a fork
        os.execve(
            sys.executable, [sys.executable, "-m", "tests.fuzz.faults", *sys.argv[1:]], loaded
        )

    folder = Path(os.environ[_LOADED])
    total: Counter = Counter()
    try:
        for case in cases(folder):
            if case.name.startswith(options.only):
                campaign = Campaign(Path(tempfile.mkdtemp(dir=folder)))
                chance = random.Random(f"{options.seed} {case.name}")
                found = inject(case, campaign, options.kinds, chance, options.sample)
                print(f"{case.name}: {dict(found)}", flush=True)
                total += found
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{total.total()} faults: {dict(total)}")
    sys.exit(1 if total["broken"] else 0)


if __name__ == "__main__":
    main()
