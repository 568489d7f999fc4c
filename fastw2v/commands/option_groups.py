"""How ``--help`` groups options: by command, heading -> the long names of options.

A command with more than `LONGEST` options has groups. The first has what most users need; every
option is in one group, which a test checks.
"""

LONGEST = 9
"""Options that a command may have without groups, ``--help`` not counted."""

FURTHER = "Further options"
"""Heading of options that no group has."""

MOST_USED = "Most used"

Groups = dict[str, tuple[str, ...]]

GROUPS: dict[str, Groups] = {
    "train": {
        MOST_USED: (
            "--output", "--model", "--size", "--window", "--negative", "--epochs", "--min-count",
            "--sample", "--threads", "--checkpoint",
        ),
        "Input": ("--column", "--max-vocab", "--read-vocab", "--no-sentence-end"),
        "Existing vectors": ("--init", "--vocab-union", "--freeze"),
        "Output layer and objective": (
            "--hs", "--softmax", "--nce", "--noise-exponent", "--window-mode", "--context",
            "--cbow-update",
        ),
        "Learning": (
            "--device", "--alpha", "--min-alpha", "--replicas", "--seed", "--deterministic",
            "--exact",
        ),
        "Results": ("--vectors", "--format", "--save-vocab", "--save-every", "--report"),
        "Evaluation during training": ("--eval-analogies", "--eval-pairs", "--stop-early"),
        "Interruption": ("--checkpoint-every", "--resume"),
        "Several machines": ("--ranks", "--local", "--exchange", "--in-turns"),
        "Checks and messages": ("--force", "--quiet"),
    },
    "watch": {
        MOST_USED: ("--output", "--model", "--output-layer", "--size", "--window"),
        "Vocabulary": ("--min-count", "--max-vocab"),
        "Learning": ("--negative", "--alpha", "--cbow-update", "--seed"),
        "Messages": ("--quiet",),
    },
    "vocab": {
        MOST_USED: ("--output", "--min-count", "--max-vocab", "--threads"),
        "Input": ("--column", "--read-vocab", "--no-sentence-end"),
        "Several machines": ("--ranks", "--local"),
        "Messages": ("--quiet",),
    },
    "plan": {
        MOST_USED: (
            "--words", "--vocabulary", "--machines", "--cores", "--device", "--bandwidth",
            "--model", "--size", "--epochs",
        ),
        "Text": ("--read-vocab", "--column", "--min-count", "--max-vocab"),
        "Training": (
            "--window", "--negative", "--hs", "--nce", "--softmax", "--sample", "--exchange",
        ),
        "Rates": ("--rate", "--read-rate"),
        "Output and messages": ("--json", "--quiet"),
    },
    "phrases": {
        MOST_USED: ("--output", "--threshold", "--min-count", "--passes"),
        "Scoring": ("--scoring", "--exact"),
        "Further results": ("--list", "--report"),
        "Input, work and messages": ("--column", "--threads", "--quiet"),
    },
    "lm": {
        MOST_USED: (
            "--output", "--save-model", "--model", "--size", "--epochs", "--min-count",
        ),
        "Input": ("--max-vocab", "--read-vocab", "--threads"),
        "Model": ("--hidden", "--order", "--direct", "--bptt", "--hs", "--softmax"),
        "Training": ("--alpha", "--seed"),
        "Results": ("--format", "--report"),
        "Interruption": ("--checkpoint", "--checkpoint-every", "--resume"),
        "Checks and messages": ("--force", "--quiet"),
    },
    "embed": {
        MOST_USED: ("--output", "--method", "--vocab"),
        "Smooth inverse frequency": ("--smoothing", "--remove"),
        "Vectors": ("--unit-words", "--normalise", "--limit"),
        "Output and messages": ("--format", "--json", "--strict", "--quiet"),
    },
    "align": {
        MOST_USED: ("--output", "--words", "--most-frequent"),
        "Vectors": ("--centre", "--normalise", "--limit"),
        "Output and messages": ("--format", "--json", "--strict", "--quiet"),
    },
    "counts": {
        MOST_USED: (
            "--output", "--window", "--weighting", "--size", "--min-count", "--threads",
        ),
        "Input": ("--column", "--max-vocab", "--read-vocab"),
        "Counting": ("--distance-weighting", "--sample"),
        "Weighting and reduction": (
            "--shift", "--context-smoothing", "--eigenvalue-power", "--seed",
        ),
        "Results": ("--format", "--save-counts", "--one-hot"),
        "Messages": ("--quiet",),
    },
    "ngram": {
        MOST_USED: ("--output", "--order", "--smoothing", "--min-count", "--threads"),
        "Input": ("--column", "--max-vocab", "--read-vocab"),
        "Smoothing": ("--discount",),
        "Messages": ("--quiet",),
    },
    "compare": {
        MOST_USED: ("--output", "--questions", "--pairs", "--quick", "--html", "--only"),
        "Text": ("--words", "--column", "--min-count", "--max-vocab"),
        "Models": ("--size", "--window", "--epochs", "--negative", "--sample", "--seed"),
        "Work and messages": ("--state", "--threads", "--json", "--quiet"),
    },
    "map": {
        MOST_USED: ("--output", "--number", "--projection", "--slider"),
        "Which words": ("--word", "--words-from", "--near", "--limit"),
        "Work and messages": ("--seed", "--strict", "--quiet"),
    },
}  # fmt: skip
