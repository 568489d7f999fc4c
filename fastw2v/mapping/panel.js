// One model's map on its canvas: view, dots, links, labels.

const CLOSE = 900; // pixels to a unit, when a word is looked at: also on a small screen
const GLIDE = 350; // milliseconds
const CROWD = 10000; // more words than this have smaller, paler dots
const still = matchMedia("(prefers-reduced-motion: reduce)");

class Panel {
  constructor(own, canvas) {
    Object.assign(this, { own, canvas, pen: canvas.getContext("2d"), labels: [] });
    this.xs = Float64Array.from(own.x, (x) => x / GRID);
    this.ys = Float64Array.from(own.y, (y) => -y / GRID); // on a screen y grows downwards
    this.reach = [this.xs, this.ys]; // what the view of all words shows
    this.size = { width: 0, height: 0 }; // of the canvas, in CSS pixels
    this.view = { x: 0, y: 0, scale: 1 }; // what is in the middle; CSS pixels to a unit
    this.home = { ...this.view }; // the view that shows all words
    this.frame = 0;
    this.gliding = 0;
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  // --- where things are -------------------------------------------------------------------

  x(number) { return (this.xs[number] - this.view.x) * this.view.scale + this.size.width / 2; }
  y(number) { return (this.ys[number] - this.view.y) * this.view.scale + this.size.height / 2; }
  zoomed() { return this.view.scale / this.home.scale; }
  dotRadius() { return Math.min(5.5, (count > CROWD ? 1.5 : 2.4) * this.zoomed() ** 0.3); }

  resize() {
    const { canvas, size, view, home } = this, ratio = window.devicePixelRatio || 1;
    const wasHome = !size.width || ["x", "y", "scale"].every((key) => view[key] === home[key]);
    size.width = canvas.clientWidth;
    size.height = canvas.clientHeight;
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    Object.assign(home, this.viewOf(null));
    if (wasHome) Object.assign(view, home);
    this.redraw();
  }

  // The view in which these words, with their labels, fill the canvas; null: all words.
  viewOf(numbers) {
    const { width, height } = this.size;
    const [xs, ys] = numbers ? [this.xs, this.ys] : this.reach;
    const [left, right] = bounds(xs, numbers), [top, bottom] = bounds(ys, numbers);
    const beside = numbers ? Math.min(120, width * 0.25) : width * 0.05 + 20;
    const across = Math.max(40, width - 2 * beside), down = Math.max(40, height - 90);
    const scale = Math.min(across / (right - left || 1e-9), down / (bottom - top || 1e-9));
    const most = numbers ? Math.max(this.home.scale * 8, CLOSE) : 1e9;
    const fitted = Math.min(most, Math.max(10, scale));
    return { x: (left + right) / 2, y: (top + bottom) / 2, scale: fitted };
  }

  isInView(number) {
    const x = this.x(number), y = this.y(number);
    return x > 10 && y > 10 && x < this.size.width - 10 && y < this.size.height - 10;
  }

  // The word at this place of the canvas, or -1: its dot, its label, or a dot within reach.
  wordAt(x, y, reach) {
    let best = -1, nearest = reach * reach;
    for (let number = 0; number < count; number++) {
      const across = this.x(number) - x, down = this.y(number) - y;
      const distance = across * across + down * down;
      if (distance < nearest) { nearest = distance; best = number; }
    }
    if (best >= 0 && nearest <= (this.dotRadius() + 1) ** 2) return best;
    const inside = this.labels.find(
      (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
    );
    return inside ? inside.number : best;
  }

  // --- moving -------------------------------------------------------------------------------

  zoomAt(x, y, factor) {
    cancelAnimationFrame(this.gliding);
    const { view, size, home } = this;
    const scale = Math.min(home.scale * 300, Math.max(home.scale * 0.4, view.scale * factor));
    // What is under the pointer stays there.
    view.x += (x - size.width / 2) * (1 / view.scale - 1 / scale);
    view.y += (y - size.height / 2) * (1 / view.scale - 1 / scale);
    view.scale = scale;
    this.redraw();
  }

  zoomMiddle(factor) { this.zoomAt(this.size.width / 2, this.size.height / 2, factor); }

  move(across, down) {
    cancelAnimationFrame(this.gliding);
    this.view.x -= across / this.view.scale;
    this.view.y -= down / this.view.scale;
    this.redraw();
  }

  glide(target) {
    cancelAnimationFrame(this.gliding);
    const { view } = this, from = { ...view }, start = performance.now();
    const step = (now) => {
      const time = still.matches ? 1 : Math.min(1, Math.max(0, now - start) / GLIDE);
      const done = time * (2 - time);
      view.scale = from.scale * (target.scale / from.scale) ** done;
      view.x = from.x + (target.x - from.x) * done;
      view.y = from.y + (target.y - from.y) * done;
      this.redraw();
      if (time < 1) this.gliding = requestAnimationFrame(step);
      else Object.assign(view, target); // exactly
    };
    step(start);
  }

  // Show a word with all its neighbours; stay if they are seen well already.
  lookAt(number) {
    const all = [number, ...this.own.neighbours[number]], target = this.viewOf(all);
    const close = this.view.scale > target.scale / 2.5 && this.view.scale <= target.scale * 1.01;
    if (!close || !all.every((each) => this.isInView(each))) this.glide(target);
  }

  // --- drawing --------------------------------------------------------------------------------

  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame(() => this.draw());
  }

  // All words by decreasing priority of their labels; a selected group comes first.
  ordered() {
    if (state.group < 0) return data.order;
    return data.order.filter((number) => data.groups[number] === state.group);
  }

  draw() {
    this.frame = 0;
    if (!this.size.width) return;
    const { pen } = this, ratio = window.devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.size.width, this.size.height);
    this.drawDots();
    if (state.chosen >= 0 && data.slider) drawTrail(this, state.chosen);
    if (state.chosen >= 0) this.drawLinks();
    const first = state.chosen < 0 ? [] : [state.chosen, ...this.own.neighbours[state.chosen]];
    if (state.hovered >= 0 && !first.includes(state.hovered)) first.push(state.hovered);
    this.labels = placeLabels(this, first);
    this.drawLabels(new Set(first));
    if (state.hovered >= 0) this.drawRing(state.hovered, theme.ink);
    if (state.chosen >= 0) this.drawRing(state.chosen, theme.accent);
  }

