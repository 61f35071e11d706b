// The list of events: newest first, bounded, and never drawn faster than a person could follow.

import { render } from './json.js';

const MOST_ROWS = 200;
const ROWS_PER_DRAW = 40;
const DRAW_MILLIS = 100;
const CHARACTER_PIXELS = 8; // of the font of the data, about

export class Feed {
  #list;
  #changed;
  #waiting = [];
  #scheduled = false;
  #lastDraw = 0;
  #paused = false;
  #unlisted = 0;

  /** `changed` is told of {paused, waiting, unlisted, rows} after each change. */
  constructor(list, changed) {
    this.#list = list;
    this.#changed = changed;
  }

  /** entry: {kind: 'event' | 'gap' | 'live', name, data, id} */
  add(entry) {
    this.#waiting.push({ ...entry, at: new Date() });
    if (this.#waiting.length > MOST_ROWS) {
      this.#waiting.shift();
      this.#unlisted += 1;
    }
    this.#schedule();
  }

  pause(paused) {
    this.#paused = paused;
    this.#schedule();
  }

  clear() {
    this.#waiting = [];
    this.#unlisted = 0;
    this.#list.replaceChildren();
    this.#schedule();
  }

  #schedule() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #frame(now) {
    this.#scheduled = false;
    if (now - this.#lastDraw < DRAW_MILLIS) {
      this.#schedule();
      return;
    }
    this.#lastDraw = now;
    if (!this.#paused) this.#draw();
    this.#changed({
      paused: this.#paused,
      waiting: this.#waiting.length,
      unlisted: this.#unlisted,
      rows: this.#list.childElementCount,
    });
    if (!this.#paused && this.#waiting.length > 0) this.#schedule();
  }

  #draw() {
    const width = Math.floor(this.#list.parentElement.clientWidth / CHARACTER_PIXELS) - 8;
    const rows = this.#waiting.splice(0, ROWS_PER_DRAW).map((entry) => row(entry, width)).reverse();
    // Someone who has scrolled down to read keeps the place: the browser's scroll anchoring moves with it.
    this.#list.prepend(...rows);
    while (this.#list.childElementCount > MOST_ROWS) this.#list.lastElementChild.remove();
  }
}

function row({ kind, name, data, id, at }, width) {
  const item = document.createElement('li');
  item.className = kind;
  item.dataset.id = id;
  item.dataset.event = name;
  item.dataset.data = data;
  item.style.setProperty('--hue', hue(name));
  const head = document.createElement('div');
  head.className = 'row-head';
  head.append(part('name', name), part('id', id === '' ? '' : `#${id}`), time(at));
  const body = document.createElement('pre');
  if (kind === 'gap') body.append(gapText(data));
  else if (kind === 'live') body.append('All that was in the topic when the stream began is below. What follows is live.');
  else render(data, width, body);
  item.append(head, body);
  return item;
}

function part(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  element.title = text;
  return element;
}

function time(at) {
  const element = document.createElement('time');
  element.dateTime = at.toISOString();
  element.textContent = at.toLocaleTimeString([], { hour12: false });
  return element;
}

function gapText(data) {
  try {
    const { topic, partition, from, to, reason } = JSON.parse(data);
    return `Records of ${topic}, partition ${partition}, from offset ${from} are gone (${reason}); the stream goes on at ${to}.`;
  } catch {
    return data; // a text of an unknown form is still better shown than hidden
  }
}

const hues = new Map();

/** Names get colours in the order of their first appearance, as far apart as the circle allows. */
function hue(name) {
  if (!hues.has(name)) hues.set(name, Math.round(175 + hues.size * 137.5) % 360);
  return hues.get(name);
}
