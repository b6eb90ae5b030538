// Timeline: which frame is shown, playing, and the marks of changes and events.

import { element } from './curves.js';

const FRAMES_PER_SECOND = 12;

/** The frame that is shown. Calls `onFrame` when it changes, and `onPlaying` when playing begins or ends. */
export class Player {
  constructor(count, onFrame, onPlaying) {
    this.count = count;
    this.frame = 0;
    this.speed = 1;
    this.playing = false;
    this.onFrame = onFrame;
    this.onPlaying = onPlaying;
  }

  show(frame) {
    this.frame = Math.min(Math.max(frame, 0), this.count - 1);
    this.onFrame(this.frame);
  }

  /** Show another frame and stay there. */
  seek(frame) {
    this.pause();
    this.show(frame);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Play to the end, from the first frame where the last one is shown. */
  play() {
    if (this.frame === this.count - 1) this.show(0);
    this.playing = true;
    this.due = performance.now();
    this.onPlaying();
    requestAnimationFrame((now) => this.#tick(now));
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.onPlaying();
  }

  /** Frames that come due together, on a slow machine, are passed over. */
  #tick(now) {
    if (!this.playing) return;
    const interval = 1000 / FRAMES_PER_SECOND / this.speed;
    const steps = Math.floor((now - this.due) / interval);
    if (steps > 0) {
      this.due += steps * interval;
      this.show(this.frame + steps);
      if (this.frame === this.count - 1) {
        this.pause();
        return;
      }
    }
    requestAnimationFrame((next) => this.#tick(next));
  }
}

/** Marks of changes and events: lines over the slider, and a list whose entries lead to their steps. */
export class Marks {
  constructor(strip, list, frames, marks, onStep) {
    this.list = list;
    this.marks = marks;
    this.onStep = onStep;
    const first = frames[0].step;
    const span = Math.max(frames.at(-1).step - first, 1);
    strip.replaceChildren(...marks.map(({ step, kind }) => {
      const x = ((step - first) / span) * 1000;
      return element('line', { x1: x, x2: x, y1: kind === 'change' ? 0 : 4, y2: 10, class: kind });
    }));
  }

  /** Write the list in the words of the language. */
  write(words) {
    this.entries = this.marks.map(({ step, kind }, i) => {
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.className = kind;
      const place = document.createElement('span');
      place.textContent = words.say('step', { step });
      button.append(place, ` ${words.all.marks[i]}`);
      button.addEventListener('click', () => this.onStep(step));
      item.append(button);
      return item;
    });
    this.list.replaceChildren(...this.entries);
  }

  /** Show the last mark up to a step in the list, and return its number, −1 for none. */
  follow(step) {
    const last = this.marks.findLastIndex((mark) => mark.step <= step);
    this.entries.forEach((entry, i) => entry.classList.toggle('current', i === last));
    if (last >= 0) {
      // Not scrollIntoView: it would move the whole page.
      const entry = this.entries[last];
      this.list.scrollTop = entry.offsetTop - (this.list.clientHeight - entry.offsetHeight) / 2;
    }
    return last;
  }
}
