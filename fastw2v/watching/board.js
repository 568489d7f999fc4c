// Canvases and their colours.

const FONT = 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
const SHADES = 48;
const theme = { ink: "", muted: "", paper: "", line: "", accent: "", shades: [] };

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  for (const name of ["ink", "muted", "paper", "line", "accent", "below", "above"]) {
    theme[name] = colour(name);
  }
  theme.shades = Array.from({ length: 2 * SHADES + 1 }, (_, place) => {
    const share = (place - SHADES) / SHADES;
    return mixed(theme.paper, share < 0 ? theme.below : theme.above, Math.abs(share));
  });
}

// From -1, `below`, over 0, the paper, to 1, `above`.
function shade(share) {
  const within = Math.max(-1, Math.min(1, Number.isFinite(share) ? share : 0));
  return theme.shades[Math.round(within * SHADES) + SHADES];
}

// The text, cut to so many pixels in the font of ``write``.
function fitted(pen, text, width) {
  pen.font = `400 12px ${FONT}`;
  const characters = [...text].slice(0, 60), cut = characters.length < [...text].length;
  const shown = (count) => (
    count === characters.length && !cut ? text : `${characters.slice(0, count).join("")}…`);
  let count = characters.length;
  while (count > 1 && pen.measureText(shown(count)).width > width) count -= 1;
  return shown(count);
}

// The largest absolute number of some rows.
function largest(rows) {
  let most = 0;
  for (const row of rows) for (const value of row) most = Math.max(most, Math.abs(value));
  return most;
}

// A canvas that is redrawn when its size changes. ``draw(pen, width, height)`` in CSS pixels.
class Board {
  constructor(id, draw) {
    Object.assign(this, { canvas: byId(id), draw, frame: 0 });
    this.pen = this.canvas.getContext("2d");
    new ResizeObserver(() => this.redraw()).observe(this.canvas);
  }

  setHeight(pixels) {
    const height = `${Math.round(pixels)}px`;
    if (this.canvas.style.height !== height) this.canvas.style.height = height;
  }

  redraw() {
    const { canvas, pen } = this, ratio = window.devicePixelRatio || 1;
    const width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || !height) return;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `12px ${FONT}`;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.lineWidth = 1;
    pen.globalAlpha = 1;
    this.draw(pen, width, height);
  }
}

function line(pen, from, to, colour, width = 1, alpha = 1) {
  pen.globalAlpha = alpha;
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  pen.globalAlpha = 1;
}

function circle(pen, [x, y], radius, fill, ring = theme.line, width = 1) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = ring;
  pen.lineWidth = width;
  pen.stroke();
}

function write(pen, text, x, y, { colour = theme.ink, align = "left", bold = false, size = 12 } = {}) {
  pen.font = `${bold ? 650 : 400} ${size}px ${FONT}`;
  pen.textAlign = align;
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

function arrow(pen, from, to, colour) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  line(pen, from, to, colour, 2);
  pen.beginPath();
  pen.moveTo(...to);
  for (const turn of [2.6, -2.6]) {
    pen.lineTo(to[0] + 8 * Math.cos(angle + turn), to[1] + 8 * Math.sin(angle + turn));
  }
  pen.fillStyle = colour;
  pen.fill();
}
