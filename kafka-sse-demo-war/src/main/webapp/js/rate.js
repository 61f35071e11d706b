// Events per second over the last two minutes.

import uPlot from '../uplot/dist/uPlot.esm.js';

const SECONDS = 120;

export class Rate {
  #box;
  #output;
  #chart;
  #count = 0;
  #times = [];
  #rates = [];

  constructor(box, output) {
    this.#box = box;
    this.#output = output;
    const now = Math.floor(Date.now() / 1000);
    for (let second = now - SECONDS; second < now; second += 1) {
      this.#times.push(second);
      this.#rates.push(null);
    }
    this.#draw();
    new ResizeObserver(() => this.#chart.setSize(this.#size())).observe(box);
    addEventListener('themechange', () => this.#draw());
    setInterval(() => this.#tick(), 1000);
  }

  count() {
    this.#count += 1;
  }

  #tick() {
    const now = Math.floor(Date.now() / 1000);
    const last = this.#times.at(-1);
    // A tab in the background is woken less often: spread what came over the seconds that passed.
    const passed = Math.min(SECONDS, Math.max(1, now - last));
    const rate = this.#count / passed;
    this.#count = 0;
    for (let second = 1; second <= passed; second += 1) {
      this.#times.push(now - passed + second);
      this.#rates.push(rate);
    }
    this.#times = this.#times.slice(-SECONDS);
    this.#rates = this.#rates.slice(-SECONDS);
    this.#chart.setData([this.#times, this.#rates]);
    this.#output.textContent = rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 });
  }

  #size() {
    return { width: Math.max(200, this.#box.clientWidth), height: 120 };
  }

  #draw() {
    this.#chart?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    this.#chart = new uPlot(
      {
        ...this.#size(),
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 6, 0, 0],
        scales: { y: { range: (chart, low, high) => [0, Math.max(5, (high ?? 0) * 1.15)] } },
        axes: [
          { ...axis, values: (chart, splits) => splits.map((at) => new Date(at * 1000).toLocaleTimeString([], { hour12: false })), space: 90, size: 28 },
          { ...axis, size: 44, space: 24 },
        ],
        series: [{}, { stroke: colour('--accent'), fill: colour('--accent-soft'), width: 2, points: { show: false } }],
      },
      [this.#times, this.#rates],
      this.#box,
    );
  }
}
