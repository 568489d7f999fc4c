"""The lines of the README on many cores."""

from many_cores_text import many_cores_text


def test_the_figures_of_many_cores_are_those_of_the_file():
    speeds = {"skipgram-ns": (2e6, [22e6, 30e6, 24e6]), "cbow-ns": (3e6, [27e6])}
    figures = {
        "date": "2026-01-02",
        "machine": {"cpu": "Some CPU"},
        "epochs": 4,
        "speed": [
            {"model": model, "size": 100, "threads": threads, "deterministic": False,
             "words_per_second": each}
            for model, (one, many) in speeds.items()
            for threads, each in [(1, one), (2, 2 * one), *((8, each) for each in many)]
        ],
        "peers": [
            {"model": "skipgram-ns", "peer": "c-Ofast", "ratio": 12.56, "words": 9_900_000},
            {"model": "cbow-ns", "peer": "c-Ofast", "ratio": 7.2, "words": 9_900_000},
        ],
        "quality": [
            {"model": model, "peer": peer, "variant": variant, "wall_seconds": seconds,
             "scores": {"analogies": right}, "settings": {"epochs": 6}}
            for model, peer, variant, seconds, right in (
                ("skipgram-ns", "fastw2v", "", 6.18, 0.391),
                ("skipgram-ns", "fastw2v", "deterministic", 9.0, 0.1),
                ("cbow-ns", "fastw2v", "", 5.3, 0.354),
                ("cbow-ns", "c-Ofast", "", 31.0, 0.345),
            )
        ],
    }  # fmt: skip
    text = many_cores_text(figures).replace("\n", " ")
    assert text.startswith("On 8 virtual cores (Some CPU, 02 January 2026, ")
    assert "12.0 (skip-gram) and 9.0 (CBOW) times as many words per second as one, over 4" in text
    assert "12.6 (skip-gram) and 7.2 (CBOW) times as many as the C program with 8." in text
    assert "6 epochs on 10 million words" in text
    assert "take 6.2 s (skip-gram) and 5.3 s (CBOW)" in text
    assert "39.1% (skip-gram) and 35.4% (CBOW) of the analogies" in text
