// Curves: loss and accuracies over the steps, with a cursor at the frame that is shown.

const CHARTS = [
  { title: 'accuracy', lines: ['test_accuracy', 'train_accuracy'], words: ['testAccuracy', 'trainAccuracy'], percent: true },
  { title: 'loss', lines: ['loss'], words: ['loss'], percent: false },
];
const [WIDTH, HEIGHT] = [1000, 100];

/** Draws a chart for accuracy and one for the loss; a press on one calls `onStep` with the step there. */
export class Curves {
  constructor(box, frames, onStep) {
    this.frames = frames;
    const first = frames[0].step;
    this.span = [first, Math.max(frames.at(-1).step - first, 1)];
    this.charts = CHARTS.map((chart) => this.#chart(box, chart, onStep)).filter(Boolean);
  }

  /** Move the cursor, and write the numbers of a frame in the words of the language. */
  show(frame, words) {
    const at = this.#x(this.frames[frame].step);
    for (const { cursor, legend, chart } of this.charts) {
      cursor.setAttribute('x1', at);
      cursor.setAttribute('x2', at);
      legend.replaceChildren(...chart.lines.flatMap((name, i) => {
        const value = this.frames[frame].curves[name];
        if (this.frames.every((one) => one.curves[name] === null)) return [];
        const item = document.createElement('span');
        item.className = `line-${i}`;
        const number = value === null ? '–' : chart.percent ? `${(100 * value).toFixed(1)}%` : value.toPrecision(3);
        item.textContent = `${words.say(chart.words[i])} ${number}`;
        return [item];
      }));
    }
  }

  #x(step) {
    return ((step - this.span[0]) / this.span[1]) * WIDTH;
  }

  #chart(box, chart, onStep) {
    const known = chart.lines.flatMap((name) => this.frames.map((frame) => frame.curves[name])).filter((v) => v !== null);
    if (!known.length) return null;
    const [least, most] = chart.percent ? [Math.min(...known), 1] : [Math.min(0, ...known), robustMost(known)];
    const svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': true });
    chart.lines.forEach((name, i) => {
      const points = this.frames.filter((frame) => frame.curves[name] !== null).map((frame) => {
        const height = Math.min((frame.curves[name] - least) / (most - least || 1), 1);
        return `${this.#x(frame.step)},${HEIGHT * (1 - height)}`;
      });
      svg.append(element('polyline', { points: points.join(' '), class: `line-${i}` }));
    });
    const cursor = element('line', { y1: 0, y2: HEIGHT, class: 'cursor' });
    svg.append(cursor);
    const follow = (event) => {
      if (event.type === 'pointermove' && !event.buttons) return;
      const { left, width } = svg.getBoundingClientRect();
      onStep(this.span[0] + ((event.clientX - left) / width) * this.span[1]);
    };
    svg.addEventListener('pointerdown', follow);
    svg.addEventListener('pointermove', follow);
    const legend = document.createElement('p');
    legend.className = 'values';
    box.append(legend, svg);
    return { cursor, legend, chart };
  }
}

/** The loss of the first steps can be so large that all after it is flat: these are cut off. */
function robustMost(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const usual = sorted[Math.floor(0.95 * (sorted.length - 1))];
  return Math.min(sorted.at(-1), 2 * usual) || 1;
}

export function element(name, attributes) {
  const result = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) result.setAttribute(key, value);
  return result;
}
