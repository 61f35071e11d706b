import { Feed } from './feed.js';
import { Rate } from './rate.js';
import { eventNames, openStream, reasonOfRefusal, streamUrl } from './stream.js';
import { Wire } from './wire.js';

const byId = (id) => document.getElementById(id);
const form = byId('controls');
const STATES = {
  connecting: 'connecting …',
  open: 'connected',
  reconnecting: 'connection lost, reconnecting …',
  refused: 'refused by the server',
  closed: 'not connected',
};
const FIELDS = ['topic', 'filter', 'start', 'offset', 'since', 'names'];

let stream = null;
let shown = ''; // the settings that the list belongs to
let received = 0;
let lastId = '';

const rate = new Rate(byId('chart'), byId('rate'));
const wire = new Wire((compressed, plain) => {
  byId('wire').textContent = `${compressed} of ${plain} bytes`;
});
const feed = new Feed(byId('events'), ({ paused, waiting, unlisted, rows }) => {
  byId('empty').hidden = rows > 0;
  byId('pause').textContent = paused ? `Go on${waiting ? ` (${waiting} new)` : ''}` : 'Pause';
  byId('note').textContent = unlisted ? `${unlisted.toLocaleString('en')} came too fast to be listed` : '';
  showCounts();
});

function showCounts() {
  byId('received').textContent = received.toLocaleString('en');
  const id = byId('last-event-id');
  id.dataset.value = lastId;
  id.textContent = lastId === '' ? 'none yet' : lastId;
}

function showState(state, reconnects) {
  const element = byId('state');
  if (element.dataset.state !== state) {
    element.dataset.state = state;
    element.textContent = STATES[state];
  }
  byId('reconnects').textContent = String(reconnects);
  showButton();
}

/** One button: what it does follows from whether there is a stream and whether the form says something else by now. */
function showButton() {
  const changed = JSON.stringify(settings()) !== shown;
  byId('toggle').textContent = stream ? (changed ? 'Apply' : 'Disconnect') : 'Connect';
  byId('toggle').classList.toggle('on', stream !== null && !changed);
  return changed;
}

function settings() {
  const value = Object.fromEntries(FIELDS.map((name) => [name, byId(name).value.trim()]));
  return value.start === 'offset' || value.start === 'since' ? value : { ...value, offset: '', since: '' };
}

/** The address bar holds the settings, so that a reload or a bookmark brings back the same view. */
function remember(value) {
  const query = new URLSearchParams();
  for (const name of FIELDS) {
    if (value[name] !== byId(name).defaultValue && !(name === 'start' && value.start === 'latest')) query.set(name, value[name]);
  }
  history.replaceState(null, '', `${location.pathname}${query.size ? `?${query}` : ''}`);
}

function connect() {
  const value = settings();
  const url = streamUrl(value);
  remember(value);
  byId('problem').hidden = true;
  if (shown !== JSON.stringify(value)) feed.clear();
  shown = JSON.stringify(value);
  lastId = '';
  showCounts();
  const handler = {
    state(state, reconnects) {
      if (state === 'refused') refused(url);
      showState(state, reconnects);
    },
    position(id) {
      lastId = id;
      showCounts();
    },
    event(name, data, id) {
      received += 1;
      rate.count();
      wire.count(name, data, id);
      feed.add({ kind: 'event', name, data, id });
    },
    live(id) {
      feed.add({ kind: 'live', name: 'history-ended', data: '', id });
    },
    gap(data, id) {
      feed.add({ kind: 'gap', name: 'stream-gap', data, id });
    },
  };
  stream = openStream(url, eventNames(value.names, value.filter), handler);
  showState('connecting', 0);
}

function disconnect() {
  stream.close();
  stream = null;
  showState('closed', Number(byId('reconnects').textContent));
}

async function refused(url) {
  stream = null;
  const problem = byId('problem');
  const reason = await reasonOfRefusal(url);
  if (stream) return;
  problem.textContent = `An EventSource does not come back after an error status. The server answers ${reason}`;
  problem.hidden = false;
}

function showCommand() {
  const { start, offset, since } = settings();
  for (const name of ['offset', 'since']) {
    byId(name).hidden = start !== name;
    byId(name).disabled = start !== name;
    byId(name).required = start === name;
  }
  if (start === 'since' && Number.isNaN(Date.parse(since))) return;
  byId('command').textContent = `curl -N '${streamUrl({ ...settings(), offset, since })}'`;
}

form.addEventListener('input', () => {
  showCommand();
  showButton();
});
form.addEventListener('keydown', (event) => {
  // Enter in a field means "take this", never "disconnect".
  if (event.key === 'Enter' && event.target.id !== 'toggle' && stream && !showButton()) event.preventDefault();
});
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const goOn = stream === null || showButton();
  if (stream) disconnect();
  if (goOn) connect();
});
byId('pause').addEventListener('click', () => {
  const paused = byId('pause').getAttribute('aria-pressed') !== 'true';
  byId('pause').setAttribute('aria-pressed', String(paused));
  feed.pause(paused);
});
byId('clear').addEventListener('click', () => feed.clear());

for (const [name, value] of new URLSearchParams(location.search)) {
  if (FIELDS.includes(name)) byId(name).value = value;
}
// On a phone the events come first: the settings open on demand.
if (matchMedia('(max-width: 820px)').matches) byId('settings').open = false;
showCommand();
connect();
