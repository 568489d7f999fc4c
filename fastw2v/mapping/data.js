// The data of the page, its colours, and the state that all panels share: one panel for each model.

const count = data.words.length;
const names = data.words.map((word, number) => data.labels[number] ?? word);
const GRID = 32767; // x and y of a panel are whole numbers up to this
const COSINES = 10000; // so are the cosines of neighbours, up to this

const state = { chosen: -1, hovered: -1, group: -1 };
const panels = [];
const redrawAll = () => panels.forEach((panel) => panel.redraw());

// --- words --------------------------------------------------------------------------------

const LONGEST = 28; // characters of a word on the map
const texts = names.map((name) => {
  if (name.length <= LONGEST) return name;
  const characters = [...name];
  return characters.length <= LONGEST ? name : `${characters.slice(0, LONGEST - 1).join("")}…`;
});

// The earlier a word is in data.order, the larger its label.
const places = new Int32Array(count);
data.order.forEach((number, place) => { places[number] = place; });
const TIERS = [[0.02, 60], [0.12, 500], [1, Infinity]]; // fraction of the words, and at most
const LAST = TIERS.map(([share, most]) => Math.min(count * share, most));
const tierOf = (number) => LAST.findIndex((last) => places[number] < last);

// --- groups and colours ---------------------------------------------------------------------

const COLOURS = 8;
const theme = { ink: "", muted: "", paper: "", accent: "", dots: [], texts: [] };
const colourOf = (number) => data.colours[data.groups[number]];
const groupName = (group) => data.names[group].map((number) => texts[number]).join(", ");
const byColour = Array.from({ length: COLOURS }, () => []); // drawn colour by colour: fewer calls
for (let number = 0; number < count; number++) byColour[colourOf(number)].push(number);

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  for (const name of ["ink", "muted", "paper", "accent"]) theme[name] = colour(name);
  theme.dots = Array.from({ length: COLOURS }, (_, index) => colour(`group-${index + 1}`));
  theme.texts = theme.dots.map((dot) => mixed(dot, theme.ink, 0.55)); // dark enough to be read
}
