// A table that can be sorted by each of its columns.

const named = data.rows.length ? data.rows[0].names.length : 0;
const sorting = { column: -1, downwards: false };

function valueOf(row, column) {
  return column < named ? row.names[column] : row.numbers[column - named];
}

// Rows without a figure are last in both orders; equal ones keep the order of the table.
function compared(one, other) {
  const [first, second] = [valueOf(one, sorting.column), valueOf(other, sorting.column)];
  const missing = (value) => value === null || value === "";
  if (missing(first) || missing(second)) return missing(first) - missing(second);
  const sign = sorting.downwards ? -1 : 1;
  return sign * (typeof first === "string" ? first.localeCompare(second) : first - second);
}

function drawnRow(row) {
  const names = row.names.map((name) => made("td", name));
  const figures = row.texts.map((text, column) => {
    const cell = made("td", text || "\u2013");
    cell.className = text ? "figure" : "figure none";
    if (text && row.numbers[column] === data.best[column]) cell.classList.add("best");
    return cell;
  });
  return made("tr", ...names, ...figures);
}

function draw() {
  const rows = sorting.column < 0 ? data.rows : [...data.rows].sort(compared);
  byId("rows").replaceChildren(...rows.map(drawnRow));
  [...byId("headings").children].forEach((heading, column) => {
    const order = sorting.downwards ? "descending" : "ascending";
    heading.setAttribute("aria-sort", column === sorting.column ? order : "none");
  });
}

// The first click on a column shows the best at the top, the second turns it around, the third
// brings back the order of the table.
function sortBy(column) {
  const first = column >= named && data.orders[column - named] > 0;
  if (sorting.column !== column) Object.assign(sorting, { column, downwards: first });
  else if (sorting.downwards === first) sorting.downwards = !first;
  else sorting.column = -1;
  draw();
}

byId("headings").append(...data.headings.map((text, column) => {
  const heading = made("th", madeButton(() => sortBy(column), text));
  heading.scope = "col";
  if (column >= named) heading.className = "figure";
  return heading;
}));
byId("notes").append(...data.notes.map((note) => made("li", note)));
draw();
