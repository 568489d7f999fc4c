// The page: controls, what is in hand, and the loop that plays.

const MOST_MOVES = 14; // rows of the table
const FASTEST = 3.5; // powers of ten: steps per second
const FRAME = 12; // milliseconds of steps between two drawings; more where drawing takes longer
const FIELDS = ["size", "window", "negative", "alpha", "seed"];

const page = {
  training: null, text: null, curve: null, plane: null, frame: null, playing: false, owed: 0, last: 0,
  drawing: 0, // milliseconds
};

// --- settings ---------------------------------------------------------------------------------

function settingsOfForm() {
  const settings = {
    model: byId("model").value,
    layer: byId("layer").value,
    corrected: byId("corrected").checked,
  };
  for (const field of FIELDS) {
    const input = byId(field), value = Number(input.value);
    const isGood = input.value !== "" && Number.isFinite(value) && input.checkValidity();
    settings[field] = isGood ? value : data.settings[field];
    if (!isGood) input.value = String(settings[field]);
  }
  return settings;
}

function fillForm(settings) {
  for (const field of [...FIELDS, "model", "layer"]) byId(field).value = String(settings[field]);
  byId("corrected").checked = settings.corrected;
}

function restart() {
  const settings = settingsOfForm();
  byId("negative").disabled = settings.layer !== "negative-sampling";
  byId("corrected").disabled = settings.model !== "cbow";
  page.training = new Training(page.text, settings);
  page.curve = new LossCurve();
  page.plane = planeOf(page.training.inputs);
  page.frame = new Frame();
  byId("treecard").hidden = !page.training.tree;
  byId("outputname").textContent = page.training.tree ? "Matrix of the tree’s nodes" : "Output matrix";
  show();
}

// A text is used if it can be trained on; otherwise the one before stays, and why is said.
function useText(text) {
  const problem = problemOf(text);
  byId("problem").textContent = problem;
  if (problem) return false;
  page.text = text;
  play(false);
  restart();
  return true;
}

function chooseText() {
  const chosen = Number(byId("text").value);
  byId("own").hidden = chosen !== OWN;
  byId("problem").textContent = "";
  if (chosen === OWN) byId("typed").focus();
  else useText(textOf(PRESETS[chosen].sentences, data.labels));
}

// --- steps ------------------------------------------------------------------------------------

function step() {
  page.curve.add(page.training.step().loss);
}

function play(isPlaying) {
  page.playing = isPlaying;
  byId("play").setAttribute("aria-pressed", String(isPlaying));
  byId("play").textContent = isPlaying ? "Pause" : "Play";
  if (!isPlaying) return;
  page.last = performance.now();
  page.owed = 1;
  requestAnimationFrame(tick);
}

const stepsPerSecond = () => 10 ** ((FASTEST * Number(byId("speed").value)) / 100);

function tick(now) {
  if (!page.playing) return;
  page.owed += (stepsPerSecond() * Math.max(0, Math.min(250, now - page.last))) / 1000;
  page.last = now;
  const until = performance.now() + Math.max(FRAME, page.drawing), isDue = page.owed >= 1;
  while (page.owed >= 1 && performance.now() < until) { step(); page.owed -= 1; }
  page.owed = Math.min(page.owed, 2); // what the machine is too slow for is dropped
  const drawn = performance.now();
  if (isDue) show();
  page.drawing = performance.now() - drawn;
  requestAnimationFrame(tick);
}

function showRate() {
  const rate = stepsPerSecond();
  byId("rate").textContent = `${numberText(Number(rate.toPrecision(2)))} steps per second`;
}

// --- what is shown ----------------------------------------------------------------------------

const touched = (matrix) => new Set(
  (page.training.last?.moves ?? []).filter((move) => move.matrix === matrix && !isIdle(move))
    .map(({ row }) => row),
);
// Full softmax touches all rows; only those that are pulled noticeably stand out.
const isIdle = ({ target }) => target !== null && Math.abs(target.error) < 0.02;

