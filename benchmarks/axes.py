"""How speed changes: with threads, length of the text, dimensions, vocabulary, negative samples.

Ours, skip-gram with negative sampling, one thread where threads are not what is varied; beside
the threads of ours those of the C program. Each axis takes turns over its values.
"""

from statistics import median

from jobs import Bench, Job, say
from throughput import WHOLE

MODEL = "skipgram-ns"
SIZES = (50, 100, 200, 300)
NEGATIVES = (2, 5, 10, 20)
VOCABULARIES = (5_000, 20_000, None)
LENGTHS = (4_000_000, 8_000_000, WHOLE)


def thread_counts(cores: int) -> list[int]:
    """1, 2, 4 ... and all.

    >>> thread_counts(12)
    [1, 2, 4, 8, 12]
    """
    counts = {cores}
    count = 1
    while count < cores:
        counts.add(count)
        count *= 2
    return sorted(counts)


def jobs_by_axis(bench: Bench) -> dict[str, list[Job]]:
    """Axis -> its jobs. Whole-text lengths only in the full run."""

    def ours(words=bench.words, **settings) -> Job:
        return Job(bench.ours, MODEL, words, settings)

    lengths = [min(length, bench.corpus_words) for length in LENGTHS]
    if bench.quick:
        lengths = [bench.words // 2, bench.words]
    base = bench.base
    counts = thread_counts(bench.cores)
    threads = [ours(threads=count) for count in counts]
    if base.kind != "ours":
        threads += [Job(base, MODEL, bench.words, {"threads": count}) for count in counts]
    unlimited = {None: {}}
    return {
        "threads": threads,
        "words": [ours(words) for words in dict.fromkeys(lengths)],
        "size": [ours(size=size) for size in SIZES],
        "max_vocab": [ours(**unlimited.get(limit, {"max_vocab": limit})) for limit in VOCABULARIES],
        "negative": [ours(negative=count) for count in NEGATIVES],
    }


def measure(bench: Bench) -> dict:
    """Axis -> rows: the value, the program, and raw words a second and thread in each turn."""
    figures = {}
    for axis, jobs in jobs_by_axis(bench).items():
        say(f"  {axis}")
        bench.warm_up(jobs)
        rows = []
        for job, runs in zip(jobs, bench.in_turns(jobs), strict=True):
            value = job.words if axis == "words" else job.settings.get(axis, "all")
            row = {"peer": job.peer.name, "value": value}
            row["words_per_second"] = [run.words_per_second for run in runs]
            row["words_per_second_in_all"] = [
                run.words_per_second * job.all_settings["threads"] for run in runs
            ]
            row["peak_rss_bytes"] = [run.peak_rss_bytes for run in runs]
            rows.append(row)
        figures[axis] = rows
    return figures


HEADER = ["what", "value", "program", "k raw words/s/thread", "x the first", "peak MB"]


def rows_of(figures: dict) -> list[list[str]]:
    """Table rows: medians; and the medians of the ratios in turn to the program's first value.

    The ratio is that of all threads together, so that 2 threads ideally show 2.
    """
    rows = []
    for axis, measured in figures.items():
        for row in measured:
            first = next(each for each in measured if each["peer"] == row["peer"])
            pairs = zip(
                row["words_per_second_in_all"], first["words_per_second_in_all"], strict=True
            )
            ratio = median(one / other for one, other in pairs)
            value = f"{row['value']:,}" if isinstance(row["value"], int) else row["value"]
            cells = [axis, value, row["peer"], f"{median(row['words_per_second']) / 1000:.0f}"]
            memory = median(row["peak_rss_bytes"]) / 1e6
            rows.append([*cells, f"{ratio:.2f}", f"{memory:.0f}"])
    return rows
