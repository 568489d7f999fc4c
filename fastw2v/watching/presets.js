// Texts to start with. Words of one kind come in the same company.

const KING_AND_QUEEN = [
  ["king", "he", "palace", "crown"], ["queen", "she", "palace", "crown"],
  ["prince", "he", "palace", "young"], ["princess", "she", "palace", "young"],
  ["man", "he", "village", "works"], ["woman", "she", "village", "works"],
  ["boy", "he", "village", "young"], ["girl", "she", "village", "young"],
  ["crown", "king", "he"], ["crown", "queen", "she"],
  ["palace", "prince", "he"], ["palace", "princess", "she"],
  ["works", "man", "he"], ["works", "woman", "she"],
  ["village", "boy", "he"], ["village", "girl", "she"],
];

const FRUIT_AND_JUICE = [
  ["eat", "apple"], ["eat", "orange"], ["eat", "pear"], ["eat", "rice"], ["eat", "bread"],
  ["drink", "juice"], ["drink", "milk"], ["drink", "water"], ["drink", "tea"],
  ["apple", "juice"], ["orange", "juice"], ["pear", "juice"],
  ["rice", "milk"], ["bread", "water"],
  ["apple", "tree"], ["orange", "tree"], ["pear", "tree"],
  ["drink", "apple", "juice"], ["drink", "orange", "juice"], ["drink", "pear", "juice"],
];

const PRESETS = [
  { name: data.name, sentences: data.sentences.map((ids) => ids.map((id) => data.words[id])) },
  { name: "King and queen", sentences: KING_AND_QUEEN },
  { name: "Fruit and juice", sentences: FRUIT_AND_JUICE },
];
const OWN = PRESETS.length; // the text that the reader types
