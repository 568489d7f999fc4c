"""Example command lines for ``commands.md``; every option appears in one (tested)."""

EXAMPLES = {
    "train": [
        "fastw2v train corpus.txt -o vectors.bin",
        "fastw2v train corpus.txt -o vectors.txt.gz --model skipgram --size 300 --window 8",
        "fastw2v train a.txt.gz b.txt.xz -o v.npy --hs --negative 0   # hierarchical softmax",
        "fastw2v train tiny.txt -o v.vec --softmax --min-count 1 --sample 0",
        "fastw2v train corpus.txt -o v.bin --model skipgram --nce --negative 10",
        "fastw2v train corpus.txt -o v.bin --epochs 10 --alpha 0.04 --max-vocab 50000",
        "fastw2v train corpus.txt -o c.bin --exact   # same output as the C program",
        "fastw2v train corpus.txt -o v.bin --threads 1 --seed 7   # reproducible",
        "fastw2v train corpus.txt -o v.bin --cbow-update corrected --alpha 0.15",
        "fastw2v train baskets.txt -o v.bin --window 50 --window-mode fixed --noise-exponent 0.5",
        "fastw2v train corpus.txt -o both.bin --vectors mean   # input and output vectors",
        "fastw2v train corpus.txt -o vectors.dat --format binary --report report.json --quiet",
        "fastw2v train corpus.txt -o v.bin --save-vocab vocab.txt",
        "unzip -p corpus.zip | fastw2v train - -o - --format binary > v.bin",
        "fastw2v train other.txt -o w.bin --read-vocab vocab.txt",
        "fastw2v train new.txt -o new.bin --init old.bin --freeze keep.txt",
        "fastw2v train corpus.txt -o v.bin --epochs 20 --save-every 5",
        "fastw2v train corpus.txt -o v.bin --eval-analogies questions.txt --eval-pairs pairs.tsv"
        " --stop-early 2 --epochs 20",
        "fastw2v train corpus.txt -o v.bin --deterministic --threads 8   # reproducible",
        "fastw2v train corpus.txt -o v.bin --threads 8 --replicas 1   # all threads on one model",
        "fastw2v train corpus.txt -o v.bin --checkpoint v.state --checkpoint-every 5m",
        "fastw2v train --resume v.state   # after Ctrl-C, a crash or a power failure",
        "fastw2v train --resume v.state --epochs 10   # more epochs for a finished training",
        "fastw2v train corpus.txt -o v.bin --model skipgram --size 128 --device cuda   # on a GPU",
        "fastw2v train huge.txt -o v.bin --size 1000 --force   # even if memory seems too small",
    ],
    "vocab": [
        "fastw2v vocab corpus.txt -o vocab.txt --min-count 10 --max-vocab 30000",
        "fastw2v vocab corpus.txt.gz -o - --threads 2 --quiet | head",
        "fastw2v vocab new.txt -o recounted.txt --read-vocab vocab.txt --min-count 0",
    ],
    "phrases": [
        "fastw2v phrases corpus.txt -o joined.txt --min-count 10 --report report.json",
        "fastw2v phrases corpus.txt -o joined.txt --threshold 200 --threshold 100 --quiet",
        "fastw2v phrases corpus.txt -o joined.txt --scoring npmi --threshold 0.6 --passes 2",
        "fastw2v phrases corpus.txt -o joined.txt --list phrases.tsv --threads 2",
        "fastw2v phrases corpus.txt -o theirs.txt --exact   # same output as the C program",
    ],
    "similar": [
        "fastw2v similar vectors.bin king",
        "fastw2v similar vectors.bin paris berlin -n 5 --json   # the neighbours of their mean",
        "fastw2v train corpus.txt -o - --quiet | fastw2v similar - king",
        "fastw2v similar vectors.bin --words-from words.txt --limit 30000 --strict",
    ],
    "analogy": [
        "fastw2v analogy vectors.bin man king woman",
        "fastw2v analogy vectors.bin paris france rome -n 3 --rule multiply --json",
        "fastw2v analogy vectors.bin small smaller cold --limit 30000 --strict",
    ],
    "evaluate": [
        "fastw2v evaluate vectors.bin --analogies questions.txt --pairs pairs.tsv",
        "fastw2v evaluate vectors.bin --analogies questions.txt --limit 0 --json --strict",
        "fastw2v evaluate vectors.bin --pairs pairs.tsv --rule gensim",
    ],
    "classes": [
        "fastw2v classes vectors.bin -n 500 -o classes.txt",
        "fastw2v classes vectors.bin -n 100 --sort --limit 20000 --quiet",
        "fastw2v classes vectors.bin -n 50 --seed 3 --rounds 100 --strict",
        "fastw2v classes vectors.bin -n 500 --exact   # the C program's k-means",
    ],
    "map": [
        "fastw2v map vectors.bin -o map.html -n 2000",
        "fastw2v map vectors.bin -o fruit.svg --near apple --near banana -n 80 --projection pca",
        "fastw2v map vectors.bin -o few.png --word king --word queen --word man --word woman --word"
        " boy --word girl --seed 4 --quiet",
        "fastw2v map vectors.bin -o mine.html --words-from words.txt --limit 30000 --strict",
    ],
    "convert": [
        "fastw2v convert vectors.bin vectors.txt.gz",
        "fastw2v convert vectors.bin top.tsv --limit 10000 --normalise   # TensorBoard's projector",
        "fastw2v convert vectors.txt small.npy --words list.txt --strict",
        "fastw2v convert vectors.bin vectors.dat --format glove --quiet",
        "fastw2v convert vectors.bin - | gzip > vectors.txt.gz   # - is standard output",
    ],
    "info": [
        "fastw2v info vectors.bin",
        "fastw2v info vectors.txt.gz --limit 1000 --json",
        "fastw2v info --devices",
        "unzip -p glove.6B.zip glove.6B.50d.txt | fastw2v info -",
    ],
    "words": [
        "fastw2v words vectors.bin --limit 20 --norms",
        "fastw2v words vectors.bin -o list.txt --strict",
    ],
    "c-tools": [
        "fastw2v c-tools c-tools",
        "fastw2v c-tools c-tools --force   # overwrite other files",
    ],
}
