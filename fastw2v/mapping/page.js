// What the reader does: choosing, search, pointer, wheel, keys. The drawing is in drawing.js.

const LISTED = 12; // words that a search lists
const COSINES = 10000; // data.cosines are whole numbers up to this
const CLOSE = 900; // pixels to a unit, when a word is looked at: also on a small screen
const CLICK = 5; // pixels that a pointer may move in a click
const still = matchMedia("(prefers-reduced-motion: reduce)");
const pointers = new Map(); // those that are down: id -> place
const gesture = { moved: 0, several: false };
let gliding = 0;

// --- the view -------------------------------------------------------------------------------

const clampScale = (scale) => Math.min(home.scale * 300, Math.max(home.scale * 0.4, scale));

function zoomAt(x, y, factor) {
  cancelAnimationFrame(gliding);
  const scale = clampScale(view.scale * factor);
  // What is under the pointer stays there.
  view.x += (x - size.width / 2) * (1 / view.scale - 1 / scale);
  view.y += (y - size.height / 2) * (1 / view.scale - 1 / scale);
  view.scale = scale;
  redraw();
}

function move(across, down) {
  cancelAnimationFrame(gliding);
  view.x -= across / view.scale;
  view.y -= down / view.scale;
  redraw();
}

function glide(target) {
  cancelAnimationFrame(gliding);
  const from = { ...view }, start = performance.now();
  const step = (now) => {
    const time = still.matches ? 1 : Math.min(1, Math.max(0, now - start) / 350);
    const done = time * (2 - time);
    view.scale = from.scale * (target.scale / from.scale) ** done;
    view.x = from.x + (target.x - from.x) * done;
    view.y = from.y + (target.y - from.y) * done;
    redraw();
    if (time < 1) gliding = requestAnimationFrame(step);
    else Object.assign(view, target); // exactly
  };
  step(start);
}

function centre(number) {
  const scale = Math.max(view.scale, home.scale * 3, CLOSE);
  glide({ x: xs[number], y: ys[number], scale: clampScale(scale) });
}

function isVisible(number) {
  const x = screenX(number), y = screenY(number);
  return x > 10 && y > 10 && x < size.width - 60 && y < size.height - 10;
}

// --- the chosen word --------------------------------------------------------------------------

function choose(number) {
  for (const each of [state.chosen, number]) widths[each] = 0; // their labels change in size
  state.chosen = number;
  byId("panel").hidden = number < 0;
  byId("help").hidden = number >= 0;
  if (number >= 0) fillPanel(number);
  redraw();
}

function fillPanel(number) {
  byId("word").textContent = names[number];
  const row = (data.rows[number] + 1).toLocaleString("en"), total = data.total.toLocaleString("en");
  byId("place").textContent = `word ${row} of ${total} in the file`;
  const items = data.neighbours[number].map((near, place) => {
    const cosine = data.cosines[number][place] / COSINES;
    const button = made("button", made("b", names[near]), made("span", cosine.toFixed(3)));
    const bar = made("i");
    bar.style.width = `${Math.max(0, cosine) * 85}%`;
    button.append(bar);
    button.type = "button";
    button.addEventListener("click", () => {
      choose(near);
      if (!isVisible(near)) centre(near);
    });
    return made("li", button);
  });
  byId("neighbours").replaceChildren(...items);
}

function made(tag, ...content) {
  const node = document.createElement(tag);
  node.append(...content); // strings become text, whatever they spell
  return node;
}

// --- search -----------------------------------------------------------------------------------

const query = byId("query"), matches = byId("matches");
const search = { found: [], active: 0 };

// As typed, then beginning so, then beginning so but for upper and lower case.
function find(text) {
  const folded = text.toLowerCase(), exact = [], begun = [], alike = [];
  for (let number = 0; text && number < count; number++) {
    if (names[number] === text || data.words[number] === text) exact.push(number);
    else if (names[number].startsWith(text)) begun.push(number);
    else if (names[number].toLowerCase().startsWith(folded)) alike.push(number);
  }
  return [...exact, ...begun, ...alike].slice(0, LISTED);
}

function listMatches() {
  search.found = find(query.value);
  search.active = 0;
  matches.replaceChildren(...search.found.map((number, place) => {
    const item = made("li", names[number]);
    item.id = `match-${place}`;
    item.setAttribute("role", "option");
    item.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    item.addEventListener("click", () => goTo(number));
    return item;
  }));
  byId("missing").textContent =
    query.value && !search.found.length ? `no word here begins with “${query.value}”` : "";
  showMatches(search.found.length > 0);
}

function showMatches(shown) {
  matches.hidden = !shown;
  query.setAttribute("aria-expanded", String(shown));
  [...matches.children].forEach((item, place) => {
    item.setAttribute("aria-selected", String(place === search.active));
  });
  if (shown) query.setAttribute("aria-activedescendant", `match-${search.active}`);
  else query.removeAttribute("aria-activedescendant");
}

function goTo(number) {
  showMatches(false);
  choose(number);
  centre(number);
}

