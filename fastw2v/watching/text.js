// Text -> vocabulary, sentences and pairs; and random numbers. All as the command itself does it.

const MOST_WORDS = data.mostWords; // of a vocabulary
const MOST_TOKENS = data.mostTokens;

// SplitMix64 (Steele, Lea, Flood 2014).
class SplitMix {
  constructor(seed) { this.state = BigInt.asUintN(64, BigInt(seed)); }

  draw() {
    this.state = BigInt.asUintN(64, this.state + 0x9e3779b97f4a7c15n);
    let bits = this.state;
    bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
    bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94d049bb133111ebn);
    return bits ^ (bits >> 31n);
  }

  share() { return Number(this.draw() >> 11n) / 2 ** 53; } // from 0 to 1
}

// { words, labels, counts, sentences }: words by decreasing count, equal counts in the order of
// first occurrence; sentences of their ids. ``sentences``: lists of words.
function textOf(sentences, labels = {}) {
  const counts = new Map();
  for (const word of sentences.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  const ids = new Map(words.map((word, id) => [word, id]));
  return {
    words,
    labels: words.map((word) => (Object.hasOwn(labels, word) ? labels[word] : word)),
    counts: words.map((word) => counts.get(word)),
    sentences: sentences.map((sentence) => sentence.map((word) => ids.get(word))),
  };
}

// A typed text: words between spaces and tabs, a sentence per line; </s> ends a sentence, too.
function sentencesOf(typed) {
  const lines = typed.replaceAll("\r", "").split("\n");
  const words = lines.map((line) => line.split(/[ \t]/).filter((word) => word !== ""));
  const cut = (line) => line.reduce(
    (parts, word) => {
      if (word === "</s>") parts.push([]);
      else parts.at(-1).push(word);
      return parts;
    },
    [[]],
  );
  return words.flatMap(cut).filter((sentence) => sentence.length > 0);
}

// What is wrong with a text, or "".
function problemOf(text) {
  const tokens = text.sentences.reduce((sum, sentence) => sum + sentence.length, 0);
  if (tokens === 0) return "There are no words: type some, separated by spaces.";
  if (tokens > MOST_TOKENS) {
    return `This text has ${numberText(tokens)} words; use up to ${numberText(MOST_TOKENS)}.`;
  }
  if (text.words.length < 2) return "There is one word only: use two different ones or more.";
  if (text.words.length > MOST_WORDS) {
    return `This text has ${numberText(text.words.length)} different words; use up to `
      + `${numberText(MOST_WORDS)}.`;
  }
  if (text.sentences.every((sentence) => sentence.length < 2)) {
    return "No two words are in one line, so no word has a context: put several in a line.";
  }
  return "";
}

const numberText = (value) => value.toLocaleString("en");

// The ids in the window around a position, those before it first.
function contextOf(sentence, position, window) {
  const first = Math.max(0, position - window);
  return [...sentence.slice(first, position), ...sentence.slice(position + 1, position + window + 1)];
}

// Walks through the text: each window in CBOW, each pair of a window in skip-gram.
class Walk {
  constructor(text, window, cbow) {
    Object.assign(this, { text, window, cbow, sentence: 0, position: 0, place: -1, pass: 0 });
    this.done = 0; // steps of this pass
    this.total = this.count();
  }

  count() {
    let total = 0;
    for (const sentence of this.text.sentences) {
      for (let position = 0; position < sentence.length; position++) {
        const before = Math.min(position, this.window);
        const around = before + Math.min(sentence.length - 1 - position, this.window);
        total += this.cbow ? Math.min(1, around) : around;
      }
    }
    return total;
  }

  // { pass, sentence, position, centre, context, inputs, places }: inputs are the words that
  // predict, at these places of the sentence.
  next() {
    for (;;) {
      const sentence = this.text.sentences[this.sentence];
      const context = contextOf(sentence, this.position, this.window);
      this.place += 1;
      if (this.place < (this.cbow ? Math.min(1, context.length) : context.length)) {
        this.done += 1;
        const first = Math.max(0, this.position - this.window);
        const all = context.map((_, place) => first + place + Number(first + place >= this.position));
        return {
          pass: this.pass,
          sentence: this.sentence,
          position: this.position,
          centre: sentence[this.position],
          context,
          inputs: this.cbow ? context : [context[this.place]],
          places: this.cbow ? all : [all[this.place]],
        };
      }
      this.moveOn(sentence);
    }
  }

  moveOn(sentence) {
    this.place = -1;
    this.position += 1;
    if (this.position < sentence.length) return;
    this.position = 0;
    this.sentence += 1;
    if (this.sentence < this.text.sentences.length) return;
    this.sentence = 0;
    this.pass += 1;
    this.done = 0;
  }
}
