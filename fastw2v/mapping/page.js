// What the reader does on the map: pointer, wheel, keys, buttons; and the start of it all.

const CLICK = 5; // pixels that a pointer may move in a click
const STEP = 70; // pixels that an arrow key moves

function hover(number, panel, place) {
  const tip = byId("tip");
  tip.hidden = number < 0 || !panel;
  if (number >= 0 && panel) {
    const near = panel.own.neighbours[number].slice(0, 3).map((each) => texts[each]).join(", ");
    tip.replaceChildren(made("strong", names[number]), made("small", `near: ${near}`));
    const { offsetLeft, offsetTop } = panel.canvas.parentNode;
    const x = Math.min(place[0] + 14, panel.size.width - tip.offsetWidth - 8);
    const below = place[1] + 18 + tip.offsetHeight < panel.size.height;
    const y = below ? place[1] + 18 : place[1] - 10 - tip.offsetHeight;
    tip.style.transform = `translate(${Math.max(0, offsetLeft + x)}px, ${offsetTop + y}px)`;
  }
  if (number !== state.hovered) { state.hovered = number; redrawAll(); }
}

const reach = (event) => (event.pointerType === "touch" ? 20 : 9);
const middle = ([first, second]) => [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2];
const apart = ([first, second]) => Math.hypot(first[0] - second[0], first[1] - second[1]);

// Pointer, wheel and keys on one panel.
function listen(panel) {
  const { canvas } = panel;
  const pointers = new Map(); // those that are down: id -> place
  const gesture = { moved: 0, several: false };
  const placeOf = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };

  function onDown(event) {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, placeOf(event));
    if (pointers.size === 1) Object.assign(gesture, { moved: 0, several: false });
    else gesture.several = true;
  }

  function onMove(event) {
    const place = placeOf(event);
    if (!pointers.has(event.pointerId)) {
      if (pointers.size) return;
      const number = panel.wordAt(...place, reach(event));
      canvas.classList.toggle("word", number >= 0);
      hover(number, panel, place);
      return;
    }
    const before = [...pointers.values()];
    gesture.moved += apart([pointers.get(event.pointerId), place]);
    pointers.set(event.pointerId, place);
    const after = [...pointers.values()];
    if (after.length === 2) {
      const [x, y] = middle(after), [oldX, oldY] = middle(before);
      panel.move(x - oldX, y - oldY);
      panel.zoomAt(x, y, apart(after) / Math.max(1, apart(before)));
    } else if (after.length === 1 && (gesture.several || gesture.moved > CLICK)) {
      canvas.classList.add("moving");
      hover(-1);
      panel.move(after[0][0] - before[0][0], after[0][1] - before[0][1]);
    }
  }

  function onUp(event) {
    if (!pointers.delete(event.pointerId)) return;
    canvas.classList.remove("moving");
    if (event.type === "pointerup" && !gesture.several && gesture.moved <= CLICK) {
      hover(-1);
      choose(panel.wordAt(...placeOf(event), reach(event)));
    }
  }

  function onWheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * [1, 16, panel.size.height][event.deltaMode];
    // With ctrl: a trackpad's pinch.
    panel.zoomAt(...placeOf(event), Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)));
    hover(-1);
  }

  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", onUp);
  canvas.addEventListener("pointerleave", () => hover(-1));
  canvas.addEventListener("wheel", onWheel, { passive: false });
  canvas.addEventListener("keydown", (event) => onKey(panel, event));
}

function onKey(panel, event) {
  const keys = {
    ArrowLeft: () => panel.move(STEP, 0), ArrowRight: () => panel.move(-STEP, 0),
    ArrowUp: () => panel.move(0, STEP), ArrowDown: () => panel.move(0, -STEP),
    "+": () => panel.zoomMiddle(1.4), "=": () => panel.zoomMiddle(1.4),
    "-": () => panel.zoomMiddle(1 / 1.4),
    0: () => panel.glide(panel.home), Home: () => panel.glide(panel.home),
    Enter: () => {
      choose(panel.wordAt(panel.size.width / 2, panel.size.height / 2, Infinity));
    },
  };
  const act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
  if (act) { event.preventDefault(); act(); }
}

// --- start ------------------------------------------------------------------------------------

function addPanel(own, place) {
  const frame = byId("frame").content.cloneNode(true).firstElementChild;
  const canvas = frame.querySelector("canvas"), title = frame.querySelector("h2");
  canvas.id = place ? `map-${place + 1}` : "map";
  if (own.name) canvas.setAttribute("aria-label", `Map of words, ${own.name}`);
  title.textContent = own.name;
  title.hidden = !own.name;
  document.querySelector("main").insertBefore(frame, byId("tip"));
  const panel = new Panel(own, canvas);
  const [closer, farther, whole] = frame.querySelectorAll("button");
  closer.addEventListener("click", () => panel.zoomMiddle(1.6));
  farther.addEventListener("click", () => panel.zoomMiddle(1 / 1.6));
  whole.addEventListener("click", () => panel.glide(panel.home));
  panels.push(panel);
  listen(panel);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { chooseGroup(-1); choose(-1); }
  if (event.key === "/" && event.target !== query) { event.preventDefault(); query.focus(); }
});
byId("close").addEventListener("click", () => { choose(-1); panels[0].canvas.focus(); });
readTheme();
document.body.classList.toggle("several", data.panels.length > 1 && !data.slider);
if (data.slider) addPanel(data.panels.at(-1), 0);
else data.panels.forEach(addPanel);
listGroups();
listDrift();
if (data.slider) startSlider();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  readTheme();
  redrawAll();
});

// For tests, and for the curious: what is chosen, where a word is, what is seen. panel: from 0.
window.fastw2vMap = Object.freeze({
  words: data.words,
  chosen: () => (state.chosen < 0 ? null : data.words[state.chosen]),
  hovered: () => (state.hovered < 0 ? null : data.words[state.hovered]),
  choose: (word) => choose(data.words.indexOf(word)),
  position(word, panel = 0) { // in CSS pixels of the window
    const number = data.words.indexOf(word);
    const frame = panels[panel].canvas.getBoundingClientRect();
    return { x: frame.left + panels[panel].x(number), y: frame.top + panels[panel].y(number) };
  },
  moment: () => time.moment, // with a slider: which model, from 0; between two while moving
  setMoment: (moment) => setMoment(moment),
  view: (panel = 0) => ({ ...panels[panel].view }),
  zoomed: (panel = 0) => panels[panel].zoomed(),
  labels: (panel = 0) => panels[panel].labels.map(
    (box) => ({ word: data.words[box.number], ...box }),
  ),
});
