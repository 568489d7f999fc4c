"""Commands in processes of their own, quickly: each is a fork of one process that has imported what
they need. Standard streams, exit codes, signals and the memory are those of a real process.

What is not the same: the modules are there before the command starts, with the variables of the
environment that they read when they were imported.
"""

import atexit
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import traceback
from functools import cache
from threading import Thread

from tests.support.forks import load, open_stream, run_as_main
from tests.support.paths import ROOT

_READ_AT_IMPORT = ("NUMBA_", "PYTHON", "OMP_", "LC_", "LANG")
_NUMBER = struct.Struct("q")


class ForkServer:
    """The process that forks, ``python -m tests.support.fork_server``; it ends with this one."""

    def __init__(self):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._read = _read_at_import()
        with theirs:
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.fork_server", str(theirs.fileno())],
                cwd=ROOT,
                env=os.environ | {"NUMBA_THREADING_LAYER": "workqueue"},  # survives a fork
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            ).returncode = 0  # nobody waits for it

    def fits(self) -> bool:
        """Whether what modules read when they are imported is still as it was."""
        return self._read == _read_at_import()

    def run(self, arguments, cwd, stdin: bytes, timeout: float, code: str | None):
        """Like `subprocess.run` of ``python -m fastw2v``, or of this code, with pipes.

        Raises OSError if the arguments are too long for one message."""
        pipes = [os.pipe() for _ in range(4)]  # of the three streams, and for its end
        theirs = [pipes[0][0], *(write for _, write in pipes[1:])]
        ours = [pipes[0][1], *(read for read, _ in pipes[1:])]
        case = {"arguments": arguments, "cwd": os.fspath(cwd or os.getcwd()), "code": code}
        case["environment"] = dict(os.environ)
        try:
            socket.send_fds(self._socket, [json.dumps(case).encode()], theirs)
        except OSError:
            for descriptor in ours:
                os.close(descriptor)
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        arrived: dict[int, bytes] = {}
        threads = [Thread(target=_feed, args=(ours[0], stdin))]
        threads += [Thread(target=_collect, args=(ours[each], arrived, each)) for each in (1, 2)]
        for thread in threads:
            thread.start()
        result, late = _result(ours[3], timeout)
        for thread in threads:
            thread.join()
        if late:
            raise subprocess.TimeoutExpired(arguments, timeout, arrived[1], arrived[2])
        return subprocess.CompletedProcess(arguments, result, arrived[1], arrived[2])


@cache
def server() -> ForkServer:
    """The one of this process."""
    return ForkServer()


def _read_at_import() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_READ_AT_IMPORT)}


def _feed(descriptor: int, content: bytes) -> None:
    try:
        with open(descriptor, "wb") as pipe:
            pipe.write(content)
    except BrokenPipeError:  # it ended, or does not read
        pass


def _collect(descriptor: int, arrived: dict[int, bytes], name: int) -> None:
    with open(descriptor, "rb") as pipe:
        arrived[name] = pipe.read()


def _result(descriptor: int, timeout: float) -> tuple[int, bool]:
    """The exit code, negative for a signal, and whether it took too long and was killed."""
    with open(descriptor, "rb", buffering=0) as pipe:
        (process,) = _NUMBER.unpack(pipe.read(_NUMBER.size))
        late = not select.select([pipe], [], [], timeout)[0]
        if late:
            os.kill(process, signal.SIGKILL)
        (code,) = _NUMBER.unpack(pipe.read(_NUMBER.size))
        return code, late


# --- the process that forks -------------------------------------------------------------------


def _serve(connection: socket.socket) -> None:
    load(exact=False)
    while True:
        message, descriptors, *_ = socket.recv_fds(connection, 1 << 20, 4)
        if not message:
            return
        if os.fork() == 0:
            connection.close()
            os._exit(_watch(json.loads(message), descriptors))
        for descriptor in descriptors:
            os.close(descriptor)
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _watch(case: dict, descriptors: list[int]) -> int:
    """Run the command in a fork of this one, and tell its number and its end."""
    *streams, end = descriptors
    process = os.fork()
    if process == 0:
        os.close(end)
        os._exit(_run(case, streams))
    for stream in streams:
        os.close(stream)
    os.write(end, _NUMBER.pack(process))
    _, status = os.waitpid(process, 0)
    os.write(end, _NUMBER.pack(os.waitstatus_to_exitcode(status)))
    return 0


def _run(case: dict, streams: list[int]) -> int:
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
            open_stream(number)
        os.chdir(case["cwd"])
        os.environ.clear()
        os.environ.update(case["environment"])
    except BaseException:
        traceback.print_exc()
        return 70
    code = run_as_main(case["code"] or "fastw2v", case["arguments"], is_code=bool(case["code"]))
    atexit._run_exitfuncs()
    return code


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
