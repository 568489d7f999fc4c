"""The loss of a model as it stands, measured on a share of the text's windows.

Not summed up while training: a loss taken just before each update flatters a high learning rate,
which adapts to the passage at hand, and so may rise while the model gets better.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels import jobs
from fastw2v.kernels.layers import draw_noise, window_loss
from fastw2v.kernels.lending import lend
from fastw2v.kernels.models import open_window
from fastw2v.kernels.stopping import stop_asked
from fastw2v.kernels.windows import gather_context, read_sentence

_NO_RATE = np.float32(0)


@compiled(by_address=True)
def measure_shard(shard, task):
    """Sum the loss over one shard's probes into its row of ``shards.loss``; trains nothing.

    The columns PROBE and STRIDE of ``shards.counters`` say how long a probe is, and how far it is
    from its begin to the next one's.
    """
    _walk(shard, task.job, task.negative, task.hierarchical, task.softmax)


@compiled(hot=True)
def _walk(shard, job, negative, hierarchical, softmax):
    work = lend(jobs.work_of(shard, job))
    counters = work.counters
    end = counters[jobs.END]
    begin = counters[jobs.BEGIN]
    while begin < end and not stop_asked(job.shards.control):
        counters[jobs.POSITION] = begin
        counters[jobs.END] = min(end, begin + counters[jobs.PROBE])
        pairs, loss = _measure_probe(job, work, negative, hierarchical, softmax)
        counters[jobs.END] = end
        sums = work.loss
        sums[jobs.PAIRS] += pairs
        sums[jobs.LOSS] += loss
        sums[jobs.PAIRS2] += pairs * pairs
        sums[jobs.PAIRS_LOSS] += pairs * loss
        sums[jobs.LOSS2] += loss * loss
        begin += counters[jobs.STRIDE]


@compiled(hot=True)
def _measure_probe(job, work, negative, hierarchical, softmax):
    """Number of training pairs in the windows of one probe, and their summed loss."""
    pairs, loss = 0, 0.0
    counters, ids = work.counters, job.text.ids
    while counters[jobs.POSITION] < counters[jobs.END]:
        # Windows that reach over a cut through a sentence would be narrower than in training.
        start = counters[jobs.POSITION]
        first = 0 if start == 0 or ids[start - 1] == 0 else job.plan.window
        words = read_sentence(job.text, work)
        stop = counters[jobs.POSITION]
        if negative is not None:
            draw_noise(words, work, negative)
        last = words if stop == len(ids) or ids[stop - 1] == 0 else words - job.plan.window
        for position in range(first, last):
            context = gather_context(position, words, job, work)
            if context > 0:
                window = lend(open_window(position, context, job, work, _NO_RATE))
                pairs += window.inputs
                loss += window_loss(window, job, work, negative, hierarchical, softmax)
    return pairs, loss