function onQueryKey(event) {
  const { found } = search, step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && found.length) {
    search.active = matches.hidden
      ? search.active : (search.active + step + found.length) % found.length;
    showMatches(true);
    matches.children[search.active].scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && found.length) {
    goTo(found[search.active]);
  } else if (event.key === "Escape" && !matches.hidden) {
    showMatches(false);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

query.addEventListener("input", listMatches);
query.addEventListener("focus", () => showMatches(search.found.length > 0));
query.addEventListener("blur", () => showMatches(false));
query.addEventListener("keydown", onQueryKey);

// --- pointer and wheel ------------------------------------------------------------------------

const reach = (event) => (event.pointerType === "touch" ? 20 : 9);
const middle = ([first, second]) => [(first[0] + second[0]) / 2, (first[1] + second[1]) / 2];
const apart = ([first, second]) => Math.hypot(first[0] - second[0], first[1] - second[1]);

function placeOf(event) {
  const frame = canvas.getBoundingClientRect();
  return [event.clientX - frame.left, event.clientY - frame.top];
}

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
    if (!pointers.size) hover(wordAt(...place, reach(event)), place);
    return;
  }
  const before = [...pointers.values()];
  gesture.moved += apart([pointers.get(event.pointerId), place]);
  pointers.set(event.pointerId, place);
  const after = [...pointers.values()];
  if (after.length === 2) {
    const [x, y] = middle(after), [oldX, oldY] = middle(before);
    move(x - oldX, y - oldY);
    zoomAt(x, y, apart(after) / Math.max(1, apart(before)));
  } else if (after.length === 1 && (gesture.several || gesture.moved > CLICK)) {
    canvas.classList.add("moving");
    hover(-1);
    move(after[0][0] - before[0][0], after[0][1] - before[0][1]);
  }
}

function onUp(event) {
  if (!pointers.delete(event.pointerId)) return;
  canvas.classList.remove("moving");
  if (event.type === "pointerup" && !gesture.several && gesture.moved <= CLICK) {
    choose(wordAt(...placeOf(event), reach(event)));
  }
}

function onWheel(event) {
  event.preventDefault();
  const [x, y] = placeOf(event);
  const pixels = event.deltaY * [1, 16, size.height][event.deltaMode];
  zoomAt(x, y, Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015))); // ctrl: a trackpad's pinch
  hover(-1);
}

function hover(number, place) {
  const tip = byId("tip");
  tip.hidden = number < 0;
  canvas.classList.toggle("word", number >= 0);
  if (number >= 0) {
    const near = data.neighbours[number].slice(0, 3).map((each) => names[each]).join(", ");
    tip.replaceChildren(made("strong", names[number]), made("small", `near: ${near}`));
    const x = Math.min(place[0] + 14, size.width - tip.offsetWidth - 8);
    const below = place[1] + 18 + tip.offsetHeight < size.height;
    const y = below ? place[1] + 18 : place[1] - 10 - tip.offsetHeight;
    tip.style.transform = `translate(${x}px, ${y}px)`;
  }
  if (number !== state.hovered) { state.hovered = number; redraw(); }
}

canvas.addEventListener("pointerdown", onDown);
canvas.addEventListener("pointermove", onMove);
canvas.addEventListener("pointerup", onUp);
canvas.addEventListener("pointercancel", onUp);
canvas.addEventListener("pointerleave", () => hover(-1));
canvas.addEventListener("wheel", onWheel, { passive: false });

// --- keys and buttons -------------------------------------------------------------------------

const zoomMiddle = (factor) => zoomAt(size.width / 2, size.height / 2, factor);
const showAll = () => glide(home);
const STEP = 70; // pixels
const KEYS = {
  ArrowLeft: () => move(STEP, 0), ArrowRight: () => move(-STEP, 0),
  ArrowUp: () => move(0, STEP), ArrowDown: () => move(0, -STEP),
  "+": () => zoomMiddle(1.4), "=": () => zoomMiddle(1.4), "-": () => zoomMiddle(1 / 1.4),
  0: showAll, Home: showAll,
  Enter: () => choose(wordAt(size.width / 2, size.height / 2, Infinity)),
};

canvas.addEventListener("keydown", (event) => {
  const act = event.ctrlKey || event.metaKey || event.altKey ? null : KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") choose(-1);
  if (event.key === "/" && event.target !== query) { event.preventDefault(); query.focus(); }
});
byId("close").addEventListener("click", () => { choose(-1); canvas.focus(); });
byId("closer").addEventListener("click", () => zoomMiddle(1.6));
byId("farther").addEventListener("click", () => zoomMiddle(1 / 1.6));
byId("whole").addEventListener("click", showAll);

// --- start ------------------------------------------------------------------------------------

function resize() {
  const wasHome = !size.width || ["x", "y", "scale"].every((key) => view[key] === home[key]);
  const ratio = window.devicePixelRatio || 1;
  size.width = canvas.clientWidth;
  size.height = canvas.clientHeight;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  fitHome();
  if (wasHome) Object.assign(view, home);
  redraw();
}

readTheme();
new ResizeObserver(resize).observe(canvas);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  readTheme();
  redraw();
});

// For tests, and for the curious: what is chosen, where a word is, what is seen.
window.fastw2vMap = Object.freeze({
  words: data.words,
  chosen: () => (state.chosen < 0 ? null : data.words[state.chosen]),
  position(word) { // in CSS pixels of the window
    const number = data.words.indexOf(word), frame = canvas.getBoundingClientRect();
    return { x: frame.left + screenX(number), y: frame.top + screenY(number) };
  },
  view: () => ({ ...view }),
  zoomed,
  labels: () => labels.map((box) => ({ word: data.words[box.number], ...box })),
});
