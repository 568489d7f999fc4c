// The network: input words, the hidden layer, and what is predicted; and the two matrices.

const MOST_NEURONS = 22; // of a layer; those in hand are always among them
const ROW = 34; // pixels between neurons, at most
const LABEL = 100; // pixels of a word on a heat map or beside a leaf
const CELL_ROW = 17; // pixels between rows of a heat map

// Row numbers to draw: those in hand, filled up with the first ones.
function rowsToDraw(total, inHand) {
  const chosen = new Set([...inHand].slice(0, MOST_NEURONS));
  for (let row = 0; row < total && chosen.size < MOST_NEURONS; row++) chosen.add(row);
  return [...chosen].sort((one, other) => one - other);
}

// Those of the last step, the strongest pull first.
function targetsInHand(last) {
  if (!last) return [];
  return [...last.targets].sort((one, other) => other.label - one.label
    || Math.abs(other.pull) - Math.abs(one.pull));
}

const outputName = (training, row) => (
  training.tree ? nodeName(training, row) : training.text.labels[row]);
const nodeName = (training, node) => (
  node === training.outputs.length - 1 ? "root" : `node ${node}`);

function drawNetwork(pen, width, height, training) {
  const { last, settings } = training, targets = targetsInHand(last);
  const inputs = rowsToDraw(training.inputs.length, last ? last.inputs : []);
  const outputs = rowsToDraw(training.outputs.length, targets.map(({ row }) => row));
  const side = Math.min(135, width * 0.34), top = 34;
  const spread = (count) => {
    const gap = Math.min(ROW, (height - top - 16) / Math.max(1, count));
    const first = top + (height - top - 16 - gap * (count - 1)) / 2;
    return (place) => first + gap * place;
  };
  const inputY = spread(inputs.length), outputY = spread(outputs.length);
  const hiddenGap = Math.min(60, (height - top - 16) / settings.size);
  const middle = top + (height - top - 16) / 2;
  const hiddenY = (d) => middle + (d - (settings.size - 1) / 2) * hiddenGap;
  const [left, centre, right] = [side, width / 2, width - side];
  const inputScale = largest(training.inputs) || 1, outputScale = largest(training.outputs) || 1;
  const active = new Set(last ? last.inputs : []);
  const byRow = new Map(targets.map((target) => [target.row, target]));
  inputs.forEach((row, place) => training.inputs[row].forEach((value, d) => {
    const strength = Math.abs(value) / inputScale, isActive = active.has(row);
    line(pen, [left, inputY(place)], [centre, hiddenY(d)], value < 0 ? theme.below : theme.above,
      isActive ? 0.6 + 2.4 * strength : 0.6, isActive ? 0.9 : 0.1 + 0.2 * strength);
  }));
  outputs.forEach((row, place) => training.outputs[row].forEach((value, d) => {
    const strength = Math.abs(value) / outputScale, isActive = byRow.has(row);
    line(pen, [centre, hiddenY(d)], [right, outputY(place)], value < 0 ? theme.below : theme.above,
      isActive ? 0.6 + 2 * strength : 0.6, isActive ? 0.75 : 0.1 + 0.2 * strength);
  }));
  const heads = ["input", "hidden", training.tree ? "nodes" : "output"];
  [left, centre, right].forEach((x, place) => write(pen, heads[place], x, 12, {
    colour: theme.muted, align: "center",
  }));
  inputs.forEach((row, place) => {
    const isActive = active.has(row), at = [left, inputY(place)];
    circle(pen, at, 6, isActive ? theme.accent : theme.paper, isActive ? theme.accent : theme.muted);
    write(pen, fitted(pen, training.text.labels[row], side - 16), left - 12, at[1], {
      align: "right", bold: isActive, colour: isActive ? theme.ink : theme.muted,
    });
  });
  const hidden = last ? last.hidden : new Float64Array(settings.size);
  const hiddenScale = largest([hidden]) || 1;
  hidden.forEach((value, d) => circle(
    pen, [centre, hiddenY(d)], Math.min(11, hiddenGap / 2.3), shade(value / hiddenScale), theme.muted,
  ));
  const probabilities = last ? training.probabilities(hidden) : null;
  outputs.forEach((row, place) => {
    const target = byRow.get(row), at = [right, outputY(place)];
    const share = target ? target.probability : (probabilities?.[row] ?? 0);
    const ring = target ? (target.label ? theme.above : theme.below) : theme.muted;
    circle(pen, at, 6, shade(share), ring, target ? 2.5 : 1);
    const bold = Boolean(target) && (target.label === 1 || training.tree !== null);
    const shown = last ? `${share.toFixed(2)}  ` : "";
    const name = fitted(pen, outputName(training, row), side - (last ? 52 : 16));
    write(pen, shown + name, right + 12, at[1], {
      bold, colour: target ? theme.ink : theme.muted,
    });
  });
  const hiddenRows = training.inputs.length - inputs.length;
  if (hiddenRows > 0) {
    write(pen, `and ${hiddenRows} more`, left, height - 8, { colour: theme.muted, align: "center" });
  }
}

