// Beside the map: search, the chosen word with its neighbours, groups, and what changed.

const LISTED = 12; // words that a search lists

function madeWord(tag, number) {
  const node = made(tag, names[number]);
  node.dir = "auto"; // from right to left, if the word is
  return node;
}

// --- the chosen word --------------------------------------------------------------------------

function choose(number) {
  state.chosen = number;
  if (number >= 0) chooseGroup(-1);
  byId("panel").hidden = number < 0;
  byId("groups").hidden = number >= 0;
  byId("help").hidden = number >= 0;
  if (number >= 0) {
    fillPanel(number);
    for (const panel of panels) panel.lookAt(number);
  }
  redrawAll();
}

function fillPanel(number) {
  const word = byId("word");
  word.textContent = names[number];
  word.dir = "auto";
  byId("place").textContent = panels.map(({ own }) => {
    const row = (own.rows[number] + 1).toLocaleString("en");
    return `${own.name ? `${own.name}: ` : ""}word ${row} of ${own.total.toLocaleString("en")}`;
  }).join("; ") + " in the file";
  byId("columns").replaceChildren(...panels.map((panel) => neighbourList(panel.own, number)));
}

function neighbourList(own, number) {
  const others = panels.filter((panel) => panel.own !== own);
  const items = own.neighbours[number].map((near, place) => {
    const cosine = own.cosines[number][place] / COSINES, bar = made("i");
    bar.style.width = `${Math.max(0, cosine) * 85}%`;
    const shown = made("span", cosine.toFixed(others.length ? 2 : 3));
    const button = madeButton(() => choose(near), madeWord("b", near), shown, bar);
    if (others.length && others.every((other) => other.own.neighbours[number].includes(near))) {
      button.classList.add("shared");
      button.title = "a neighbour in both";
    }
    button.addEventListener("pointerenter", () => hover(near));
    button.addEventListener("pointerleave", () => hover(-1));
    return made("li", button);
  });
  const list = made("ol", ...items);
  list.className = "neighbours";
  return own.name ? made("div", made("h4", own.name), list) : made("div", list);
}

// --- groups and change -------------------------------------------------------------------------

function chooseGroup(group) {
  state.group = group;
  for (const [place, item] of [...byId("grouplist").children].entries()) {
    item.firstChild.setAttribute("aria-pressed", String(place === group));
  }
  redrawAll();
}

function listGroups() {
  const sizes = data.names.map(() => 0);
  for (const group of data.groups) sizes[group] += 1;
  byId("grouplist").replaceChildren(...data.names.map((_, group) => {
    const swatch = made("i"), number = made("span", sizes[group].toLocaleString("en"));
    swatch.style.background = `var(--group-${data.colours[group] + 1})`;
    const title = made("b", groupName(group));
    title.dir = "auto";
    const toggle = () => chooseGroup(state.group === group ? -1 : group);
    return made("li", madeButton(toggle, swatch, title, number));
  }));
  byId("groups").open = !matchMedia("(max-width: 46rem)").matches;
}

function listDrift() {
  const { drift } = data;
  byId("drift").hidden = !drift;
  if (!drift) return;
  const [first, last] = [data.panels[0].name, data.panels.at(-1).name];
  byId("compared").textContent =
    `Percent of each word’s ${drift.compared} nearest neighbours in ${first} that are not among `
    + `those in ${last}${drift.cosines ? "; in brackets the cosine of its aligned vectors" : ""}.`;
  byId("driftlist").replaceChildren(...drift.words.map((number, place) => {
    const cosine = drift.cosines ? ` (${(drift.cosines[place] / 100).toFixed(2)})` : "";
    const score = made("span", `${drift.changes[place]}%${cosine}`);
    const button = madeButton(() => choose(number), madeWord("b", number), score);
    button.addEventListener("pointerenter", () => hover(number));
    button.addEventListener("pointerleave", () => hover(-1));
    return made("li", button);
  }));
  byId("drift").open = !matchMedia("(max-width: 46rem)").matches;
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
    const item = madeWord("li", number);
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
