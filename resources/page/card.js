// Card: the image under the pointer, with label and prediction.

import { NOBODY } from './regions.js';

/** Shows facts of an image beside the pointer; its picture is cut out of the sprite. */
export class Card {
  constructor(box, sprite, side) {
    this.box = box;
    this.picture = box.querySelector('canvas');
    this.text = box.querySelector('div');
    this.sprite = sprite;
    this.side = side;
    this.picture.hidden = !side;
  }

  hide() {
    this.box.hidden = true;
  }

  show(run, frame, row, words, left, top) {
    const predicted = run.predicted(frame)[row];
    const label = run.labels[row];
    const lines = [
      [words.say('classOf', { label: run.names[label] }), 'strong'],
      [
        predicted === NOBODY ? words.say('noPrediction') : words.say('predicted', { label: run.names[predicted] }),
        predicted === label || run.unseen.has(label) ? '' : 'wrong',
      ],
      ...wrongLabel(run, frame, row, words),
      ...damage(run, frame, row, words),
      [words.say(run.splits[row] ? 'trainImage' : 'testImage', { index: run.indices[row] }), ''],
      [`x = (${run.coordinates(frame).map((axis) => axis[row].toPrecision(3)).join(', ')})`, ''],
    ];
    this.text.replaceChildren(...lines.map(([line, kind]) => {
      const element = document.createElement('p');
      element.textContent = line;
      element.className = kind;
      return element;
    }));
    if (this.side) this.#cut(row, run.count);
    this.box.hidden = false;
    this.#beside(left, top);
  }

  #cut(row, count) {
    const columns = Math.ceil(Math.sqrt(count));
    const [x, y] = [(row % columns) * this.side, Math.floor(row / columns) * this.side];
    this.picture.width = this.picture.height = this.side;
    this.picture.getContext('2d').drawImage(this.sprite, x, y, this.side, this.side, 0, 0, this.side, this.side);
  }

  /** Beside the pointer, on the side where there is room. */
  #beside(left, top) {
    const room = this.box.parentElement.getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const x = left + 16 + width > room.width ? left - 16 - width : left + 16;
    const y = top + 16 + height > room.height ? top - 16 - height : top + 16;
    this.box.style.left = `${Math.max(0, x)}px`;
    this.box.style.top = `${Math.max(0, y)}px`;
  }
}

/** The line that says with which wrong label an image is trained; none where it has its own. */
function wrongLabel(run, frame, row, words) {
  const given = run.given(frame)[row];
  return given === run.labels[row] ? [] : [[words.say('wrongLabel', { label: run.names[given] }), 'wrong']];
}

/** The line that says what was done to an image; none for one that is not damaged. */
function damage(run, frame, row, words) {
  const found = run.damage(frame, row);
  return found ? [[words.say(found.name, { strength: found.strength.toFixed(2) }), '']] : [];
}