// A matrix as a heat map: a row for each word or node. ``touched``: rows of the last step.
function drawMatrix(pen, width, rows, names, touched) {
  const scale = largest(rows) || 1, label = Math.min(118, width * 0.34);
  const cell = (width - label - 4) / rows[0].length;
  rows.forEach((row, place) => {
    const y = 18 + place * CELL_ROW, isTouched = touched.has(place);
    write(pen, fitted(pen, names(place), label - 12), label - 8, y + CELL_ROW / 2, {
      align: "right", bold: isTouched, colour: isTouched ? theme.ink : theme.muted,
    });
    row.forEach((value, d) => {
      pen.fillStyle = shade(value / scale);
      pen.fillRect(label + d * cell, y + 1, cell - 1, CELL_ROW - 2);
    });
    if (isTouched) {
      pen.strokeStyle = theme.accent;
      pen.lineWidth = 1.5;
      pen.strokeRect(label - 1, y, rows[0].length * cell + 1, CELL_ROW);
    }
  });
  write(pen, `colours: −${scale.toPrecision(2)} to ${scale.toPrecision(2)}`, label, 8, {
    colour: theme.muted, size: 11,
  });
}

// Huffman's tree from the root, at the left; the path of the last centre word stands out.
function drawTree(pen, width, training) {
  const { text, last } = training, words = text.words.length;
  const children = training.outputs.map(() => []);
  training.tree.forEach((path, word) => path.forEach(({ node, code }, place) => {
    const next = path[place + 1];
    children[node][code] = next ? { node: next.node } : { word };
  }));
  const depth = Math.max(...training.tree.map((path) => path.length));
  const step = Math.min(90, (width - LABEL - 40) / depth), places = new Map();
  let leaf = 0;
  const place = (what, level) => { // leaves from top to bottom; a node between its children
    const x = 14 + level * step;
    if (what.word !== undefined) {
      const y = 12 + CELL_ROW * leaf++;
      places.set(`word ${what.word}`, [x, y]);
      return y;
    }
    const [first, second] = children[what.node].map((child) => place(child, level + 1));
    places.set(`node ${what.node}`, [x, (first + second) / 2]);
    return (first + second) / 2;
  };
  place({ node: words - 2 }, 0);
  const of = (what) => places.get(what.word === undefined ? `node ${what.node}` : `word ${what.word}`);
  const onPath = new Set((last ? training.tree[last.centre] : []).map(
    ({ node, code }) => `${node} ${code}`,
  ));
  children.forEach((pair, node) => pair.forEach((child, code) => {
    const isTaken = onPath.has(`${node} ${code}`);
    const [from, to] = [of({ node }), of(child)];
    line(pen, from, [from[0], to[1]], isTaken ? theme.accent : theme.line, isTaken ? 2.5 : 1);
    line(pen, [from[0], to[1]], to, isTaken ? theme.accent : theme.line, isTaken ? 2.5 : 1);
  }));
  const targets = new Map((last ? last.targets : []).map((target) => [target.row, target]));
  children.forEach((_, node) => {
    const target = targets.get(node), [x, y] = of({ node });
    circle(pen, [x, y], target ? 5 : 3, target ? shade(target.probability) : theme.paper,
      target ? theme.accent : theme.muted);
    if (target) write(pen, target.probability.toFixed(2), x + 8, y - 7, { size: 11 });
  });
  training.tree.forEach((_, word) => {
    const [x, y] = of({ word }), isCentre = last?.centre === word;
    write(pen, fitted(pen, text.labels[word], LABEL), x + 7, y, {
      bold: isCentre, colour: isCentre ? theme.accent : theme.ink,
    });
  });
}
