// The browser's own EventSource, with the few things that a page has to know about it.

const POSITION = 'stream-position';
const GAP = 'stream-gap';
const LIVE = 'history-ended';

/** Address of the stream. `event` is the alias of `filter[event]` for addresses: Tomcat refuses raw brackets. */
export function streamUrl({ topic, filter, start, offset, since }) {
  const query = [];
  if (filter) query.push(`event=${encoded(filter)}`);
  if (start === 'earliest') query.push('offset=earliest');
  if (start === 'offset' && offset) query.push(`offset=${encoded(offset)}`);
  if (start === 'since' && since) query.push(`since=${encoded(new Date(since).toISOString())}`);
  if (query.some((part) => /^(offset|since)=/.test(part))) query.push(`live-event=${LIVE}`);
  const path = topic ? `kafka-sse/${encoded(topic)}` : 'kafka-sse';
  return new URL(path + (query.length ? `?${query.join('&')}` : ''), document.baseURI).href;
}

/** Commas and colons are harmless, and people read these addresses; they copy them into quotes, too. */
function encoded(text) {
  return encodeURIComponent(text).replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll("'", '%27');
}

/** What to listen for: the names given, and those parts of the filter that are plain names rather than expressions. */
export function eventNames(names, filter) {
  const given = names.split(',').map((name) => name.trim());
  const plain = filter.split(/[,|]/).map((part) => part.trim()).filter((part) => !/[\\^$*+?()[\]{}]/.test(part));
  const reserved = new Set(['', 'open', 'error', 'message', POSITION, GAP, LIVE]);
  return [...new Set([...given, ...plain])].filter((name) => !reserved.has(name));
}

/**
 * Opens a stream. The handler gets state('open' | 'reconnecting' | 'refused', reconnects),
 * position(id), gap(description, id), live(id) and event(name, data, id).
 */
export function openStream(url, names, handler) {
  const source = new EventSource(url);
  let opened = 0;
  const seen = (event) => {
    handler.event(event.type, event.data, event.lastEventId);
    handler.position(event.lastEventId);
  };
  source.onopen = () => {
    opened += 1;
    handler.state('open', opened - 1);
  };
  source.onerror = () => {
    const refused = source.readyState === EventSource.CLOSED;
    handler.state(refused ? 'refused' : 'reconnecting', Math.max(0, opened - 1));
  };
  source.onmessage = seen;
  for (const name of names) source.addEventListener(name, seen);
  source.addEventListener(POSITION, (event) => handler.position(event.lastEventId));
  source.addEventListener(GAP, (event) => {
    handler.gap(event.data, event.lastEventId);
    handler.position(event.lastEventId);
  });
  source.addEventListener(LIVE, (event) => {
    handler.live(event.lastEventId);
    handler.position(event.lastEventId);
  });
  return { close: () => source.close() };
}

/** EventSource keeps an error's status and text to itself: ask once more to be able to show them. */
export async function reasonOfRefusal(url) {
  const abort = new AbortController();
  try {
    const response = await fetch(url, { headers: { Accept: 'text/event-stream' }, signal: abort.signal });
    const text = response.ok ? '' : (await response.text()).split('\n', 1)[0].slice(0, 300);
    const plain = response.headers.get('Content-Type')?.startsWith('text/plain');
    return `${response.status}${plain && text ? `: ${text}` : ''}`;
  } catch (failure) {
    return String(failure);
  } finally {
    abort.abort();
  }
}
