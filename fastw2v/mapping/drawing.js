"use strict";
// The map on its canvas: data, view, dots, links, labels. Input and panel follow in page.js.

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const count = data.words.length;
const names = data.words.map((word, number) => data.labels[number] ?? word);
const GRID = 32767; // data.x and data.y are whole numbers up to this
const xs = Float64Array.from(data.x, (x) => x / GRID);
const ys = Float64Array.from(data.y, (y) => -y / GRID); // on a screen y grows downwards

const canvas = byId("map");
const pen = canvas.getContext("2d");
const size = { width: 0, height: 0 }; // of the canvas, in CSS pixels
const view = { x: 0, y: 0, scale: 1 }; // what is in the middle; CSS pixels to a unit
const home = { ...view }; // the view that shows all words
const state = { chosen: -1, hovered: -1, frame: 0, theme: null };
const labels = []; // as drawn: number, left, top, right, bottom

const SHADES = 5;
const FONTS = ["600 17px", "500 14px", "400 12px"].map(
  (font) => `${font} system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif`,
);
const LINE_HEIGHTS = [21, 18, 15];
const MOST_LABELS = 700;
const CELL = 64; // pixels: labels are looked up by the cells they touch

const shades = shadesByRow();
const widths = new Float32Array(count); // of the labels; 0 while not measured

// --- where things are ---------------------------------------------------------------------

const screenX = (number) => (xs[number] - view.x) * view.scale + size.width / 2;
const screenY = (number) => (ys[number] - view.y) * view.scale + size.height / 2;
const zoomed = () => view.scale / home.scale;
const dotRadius = () => Math.min(5.5, 2.4 * zoomed() ** 0.3);

// Words in order of their rows in the file, in as many shades of equal size.
function shadesByRow() {
  const order = [...data.rows.keys()].sort((one, other) => data.rows[one] - data.rows[other]);
  const shadeOf = new Uint8Array(count);
  order.forEach((number, place) => { shadeOf[number] = (place * SHADES) / count; });
  return shadeOf;
}

// The earlier a word stands, the larger its label; that of the chosen word is as large as any.
function tierOf(number) {
  if (number < count * 0.02 || number === state.chosen) return 0;
  return number < count * 0.12 ? 1 : 2;
}

function fitHome() {
  const [left, right] = bounds(xs), [top, bottom] = bounds(ys);
  const across = size.width * 0.9 - 40, down = size.height - 70;
  const scale = Math.min(across / (right - left || 1), down / (bottom - top || 1));
  home.scale = Math.max(10, scale);
  home.x = (left + right) / 2 + 25 / home.scale; // labels stand to the right of their dots
  home.y = (top + bottom) / 2;
}

function bounds(values) {
  return values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity],
  );
}

// The word that is at this place of the canvas, or -1: its dot, its label, or a dot within reach.
function wordAt(x, y, reach) {
  let best = -1, nearest = reach * reach;
  for (let number = 0; number < count; number++) {
    const across = screenX(number) - x, down = screenY(number) - y;
    const distance = across * across + down * down;
    if (distance < nearest) { nearest = distance; best = number; }
  }
  if (best >= 0 && nearest <= (dotRadius() + 1) ** 2) return best;
  const inside = labels.find(
    (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
  );
  return inside ? inside.number : best;
}

// --- drawing ------------------------------------------------------------------------------

function redraw() {
  if (!state.frame) state.frame = requestAnimationFrame(draw);
}

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const dots = Array.from({ length: SHADES }, (_, shade) => colour(`dot-${shade + 1}`));
  state.theme = { ink: colour("ink"), paper: colour("paper"), accent: colour("accent"), dots };
}

function draw() {
  state.frame = 0;
  const ratio = window.devicePixelRatio || 1;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, size.width, size.height);
  drawDots();
  if (state.chosen >= 0) drawLinks();
  placeLabels();
  drawLabels();
  if (state.hovered >= 0) drawRing(state.hovered, state.theme.ink);
  if (state.chosen >= 0) drawRing(state.chosen, state.theme.accent);
}

