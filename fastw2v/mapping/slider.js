// Several models as moments of one map: the slider, and points between two moments.

const TRAVEL = 700; // milliseconds from one moment to the next
const PAUSE = 250; // at each, while playing
const time = { moment: data.panels.length - 1, frame: 0, timer: 0, playing: false, places: [] };

// Where a word is at a moment, in units of the map.
function placeAt(moment, number) {
  const from = Math.floor(moment), share = moment - from, { places } = time;
  const [xs, ys] = places[from], [laterXs, laterYs] = places[Math.min(from + 1, places.length - 1)];
  return [
    xs[number] + (laterXs[number] - xs[number]) * share,
    ys[number] + (laterYs[number] - ys[number]) * share,
  ];
}

// Show this moment; neighbours are those of the nearest model.
function showMoment(moment) {
  const [panel] = panels, nearest = data.panels[Math.round(moment)];
  time.moment = moment;
  for (let number = 0; number < count; number++) {
    [panel.xs[number], panel.ys[number]] = placeAt(moment, number);
  }
  if (panel.own !== nearest) {
    panel.own = nearest;
    byId("momentname").textContent = nearest.name;
    byId("moment").setAttribute("aria-valuetext", nearest.name);
    if (state.chosen >= 0) fillPanel(state.chosen);
  }
  panel.redraw();
}

// Move there, or be there at once for readers who want no motion.
function setMoment(target, arrived = () => {}) {
  cancelAnimationFrame(time.frame);
  byId("moment").value = String(target);
  const from = time.moment, start = performance.now();
  const step = (now) => {
    const share = still.matches ? 1 : Math.min(1, Math.max(0, now - start) / TRAVEL);
    const done = share * share * (3 - 2 * share);
    showMoment(share < 1 ? from + (target - from) * done : target);
    if (share < 1) time.frame = requestAnimationFrame(step);
    else arrived();
  };
  step(start);
}

function playTime(playing) {
  clearTimeout(time.timer);
  time.playing = playing;
  byId("playtime").setAttribute("aria-pressed", String(playing));
  byId("playtime").textContent = playing ? "Pause" : "Play";
  if (!playing) return;
  const last = data.panels.length - 1;
  const next = () => {
    if (!time.playing) return;
    if (time.moment >= last) playTime(false);
    else setMoment(Math.floor(time.moment) + 1, () => { time.timer = setTimeout(next, PAUSE); });
  };
  if (time.moment >= last) setMoment(0, () => { time.timer = setTimeout(next, PAUSE); });
  else next();
}

// The path of a word through all moments.
function drawTrail(panel, number) {
  const { pen, view, size } = panel;
  pen.strokeStyle = theme.muted;
  pen.lineWidth = 1.5;
  pen.setLineDash([4, 4]);
  pen.beginPath();
  time.places.forEach(([xs, ys]) => pen.lineTo(
    (xs[number] - view.x) * view.scale + size.width / 2,
    (ys[number] - view.y) * view.scale + size.height / 2,
  ));
  pen.stroke();
  pen.setLineDash([]);
}

function startSlider() {
  const slider = byId("moment"), [panel] = panels;
  time.places = data.panels.map(({ x, y }) => [
    Float64Array.from(x, (value) => value / GRID), Float64Array.from(y, (value) => -value / GRID),
  ]);
  panel.reach = [0, 1].map((axis) => time.places.flatMap((place) => [...place[axis]]));
  panel.canvas.parentNode.querySelector("h2").hidden = true; // the slider has the name
  byId("time").hidden = false;
  byId("momentname").textContent = panel.own.name;
  slider.max = String(data.panels.length - 1);
  slider.value = slider.max;
  slider.addEventListener("input", () => { playTime(false); setMoment(Number(slider.value)); });
  byId("playtime").addEventListener("click", () => playTime(!time.playing));
}