const boards = [
  new Board("network", (pen, width, height) => drawNetwork(pen, width, height, page.training)),
  new Board("plane", (pen, width, height) => drawPlane(
    pen, width, height, page.training, page.plane, page.frame, byId("both").checked,
  )),
  new Board("loss", (pen, width, height) => drawLoss(pen, width, height, page.curve, page.training)),
  new Board("tree", (pen, width) => { if (page.training.tree) drawTree(pen, width, page.training); }),
  new Board("inputs", (pen, width) => drawMatrix(
    pen, width, page.training.inputs, (row) => page.text.labels[row], touched("input"),
  )),
  new Board("outputs", (pen, width) => drawMatrix(
    pen, width, page.training.outputs, (row) => outputName(page.training, row), touched("output"),
  )),
];

function show() {
  const { training } = page;
  page.plane = planeOf(training.inputs, page.plane);
  const shown = byId("both").checked && !training.tree
    ? [...training.inputs, ...training.outputs] : training.inputs;
  page.frame.follow(shown.map((row) => pointOf(page.plane, row)), page.playing);
  const heights = { tree: page.text.words.length, inputs: training.inputs.length };
  heights.outputs = training.outputs.length;
  for (const board of boards) {
    const rows = heights[board.canvas.id];
    if (rows !== undefined) board.setHeight(22 + rows * CELL_ROW);
    board.redraw();
  }
  showHand();
  showMoves();
  byId("share").textContent = `${Math.round(100 * page.plane.share)}% of the variance; arrows: where `
    + "this step drags, all by the same factor";
  const passes = training.passLosses.length;
  byId("lossnow").textContent = training.last
    ? `${training.last.loss.toFixed(3)} in this step`
      + (passes ? `; ${training.passLosses[passes - 1].toFixed(3)} on average in pass ${passes}` : "")
    : "";
  byId("progress").textContent = `${numberText(training.steps)} ${training.steps === 1 ? "step" : "steps"}; pass ${training.walk.pass + 1}: `
    + `${numberText(training.walk.done)} of ${numberText(training.walk.total)}`;
}

function showHand() {
  const { last, text, cbow } = page.training;
  byId("sentence").replaceChildren();
  byId("summary").textContent = "Press Step to train on the first words, or Play.";
  if (!last) return;
  const { sentence, position, inputs, centre } = last, window = page.training.settings.window;
  const ids = text.sentences[sentence], from = Math.max(0, position - window - 12);
  const shown = ids.slice(from, position + window + 13);
  byId("sentence").append(...shown.flatMap((id, place) => {
    const at = from + place, distance = Math.abs(at - position), word = made("span", text.labels[id]);
    if (distance === 0) word.className = "centre";
    else if (distance <= window) word.className = last.places.includes(at) ? "input" : "context";
    return [word, " "];
  }));
  const names = inputs.map((id) => text.labels[id]).join(" + ");
  const probability = page.training.tree
    ? last.targets.reduce((all, { label, probability: p }) => all * (label ? p : 1 - p), 1)
    : last.targets.find(({ label }) => label === 1).probability;
  byId("summary").textContent = `${cbow ? "mean of " : ""}${names} → ${text.labels[centre]}: `
    + `probability ${probability.toFixed(3)}, loss ${last.loss.toFixed(3)}`;
}

function showMoves() {
  const { last } = page.training;
  const lengths = new Map((last?.moves ?? []).map((move) => [move, Math.hypot(...move.change)]));
  const ordered = [...lengths.keys()].sort((one, other) => (
    Number(one.target !== null) - Number(other.target !== null)
    || lengths.get(other) - lengths.get(one)));
  const shown = ordered.slice(0, MOST_MOVES), scale = largest(shown.map(({ change }) => change)) || 1;
  byId("moves").replaceChildren(...shown.map((move) => madeMove(move, lengths.get(move), scale)));
  const rest = ordered.length - shown.length;
  byId("more").textContent = rest > 0 ? `and ${numberText(rest)} more, which move less` : "";
}

