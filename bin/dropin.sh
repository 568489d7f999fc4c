# Sourced by bin/word2vec, bin/word2phrase, bin/distance, bin/word-analogy, bin/compute-accuracy.
# POSIX sh, and readlink -f. Becomes the program of that name, run by the first Python that has
# fastw2v: $PYTHON, that of bin/demo's .venv/, python3.

script=$(readlink -f -- "$0") # the file itself, if called through a link
program=${script##*/}
root=${script%/bin/*}
export PYTHONSAFEPATH=1 # import no modules from the current folder

for python in ${PYTHON:+"$PYTHON"} "$root/.venv/bin/python" python3; do
    if "$python" -c '
import sys
from importlib.util import find_spec
sys.exit(not all(map(find_spec, ("click", "numba", "fastw2v.c_tools"))))
' 2>/dev/null; then
        exec "$python" -m fastw2v.c_tools "$program" "$@"
    fi
done
echo "$program: no Python here has fastw2v: run $root/bin/demo once, or set PYTHON to one that has" >&2
exit 1
