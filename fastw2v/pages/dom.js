"use strict";
// What all pages use: their data, elements, colours.

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);

function made(tag, ...content) {
  const node = document.createElement(tag);
  node.append(...content); // strings become text, whatever they spell
  return node;
}

function madeButton(onClick, ...content) {
  const button = made("button", ...content);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}

// Two colours #rrggbb, with this fraction of the second.
function mixed(one, other, share) {
  const parts = [1, 3, 5].map((at) => {
    const [from, to] = [one, other].map((hex) => parseInt(hex.slice(at, at + 2), 16));
    return Math.round(from + (to - from) * share).toString(16).padStart(2, "0");
  });
  return `#${parts.join("")}`;
}
