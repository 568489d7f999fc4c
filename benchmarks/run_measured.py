"""Run a command and write its wall seconds, peak memory and exit status; called by `builds`.

  python -I -S run_measured.py FILE COMMAND...

A process of its own, and a small one: the system counts as a process's peak memory also what the
process was that started it, until it became the command.
"""

import json
import os
import sys
import time


def main() -> None:
    file, *command = sys.argv[1:]
    began = time.perf_counter()
    try:
        process = os.posix_spawnp(command[0], command, os.environ)
    except OSError as error:
        sys.exit(f"cannot run {command[0]}: {error.strerror}")
    _, status, usage = os.wait4(process, 0)
    seconds = time.perf_counter() - began
    unit = 1 if sys.platform == "darwin" else 1024
    code = os.waitstatus_to_exitcode(status)
    told = {"seconds": seconds, "peak_rss_bytes": usage.ru_maxrss * unit, "code": code}
    with open(file, "w") as target:
        json.dump(told, target)


if __name__ == "__main__":
    main()
