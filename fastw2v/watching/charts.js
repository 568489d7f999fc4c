// The loss over time, and the plane of the vectors.

const POINTS = 600; // of the curve of the loss: older ones are averaged in pairs
const SMOOTHING = 30; // steps of the mean that is drawn
const LONGEST_ARROW = 44; // pixels

// The loss of all steps in at most POINTS means of equally many steps.
class LossCurve {
  constructor() { Object.assign(this, { means: [], each: 1, sum: 0, count: 0, recent: null }); }

  add(loss) {
    const share = 1 / SMOOTHING;
    this.recent = this.recent === null ? loss : this.recent * (1 - share) + loss * share;
    this.sum += loss;
    this.count += 1;
    if (this.count < this.each) return;
    this.means.push(this.sum / this.each);
    this.sum = this.count = 0;
    if (this.means.length < POINTS) return;
    const halved = [];
    for (let place = 0; place < POINTS; place += 2) {
      halved.push((this.means[place] + this.means[place + 1]) / 2);
    }
    this.means = halved;
    this.each *= 2;
  }
}

function drawLoss(pen, width, height, curve, training) {
  const [left, right, top, bottom] = [44, width - 10, 14, height - 24];
  const { means, each } = curve, steps = Math.max(1, training.steps);
  const most = Math.max(...means, ...training.passLosses, 0.1) * 1.05;
  const x = (step) => left + ((right - left) * step) / steps;
  const y = (loss) => bottom - ((bottom - top) * loss) / most;
  for (const share of [0, 0.5, 1]) {
    line(pen, [left, y(most * share)], [right, y(most * share)], theme.line);
    write(pen, (most * share).toFixed(2), left - 6, y(most * share), {
      align: "right", colour: theme.muted, size: 11,
    });
  }
  write(pen, "0", left, height - 10, { colour: theme.muted, size: 11 });
  write(pen, `${numberText(training.steps)} steps`, right, height - 10, {
    align: "right", colour: theme.muted, size: 11,
  });
  pen.beginPath();
  means.forEach((mean, place) => pen.lineTo(x((place + 0.5) * each), y(mean)));
  pen.strokeStyle = theme.muted;
  pen.globalAlpha = 0.55;
  pen.stroke();
  pen.globalAlpha = 1;
  pen.beginPath();
  training.passLosses.forEach((loss, pass) => pen.lineTo(x((pass + 1) * training.walk.total), y(loss)));
  pen.strokeStyle = theme.accent;
  pen.lineWidth = 2.5;
  pen.stroke();
  if (training.passLosses.length < 60) {
    training.passLosses.forEach((loss, pass) => circle(
      pen, [x((pass + 1) * training.walk.total), y(loss)], 3, theme.accent, theme.accent,
    ));
  }
}

// What is in view: glides to where the points are.
class Frame {
  constructor() { this.box = null; }

  follow(points, glides) {
    const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
    const ends = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const share = this.box && glides ? 0.12 : 1;
    this.box = this.box ? this.box.map((end, at) => end + (ends[at] - end) * share) : ends;
  }

  // (point) => pixels
  scale(width, height) {
    const [left, right, low, high] = this.box;
    const factor = Math.min(
      (width - 110) / (right - left || 1e-9), (height - 50) / (high - low || 1e-9),
    );
    return ([x, y]) => [
      width / 2 - 20 + (x - (left + right) / 2) * factor,
      height / 2 - (y - (low + high) / 2) * factor,
    ];
  }
}

// Words by their input vectors, with arrows where the last step dragged them; squares are output
// vectors in the same plane, if shown.
function drawPlane(pen, width, height, training, plane, frame, withOutputs) {
  const place = frame.scale(width, height), { last, text } = training;
  const moves = (last ? last.moves : []).filter(
    ({ matrix }) => matrix === "input" || (withOutputs && !training.tree),
  );
  const inHand = new Set(last ? last.inputs : []);
  const crowd = text.words.length > 60;
  const dots = training.inputs.map((row) => place(pointOf(plane, row)));
  if (withOutputs && !training.tree) {
    training.outputs.forEach((row, word) => {
      const [x, y] = place(pointOf(plane, row)), isCentre = last?.centre === word;
      pen.strokeStyle = isCentre ? theme.above : theme.muted;
      pen.lineWidth = isCentre ? 2 : 1;
      pen.strokeRect(x - 3.5, y - 3.5, 7, 7);
      write(pen, fitted(pen, text.labels[word], 100), x + 8, y, { colour: theme.muted, size: 11 });
    });
  }
  dots.forEach((dot_, word) => {
    const isActive = inHand.has(word);
    circle(pen, dot_, isActive ? 5 : 3.5, isActive ? theme.accent : theme.ink, theme.paper);
    if (crowd && !isActive && word > 60) return;
    write(pen, fitted(pen, text.labels[word], 100), dot_[0] + 8, dot_[1], {
      bold: isActive, colour: isActive ? theme.accent : theme.ink,
    });
  });
  drawArrows(pen, moves, training, plane, place);
}

// Straight from where rows were to where they were dragged, made longer to be seen.
function drawArrows(pen, moves, training, plane, place) {
  const origin = place([0, 0]);
  const drawn = moves.map(({ matrix, row, change, target }) => {
    const [x, y] = place(plane.axes.map((axis) => dot(axis, change)));
    const rows = matrix === "input" ? training.inputs : training.outputs;
    const to = place(pointOf(plane, rows[row]));
    const colour = target === null ? theme.accent : (target.label ? theme.above : theme.below);
    return { to, across: x - origin[0], down: y - origin[1], colour };
  });
  const most = Math.max(...drawn.map(({ across, down }) => Math.hypot(across, down)), 1e-12);
  for (const { to, across, down, colour } of drawn) {
    const factor = LONGEST_ARROW / most;
    if (Math.hypot(across, down) * factor < 3) continue;
    arrow(pen, to, [to[0] + across * factor, to[1] + down * factor], colour);
  }
}