  drawDots() {
    const { pen, size } = this, radius = this.dotRadius();
    const alpha = (state.chosen < 0 ? 0.8 : 0.3) * (count > CROWD ? 0.6 : 1);
    for (let colour = 0; colour < COLOURS; colour++) {
      pen.fillStyle = theme.dots[colour];
      for (const inGroup of [false, true]) {
        pen.globalAlpha = state.group < 0 || inGroup ? alpha : 0.1;
        pen.beginPath();
        for (const number of byColour[colour]) {
          if ((data.groups[number] === state.group) !== inGroup) continue;
          const x = this.x(number), y = this.y(number);
          if (x < -9 || y < -9 || x > size.width + 9 || y > size.height + 9) continue;
          if (radius < 2) { // squares look the same, and are drawn much faster
            pen.rect(x - radius, y - radius, 2 * radius, 2 * radius);
          } else {
            pen.moveTo(x + radius, y);
            pen.arc(x, y, radius, 0, 7);
          }
        }
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
  }

  drawLinks() {
    const { pen } = this, radius = this.dotRadius();
    const x = this.x(state.chosen), y = this.y(state.chosen);
    pen.strokeStyle = pen.fillStyle = theme.accent;
    this.own.neighbours[state.chosen].forEach((number, place, all) => {
      const strength = 1 - place / all.length; // the nearest stand out
      pen.globalAlpha = 0.3 + 0.5 * strength;
      pen.lineWidth = 1 + 1.5 * strength;
      this.line(x, y, this.x(number), this.y(number));
      pen.globalAlpha = 1;
      pen.beginPath();
      pen.arc(this.x(number), this.y(number), radius + 0.5, 0, 7);
      pen.fill();
    });
  }

  line(fromX, fromY, toX, toY) {
    this.pen.beginPath();
    this.pen.moveTo(fromX, fromY);
    this.pen.lineTo(toX, toY);
    this.pen.stroke();
  }

  drawRing(number, colour) {
    const { pen } = this;
    pen.beginPath();
    pen.arc(this.x(number), this.y(number), this.dotRadius() + 3, 0, 7);
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    pen.stroke();
  }

  drawLabels(first) {
    const { pen } = this;
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = 1;
    pen.strokeStyle = theme.muted;
    for (const { number, left, right, top, bottom, far } of this.labels) {
      if (!far) continue;
      const x = this.x(number), beyond = left > x ? left : right;
      this.line(x, this.y(number), left <= x && right >= x ? x : beyond, (top + bottom) / 2);
    }
    pen.lineWidth = 3.5;
    pen.strokeStyle = theme.paper;
    for (const box of [...this.labels].reverse()) { // the first ones on top
      const { number, tier, left, top, bottom } = box, isFirst = first.has(number);
      pen.font = FONTS[tier];
      pen.fillStyle = this.labelColour(number, tier);
      pen.globalAlpha = state.chosen < 0 || isFirst ? 1 : 0.25;
      pen.strokeText(texts[number], left + 2, (top + bottom) / 2); // parts letters from dots
      pen.fillText(texts[number], left + 2, (top + bottom) / 2);
    }
    pen.globalAlpha = 1;
  }

  labelColour(number, tier) {
    if (number === state.chosen) return theme.accent;
    return tier < 2 ? theme.texts[colourOf(number)] : theme.ink;
  }
}

function bounds(values, numbers) {
  let low = Infinity, high = -Infinity;
  const include = (value) => { low = Math.min(low, value); high = Math.max(high, value); };
  if (numbers) numbers.forEach((number) => include(values[number]));
  else values.forEach(include);
  return [low, high];
}
