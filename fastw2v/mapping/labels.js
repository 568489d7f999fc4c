// Placing labels: first come, no two overlap. A label is beside its dot; those of the chosen word
// and its neighbours find a place in any case, farther away if need be, with a line to their dot.

const FONTS = ["600 17px", "500 14px", "400 12px"].map(
  (font) => `${font} system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif`,
);
const LINE_HEIGHTS = [21, 18, 15];
const MOST_LABELS = 700;
const MOST_TRIED = 6000; // words in view for which a place is looked for
const CELL = 64; // pixels: labels are looked up by the cells they touch
const EDGE = 3; // pixels between a label that must be seen and the edge
const widths = FONTS.map(() => new Float32Array(count)); // of labels; 0 while not measured

function widthOf(pen, number, tier) {
  if (!widths[tier][number]) {
    pen.font = FONTS[tier];
    widths[tier][number] = Math.max(1, pen.measureText(texts[number]).width) + 4;
  }
  return widths[tier][number];
}

class Cells { // boxes that are taken, by the cells they touch
  constructor() { this.cells = new Map(); }

  static keys(box) {
    const keys = [];
    for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row++) {
      for (let column = Math.floor(box.left / CELL); column <= box.right / CELL; column++) {
        keys.push(row * 4096 + column);
      }
    }
    return keys;
  }

  add(box) {
    for (const key of Cells.keys(box)) {
      if (this.cells.has(key)) this.cells.get(key).push(box);
      else this.cells.set(key, [box]);
    }
  }

  isFree(box) {
    return Cells.keys(box).every((key) => !(this.cells.get(key) ?? []).some(
      (other) => box.left < other.right && box.right > other.left
        && box.top < other.bottom && box.bottom > other.top,
    ));
  }

  hasRoomAt(x, y) { // without the size of a label
    const key = Math.floor(y / CELL) * 4096 + Math.floor(x / CELL);
    return !(this.cells.get(key) ?? []).some(
      (box) => x > box.left && x < box.right && y > box.top && y < box.bottom,
    );
  }
}

// Boxes of labels: { number, tier, left, top, right, bottom, far }. ``first``: words that must be
// labelled. Words just outside take part, so that labels stay when the map moves.
function placeLabels(panel, first) {
  const cells = new Cells(), labels = [], { size } = panel, placed = new Set(first);
  const corner = { left: size.width - 62, top: size.height - 145 }; // the buttons
  cells.add({ ...corner, right: size.width, bottom: size.height });
  if (data.slider) cells.add({ left: 0, top: size.height - 64, right: size.width, bottom: size.height });
  const keep = (box) => { if (box) { cells.add(box); labels.push(box); } };
  const radius = panel.dotRadius() + 1;
  for (const number of first) { // no label hides their dots
    const x = panel.x(number), y = panel.y(number);
    cells.add({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }
  first.forEach((number) => keep(placeInAnyCase(panel, number, cells)));
  let tried = 0;
  for (const number of panel.ordered()) {
    if (labels.length >= MOST_LABELS || tried > MOST_TRIED) break;
    if (placed.has(number)) continue;
    const x = panel.x(number), y = panel.y(number);
    if (x < -200 || y < -30 || x > size.width + 200 || y > size.height + 30) continue;
    tried += 1;
    keep(placeBeside(panel, number, x, y, cells));
  }
  return labels;
}

function boxAt(panel, number, tier, left, y) {
  const half = LINE_HEIGHTS[tier] / 2, right = left + widthOf(panel.pen, number, tier);
  return { number, tier, left, right, top: y - half, bottom: y + half, far: false };
}

function placeBeside(panel, number, x, y, cells) {
  const gap = panel.dotRadius() + 3, tier = tierOf(number), { width } = panel.size;
  const inside = x >= 0 && x <= width; // then the whole label must be, too
  if (cells.hasRoomAt(x + gap + 1, y)) {
    const box = boxAt(panel, number, tier, x + gap, y);
    if ((!inside || box.right <= width) && cells.isFree(box)) return box;
  }
  if (!cells.hasRoomAt(x - gap - 1, y)) return null;
  const box = boxAt(panel, number, tier, x - gap - widthOf(panel.pen, number, tier), y);
  return (!inside || box.left >= 0) && cells.isFree(box) ? box : null;
}

// Beside, above, below, then on rings around the dot; within the canvas.
function placeInAnyCase(panel, number, cells) {
  const { size } = panel, x = panel.x(number), y = panel.y(number);
  if (x < 0 || y < 0 || x > size.width || y > size.height) return null;
  const tier = number === state.chosen ? 0 : 1, gap = panel.dotRadius() + 4;
  const width = widthOf(panel.pen, number, tier), height = LINE_HEIGHTS[tier];
  const tried = (left, middle, far) => {
    const inside = Math.max(EDGE, Math.min(left, size.width - width - EDGE));
    const box = boxAt(panel, number, tier, far ? inside : left, middle);
    const fits = box.left >= EDGE && (box.right <= size.width - EDGE || box.left <= EDGE)
      && box.top >= EDGE && box.bottom <= size.height - EDGE;
    return fits && cells.isFree(box) ? { ...box, far } : null;
  };
  const beside = [
    [x + gap, y], [x - gap - width, y],
    [x - width / 2, y - gap - height / 2], [x - width / 2, y + gap + height / 2],
  ];
  for (const [left, middle] of beside) {
    const box = tried(left, middle, false);
    if (box) return box;
  }
  for (let radius = 24; radius < size.width + size.height; radius += 12) {
    for (let turn = 0; turn < 16; turn++) {
      const angle = (turn * Math.PI) / 8, across = radius * Math.cos(angle);
      const left = x + across - (across < 0 ? width : 0);
      const box = tried(left, y + radius * Math.sin(angle), true);
      if (box) return box;
    }
  }
  return null;
}
