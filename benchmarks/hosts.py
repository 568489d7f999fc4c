"""Hosts with a network of a limited bandwidth between them, made of network namespaces of Linux.

Each host is a namespace with an address and a name of its own, joined to the others by a bridge.
The limit holds for what a host sends, and by itself for what it receives. Disk, memory and cores
are those of this machine. Needs root, and the programs ``ip`` and ``tc`` (package iproute2).
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from peers import PeerError

_NETWORK = "10.213.7"
NETWORK = f"{_NETWORK}.0/24"
_BURST_SECONDS = 0.002  # that a host may send at once


class Hosts:
    """Hosts that exist: see `hosts_up`."""

    def __init__(self, count: int, folder: Path):
        self.names = [f"fastw2v-host{number}" for number in range(count)]
        self._switch = "fastw2v-switch"
        self._folder = folder

    @property
    def addresses(self) -> list[str]:
        """One for each host."""
        return [f"{_NETWORK}.{number + 1}" for number in range(len(self.names))]

    def limit(self, bits_per_second: float) -> None:
        """Limit what each host can send, and receive, in a second."""
        burst = max(16_000, int(bits_per_second / 8 * _BURST_SECONDS))
        rate = ["rate", f"{bits_per_second:.0f}bit", "burst", str(burst), "latency", "20ms"]
        for number, name in enumerate(self.names):
            for space, device in ((name, "net0"), (self._switch, f"port{number}")):
                run("tc", "-n", space, "qdisc", "replace", "dev", device, "root", "tbf", *rate)

    def command(self, number: int, arguments: Sequence[str]) -> list[str]:
        """A command line that runs ``arguments`` on a host."""
        return [str(self._folder / "on-host"), "--exec", self.addresses[number], *arguments]

    def mpirun(self, program: str, arguments: Sequence[str]) -> list[str]:
        """A command line of Open MPI that runs ``arguments`` with one rank on each host."""
        hostfile = self._folder / "hostfile"
        hostfile.write_text("".join(f"{each} slots=1\n" for each in self.addresses))
        options = [
            "--allow-run-as-root", "--bind-to", "none", "--hostfile", str(hostfile),
            "--prtemca", "plm_ssh_agent", str(self._folder / "on-host"),
            "--prtemca", "prte_if_include", NETWORK,
            "--mca", "btl", "tcp,self", "--mca", "pml", "ob1",
            "--mca", "btl_tcp_if_include", NETWORK,
        ]  # fmt: skip
        line = [program, *options, "-n", str(len(self.names)), *arguments]
        return self.command(0, line)

    def _write_agent(self) -> None:
        """The program that takes the place of ssh: ``on-host ADDRESS COMMAND ...``, words that a
        shell is to read; with ``--exec`` before the address they are run as they are."""
        script = f"""#!/bin/sh
if [ "$1" = --exec ]; then
    shift; address=$1; shift
else
    address=$1; shift
    set -- sh -c "$*"
fi
name=fastw2v-host$(( ${{address##*.}} - 1 ))
TMPDIR={self._folder}/$name
export TMPDIR
mkdir -p "$TMPDIR"
exec ip netns exec "$name" unshare --uts sh -c \\
    'echo "$0" > /proc/sys/kernel/hostname; exec "$@"' "$name" "$@"
"""
        agent = self._folder / "on-host"
        agent.write_text(script)
        agent.chmod(0o755)

    def _make(self) -> None:
        self._write_agent()
        run("ip", "netns", "add", self._switch)
        run("ip", "-n", self._switch, "link", "add", "bridge0", "type", "bridge")
        run("ip", "-n", self._switch, "link", "set", "bridge0", "up")
        for number, (name, address) in enumerate(zip(self.names, self.addresses, strict=True)):
            port = f"port{number}"
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "add", "net0", "type", "veth",
                "peer", "name", port, "netns", self._switch)  # fmt: skip
            run("ip", "-n", name, "addr", "add", f"{address}/24", "dev", "net0")
            run("ip", "-n", name, "link", "set", "net0", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", self._switch, "link", "set", port, "master", "bridge0", "up")

    def _remove(self) -> None:
        for name in [*self.names, self._switch]:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


@contextmanager
def hosts_up(count: int, folder: Path) -> Iterator[Hosts]:
    """Context manager: so many hosts; folder: for what they need. Raises `PeerError` where this
    process may not make them."""
    for program in ("ip", "tc", "unshare"):
        if shutil.which(program) is None:
            raise PeerError(f"no program {program}: install iproute2 and util-linux")
    if os.geteuid() != 0:
        raise PeerError("network namespaces need root: run this as root")
    hosts = Hosts(count, folder)
    hosts._remove()  # of a run that was killed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that they are removed
    try:
        hosts._make()
        yield hosts
    finally:
        hosts._remove()


def run(*command: str) -> None:
    """Run a command. Raises `PeerError`, with the first line of what it says, if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = (done.stderr.strip() or "it failed").splitlines()[0]
        raise PeerError(f"`{' '.join(command)}`: {said}")
