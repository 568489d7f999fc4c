# Sourced by bin/demo and bin/test, which set `program`, their name in messages. POSIX sh.
# Changes to the project's root and defines functions that find a Python, create an environment and
# install into it.

case ${PYTHON:-} in
/*) ;;
*/*) PYTHON=$PWD/$PYTHON ;; # relative to the user's current folder
esac
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ "$root" = "$PWD" ]; then here=; else here=$root/; fi # what to put before paths in messages
cd -- "$root"

fail() {
    echo "$program: $*" >&2
    exit 1
}

# True if "$1" runs and is at least the Python version that pyproject.toml requires.
is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1
}

# Sets `python` to one that can create environments. If $PYTHON is set, it is the only candidate.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.13 python3.12 python3.14 python3.11 python3.10 python
    fi
    without_venv=
    for python in "$@"; do
        is_new_enough "$python" || continue
        if "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            return
        fi
        without_venv=${without_venv:-$python}
    done
    if [ -n "$without_venv" ]; then
        fail "$without_venv cannot create environments: install its venv and ensurepip" \
            "(Debian, Ubuntu: apt install python3-venv), or set PYTHON to another Python"
    elif [ -n "${PYTHON:-}" ]; then
        fail "PYTHON=$PYTHON does not run, or is older than Python 3.10"
    fi
    fail "no Python 3.10 or newer found: install one, or set PYTHON to its path"
}

# use_environment FOLDER: creates the environment unless a working one exists.
use_environment() {
    if is_new_enough "$1/bin/python" && "$1/bin/python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    find_python
    echo "$program: creating $1 with $("$python" --version)" >&2
    "$python" -m venv --clear "$1" || fail "could not create the environment $root/$1"
}

# install_once FOLDER KEY ARGUMENT...: pip install ARGUMENT... into FOLDER, unless the stamp there
# says that this was done with the same KEY in the same place: then no network is needed.
install_once() {
    folder=$1
    stamp="$root $2"
    shift 2
    if [ "$(cat "$folder/.installed" 2>/dev/null)" = "$stamp" ]; then
        return
    fi
    rm -f "$folder/.installed"
    echo "$program: installing into $folder" >&2
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@" ||
        fail "pip could not install (see its messages above); it needs access to a package index"
    printf '%s\n' "$stamp" >"$folder/.installed"
}