function drawDots() {
  const radius = dotRadius();
  pen.globalAlpha = state.chosen < 0 ? 0.85 : 0.35;
  for (let shade = SHADES - 1; shade >= 0; shade--) { // one path a shade: far fewer calls
    pen.fillStyle = state.theme.dots[shade];
    pen.beginPath();
    for (let number = 0; number < count; number++) {
      if (shades[number] !== shade) continue;
      const x = screenX(number), y = screenY(number);
      if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
      pen.moveTo(x + radius, y);
      pen.arc(x, y, radius, 0, 7);
    }
    pen.fill();
  }
  pen.globalAlpha = 1;
}

function drawLinks() {
  const x = screenX(state.chosen), y = screenY(state.chosen), radius = dotRadius();
  pen.strokeStyle = pen.fillStyle = state.theme.accent;
  data.neighbours[state.chosen].forEach((number, place, all) => {
    const strength = 1 - place / all.length; // the nearest stand out
    pen.globalAlpha = 0.3 + 0.5 * strength;
    pen.lineWidth = 1 + 1.5 * strength;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(screenX(number), screenY(number));
    pen.stroke();
    pen.globalAlpha = 1;
    pen.beginPath();
    pen.arc(screenX(number), screenY(number), radius + 0.5, 0, 7);
    pen.fill();
  });
}

function drawRing(number, colour) {
  pen.beginPath();
  pen.arc(screenX(number), screenY(number), dotRadius() + 3, 0, 7);
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.stroke();
}

// --- labels: first come, no two overlap ----------------------------------------------------

// The chosen word and its neighbours come first, then the words in order; the more one zooms, the
// more find room. Those just outside take part, so that labels stay when the map moves.
function placeLabels() {
  labels.length = 0;
  const cells = new Map();
  const first = state.chosen < 0 ? [] : [state.chosen, ...data.neighbours[state.chosen]];
  const placed = new Set(first);
  for (const number of first) placeLabel(number, cells);
  for (let number = 0; number < count && labels.length < MOST_LABELS; number++) {
    if (!placed.has(number)) placeLabel(number, cells);
  }
}

function placeLabel(number, cells) {
  const x = screenX(number), y = screenY(number);
  if (x < -200 || y < -30 || x > size.width + 30 || y > size.height + 30) return;
  const left = x + dotRadius() + 3, half = LINE_HEIGHTS[tierOf(number)] / 2;
  const anchor = { left, right: left, top: y, bottom: y };
  if (!isFree(anchor, cells)) return; // without measuring the text
  const box = { number, left, right: left + widthOf(number) + 4, top: y - half, bottom: y + half };
  if (!isFree(box, cells)) return;
  labels.push(box);
  for (const key of cellsOf(box)) {
    if (cells.has(key)) cells.get(key).push(box);
    else cells.set(key, [box]);
  }
}

function isFree(box, cells) {
  return cellsOf(box).every((key) => !(cells.get(key) ?? []).some(
    (other) => box.left < other.right && box.right > other.left
      && box.top < other.bottom && box.bottom > other.top,
  ));
}

function cellsOf(box) {
  const keys = [];
  for (let row = Math.floor(box.top / CELL); row <= Math.floor(box.bottom / CELL); row++) {
    for (let column = Math.floor(box.left / CELL); column <= box.right / CELL; column++) {
      keys.push(row * 4096 + column);
    }
  }
  return keys;
}

function widthOf(number) {
  if (!widths[number]) {
    pen.font = FONTS[tierOf(number)];
    widths[number] = Math.max(1, pen.measureText(names[number]).width);
  }
  return widths[number];
}

function drawLabels() {
  const near = new Set(state.chosen < 0 ? [] : data.neighbours[state.chosen]);
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = state.theme.paper;
  for (const { number, left, top, bottom } of labels) {
    const chosen = number === state.chosen;
    pen.font = FONTS[tierOf(number)];
    pen.fillStyle = chosen ? state.theme.accent : state.theme.ink;
    pen.globalAlpha = state.chosen < 0 || chosen || near.has(number) ? 1 : 0.3;
    pen.strokeText(names[number], left, (top + bottom) / 2); // parts the letters from the dots
    pen.fillText(names[number], left, (top + bottom) / 2);
  }
  pen.globalAlpha = 1;
}
