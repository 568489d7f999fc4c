// The training itself: one step at a time, in float64. tests/support/naive_watch.py is its twin.

const NOISE_EXPONENT = 0.75; // Mikolov et al. 2013, section 2.2
const SCORE_LIMIT = 6; // hierarchical softmax: scores beyond it train nothing, as in the C program

const dot = (one, other) => one.reduce((sum, value, d) => sum + value * other[d], 0);
const sigmoid = (score) => 1 / (1 + Math.exp(-score));
const logistic = (score) => Math.log1p(Math.exp(-Math.abs(score))) + Math.max(0, -score); // -log
const rowsOf = (count, size) => Array.from({ length: count }, () => new Float64Array(size));

// Huffman's tree as the C program builds it: for each word its inner nodes from the root down,
// { node, code }; inner nodes are 0 to V - 2, the root is V - 2. counts: falling.
function huffmanPaths(counts) {
  const words = counts.length, weights = [...counts], parents = [], codes = [];
  let word = words - 1, inner = words;
  const takeRarest = () => {
    if (word >= 0 && (inner >= weights.length || weights[word] < weights[inner])) return word--;
    return inner++;
  };
  for (let made = words; made < 2 * words - 1; made++) {
    const first = takeRarest(), second = takeRarest();
    weights.push(weights[first] + weights[second]);
    parents[first] = parents[second] = made;
    codes[first] = 0;
    codes[second] = 1;
  }
  return counts.map((_, leaf) => {
    const path = [];
    for (let node = leaf; node !== 2 * words - 2; node = parents[node]) {
      path.unshift({ node: parents[node] - words, code: codes[node] });
    }
    return path;
  });
}

// settings: { model, layer, size, window, negative, alpha, seed, corrected }.
class Training {
  constructor(text, settings) {
    Object.assign(this, { text, settings, steps: 0, last: null });
    const words = text.words.length, { size } = settings;
    this.cbow = settings.model === "cbow";
    this.random = new SplitMix(settings.seed);
    this.inputs = rowsOf(words, size);
    for (const row of this.inputs) {
      for (let d = 0; d < size; d++) row[d] = (this.random.share() - 0.5) / size;
    }
    this.tree = settings.layer === "hierarchical-softmax" ? huffmanPaths(text.counts) : null;
    this.outputs = rowsOf(this.tree ? words - 1 : words, size); // words, or inner nodes
    this.walk = new Walk(text, settings.window, this.cbow);
    this.noise = cumulated(text.counts.map((count) => count ** NOISE_EXPONENT));
    this.passLosses = []; // mean loss of each pass that is complete
    this.passSum = 0;
  }

  // One step of stochastic gradient descent; returns what it did (`last`).
  step() {
    const pair = this.walk.next();
    const hidden = this.hidden(pair.inputs);
    const targets = this.targets(pair.centre);
    this.score(targets, hidden);
    const loss = targets.reduce((sum, target) => sum + target.loss, 0);
    const error = new Float64Array(this.settings.size), moves = [];
    for (const target of targets) { // all scores are taken: the order does not matter
      const row = this.outputs[target.row], change = hidden.map((value) => target.pull * value);
      row.forEach((value, d) => { error[d] += target.pull * value; });
      change.forEach((value, d) => { row[d] += value; });
      moves.push({ matrix: "output", row: target.row, change, target });
    }
    const share = this.cbow && this.settings.corrected ? pair.inputs.length : 1;
    for (const word of pair.inputs) {
      const change = error.map((value) => value / share);
      change.forEach((value, d) => { this.inputs[word][d] += value; });
      moves.push({ matrix: "input", row: word, change, target: null });
    }
    this.steps += 1;
    this.account(loss);
    this.last = { ...pair, hidden, targets, loss, moves };
    return this.last;
  }

  // The mean of the input vectors; of one word, its vector.
  hidden(words) {
    const hidden = new Float64Array(this.settings.size);
    for (const word of words) this.inputs[word].forEach((value, d) => { hidden[d] += value; });
    return hidden.map((value) => value / words.length);
  }

  // Output rows with labels: { row, label, weight }.
  targets(centre) {
    if (this.tree) {
      return this.tree[centre].map(({ node, code }) => ({ row: node, label: 1 - code, weight: 1 }));
    }
    if (this.settings.layer === "softmax") {
      return this.outputs.map((_, row) => ({ row, label: Number(row === centre), weight: 1 }));
    }
    return [{ row: centre, label: 1, weight: 1 }, ...this.drawNoise(centre)];
  }

  // Words drawn several times have that weight; the centre word is no noise.
  drawNoise(centre) {
    const drawn = new Map();
    for (let draw = 0; draw < this.settings.negative; draw++) {
      const share = this.random.share();
      const word = this.noise.findIndex((end) => share < end);
      if (word !== centre) drawn.set(word, (drawn.get(word) ?? 0) + 1);
    }
    return [...drawn].map(([row, weight]) => ({ row, label: 0, weight }));
  }

  // To each target: its score, probability, loss, error, and how strongly it pulls.
  score(targets, hidden) {
    const scores = targets.map(({ row }) => dot(this.outputs[row], hidden));
    const total = this.settings.layer === "softmax" ? logSum(scores) : null;
    targets.forEach((target, place) => {
      const score = scores[place], { label, weight } = target;
      const isBeyond = this.tree !== null && Math.abs(score) >= SCORE_LIMIT;
      const probability = total === null ? sigmoid(score) : Math.exp(score - total);
      const loss = total === null
        ? weight * logistic(label ? score : -score) : label * (total - score);
      const error = isBeyond ? 0 : label - probability;
      const pull = error * weight * this.settings.alpha;
      Object.assign(target, { score, probability, loss, error, pull, isBeyond });
    });
  }

  account(loss) {
    this.passSum += loss;
    if (this.walk.done < this.walk.total) return;
    this.passLosses.push(this.passSum / this.walk.total);
    this.passSum = 0;
  }

  // Of each output row for a hidden vector, without training: words or nodes.
  probabilities(hidden) {
    const scores = this.outputs.map((row) => dot(row, hidden));
    if (this.settings.layer !== "softmax") return scores.map(sigmoid);
    const total = logSum(scores);
    return scores.map((score) => Math.exp(score - total));
  }
}

function logSum(scores) {
  const highest = Math.max(...scores);
  return highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
}

// Where each word's part of 0 to 1 ends.
function cumulated(weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let end = 0;
  const ends = weights.map((weight) => { end += weight / total; return end; });
  ends[ends.length - 1] = 1;
  return ends;
}