// Output rows move along the hidden vector, input vectors along the sum of all output rows that
// are pulled.
function directionOf(target) {
  if (target === null) return "by the outputs";
  if (target.error === 0) return "not";
  return target.error > 0 ? "to hidden" : "from hidden";
}

// One row of the table: an input vector, or an output row and where it is dragged.
function madeMove({ matrix, row, change, target }, length, scale) {
  const { training } = page, isInput = matrix === "input";
  const name = made("td", isInput ? training.text.labels[row] : outputName(training, row));
  name.append(made("small", isInput ? "input" : training.tree ? "" : "output"));
  name.title = name.textContent;
  const times = target && target.weight > 1 ? ` ×${target.weight}` : "";
  const beyond = target?.isBeyond ? "score beyond ±6: not trained" : "";
  const strip = made("canvas"), pen = strip.getContext("2d");
  strip.width = change.length * 4;
  strip.height = 1;
  strip.setAttribute("aria-hidden", "true");
  change.forEach((value, d) => {
    pen.fillStyle = shade(value / scale);
    pen.fillRect(4 * d, 0, 4, 1);
  });
  const cells = [
    target ? `${target.label}${times}` : "",
    target ? target.probability.toFixed(3) : "",
    target ? target.error.toFixed(3) : "",
    length < 0.0005 ? "<0.001" : length.toFixed(3),
    directionOf(target),
  ].map((text) => made("td", text));
  cells[2].title = beyond;
  return made("tr", name, ...cells, made("td", strip));
}

// --- start ------------------------------------------------------------------------------------

function listen() {
  byId("step").addEventListener("click", () => { play(false); step(); show(); });
  byId("play").addEventListener("click", () => play(!page.playing));
  byId("restart").addEventListener("click", () => { play(false); restart(); });
  byId("speed").addEventListener("input", showRate);
  byId("both").addEventListener("change", show);
  byId("text").addEventListener("change", chooseText);
  byId("use").addEventListener("click", () => useText(textOf(sentencesOf(byId("typed").value))));
  for (const field of ["model", "layer", "corrected", "size", "window", "negative", "seed"]) {
    byId(field).addEventListener("change", () => { play(false); restart(); });
  }
  byId("alpha").addEventListener("change", () => { // from now on
    page.training.settings.alpha = settingsOfForm().alpha;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, button")) return;
    if (event.key === " ") { event.preventDefault(); play(!page.playing); }
    if (event.key === "ArrowRight") { event.preventDefault(); byId("step").click(); }
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    show();
  });
}

readTheme();
byId("text").append(...[...PRESETS.map(({ name }) => name), "A text of your own"].map((name, place) => {
  const option = made("option", name);
  option.value = String(place);
  return option;
}));
fillForm(data.settings);
listen();
showRate();
chooseText();

// For tests, and for the curious: settings change what they name; the rest stays.
window.fastw2vWatch = Object.freeze({
  start(settings = {}) { play(false); fillForm({ ...settingsOfForm(), ...settings }); restart(); },
  step(count = 1) { for (let done = 0; done < count; done++) step(); show(); },
  inputs: () => page.training.inputs.map((row) => [...row]),
  outputs: () => page.training.outputs.map((row) => [...row]),
  losses: () => [...page.training.passLosses],
  steps: () => page.training.steps,
  words: () => [...page.text.words],
  counts: () => [...page.text.counts],
  sentences: () => page.text.sentences.map((ids) => [...ids]),
  paths: () => page.training.tree,
  plane: () => ({
    points: page.training.inputs.map((row) => pointOf(page.plane, row)), share: page.plane.share,
  }),
  last: () => page.training.last,
});
