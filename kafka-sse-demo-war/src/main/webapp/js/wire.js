// Bytes of an event on the wire, as the server counts them, beside those that the page gets.

const ASK_MILLIS = 2_000;
const FIELD_NAMES = 'id: \nevent: \ndata: \n\n'.length;
const UTF_8 = new TextEncoder();

export class Wire {
  #show;
  #events = 0;
  #bytes = 0;

  /** `show` gets the bytes of an event on the wire and without compression, each the mean of all so far. */
  constructor(show) {
    this.#show = show;
    setInterval(() => this.#ask(), ASK_MILLIS);
  }

  count(name, data, id) {
    this.#events += 1;
    this.#bytes += FIELD_NAMES + UTF_8.encode(name + data + id).length;
  }

  async #ask() {
    if (this.#events === 0) return;
    const response = await fetch('wire').catch(() => null); // The server may be away, and the stream says so.
    if (!response?.ok) return;
    const { events, bytes } = await response.json();
    if (events > 0) this.#show(Math.round(bytes / events), Math.round(this.#bytes / this.#events));
  }
}
