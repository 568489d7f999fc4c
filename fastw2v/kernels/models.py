"""The two architectures: what predicts the centre word, and who takes the blame.

Skip-gram: every context word's input vector on its own. CBOW: the mean of them all.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.rows import add, add_scaled, clear, copy, scale


@compiled
def gather_hidden(job, work, context):
    """Fill ``work.hidden`` from the context words and clear ``work.error``; returns the number
    of hidden rows."""
    if job.plan.cbow:
        mean = work.hidden[0]
        clear(mean)
        for i in range(context):
            add(mean, job.inputs[work.context[i]])
        scale(mean, np.float32(1) / np.float32(context))
        clear(work.error[0])
        return 1
    for i in range(context):
        copy(work.hidden[i], job.inputs[work.context[i]])
        clear(work.error[i])
    return context


@compiled
def scatter_error(job, work, context):
    """Move the context words' input vectors by ``work.error``.

    CBOW as the C program has it adds the whole error to each word of the mean; "corrected" adds
    each word's share, the true gradient (Irsoy, Benton, Stratos 2021, "Corrected CBOW performs
    as well as skip-gram").
    """
    if job.plan.cbow:
        share = np.float32(1)
        if job.plan.corrected:
            share /= np.float32(context)
        for i in range(context):
            add_scaled(job.inputs[work.context[i]], share, work.error[0])
    else:
        for i in range(context):
            add(job.inputs[work.context[i]], work.error[i])
