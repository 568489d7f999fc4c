"""How many threads a text is long enough for."""

from dataclasses import replace

from fastw2v.progress import Progress
from fastw2v.settings import Settings

LEAST_WORDS = 100
"""Words of the text for each thread, at least. A thread's part of the text is cut off from the
others', so of very short parts nothing is trained: no word has a neighbour."""


def limit_to_text(settings: Settings, ids: int, progress: Progress) -> Settings:
    """The settings, with no more threads than a text of so many ids is long enough for.

    This depends on the text only, so that the result of ``deterministic`` still does not depend
    on the computer.
    """
    most = max(1, ids // LEAST_WORDS)
    if settings.threads <= most:
        return settings
    progress.message(
        f"{settings.threads} threads requested, but the text has only {ids:,} words and sentence "
        f"ends: using {most}"
    )
    replicas = None if settings.replicas is None else min(settings.replicas, most)
    return replace(settings, threads=most, replicas=replicas)
