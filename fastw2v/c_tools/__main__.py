"""``python -m fastw2v.c_tools NAME ARGUMENT...`` runs the C tool NAME with these arguments."""

import importlib
import sys

from fastw2v.c_tools import PROGRAMS
from fastw2v.c_tools.flags import as_flag
from fastw2v.errors import FastW2VError, did_you_mean
from fastw2v.exits import OUTPUT_CLOSED, end, unexpected
from fastw2v.standard_streams import keep_descriptors, write
from fastw2v.system.warnings import show_in_one_line

_HELP = ("-h", "-help", "--help")


def main() -> None:
    """Run the program named by the first argument; exit code 0, or 1 with one line on stderr."""
    keep_descriptors()
    show_in_one_line()
    name, *arguments = sys.argv[1:] or [""]
    if name not in PROGRAMS:
        known = f"NAME is one of {', '.join(PROGRAMS)}{did_you_mean(name, PROGRAMS)}"
        end(1, f"python -m fastw2v.c_tools NAME ...: {known}")
    program = importlib.import_module(f"fastw2v.c_tools.{name.replace('-', '_')}")
    try:
        if not arguments or arguments[0] in _HELP:
            write(program.USAGE)
        else:
            program.run(arguments)
    except FastW2VError as error:
        end(1, f"{name}: {error.spelled(as_flag)}")
    except BrokenPipeError:  # nobody reads the output
        end(OUTPUT_CLOSED)
    except KeyboardInterrupt:
        end(130, "Interrupted.")
    except Exception as error:
        end(1, f"{name}: {unexpected(error)}")
    end(0)


if __name__ == "__main__":
    main()
