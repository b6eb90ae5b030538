// The run: its frames with features, predictions, labels, damage, class weights, classifiers and margin bands.

import { Arrays, features, summed } from './arrays.js';

/** All frames of the page, by number, and the images, by row. */
export class Run {
  constructor(data, buffer) {
    const arrays = new Arrays(buffer, data.places);
    Object.assign(this, {
      dim: data.dim,
      damages: data.damages,
      names: data.classNames,
      unseen: new Set(data.unseen),
      frames: data.frames,
      labels: arrays.floats('labels'),
      splits: arrays.floats('splits'),
      indices: arrays.floats('indices'),
    });
    this.count = this.labels.length;
    this.ofImages = new Map();
    this.points = features(arrays.words('features'), arrays.floats('units'), this.dim * this.count);
    for (const name of ['prediction', 'given_label', 'damage', 'strength']) {
      this.ofImages.set(name, summed(arrays.words(name), this.count));
    }
    this.references = this.#vectors(arrays.floats('references'), (frame) => frame.references);
    this.centers = this.#vectors(arrays.floats('centers'), (frame) => frame.centers);
    this.forms = this.#classifiers(arrays.floats('forms'));
    this.bands = this.#wedges(arrays.floats('bands'));
    this.reaches = smoothed(this.frames.map((_, frame) => this.#reach(frame)));
  }

  /** Coordinates of a frame, one array for each dimension; NaN where a feature is not finite. */
  coordinates(frame) {
    const start = frame * this.dim * this.count;
    return Array.from({ length: this.dim }, (_, axis) =>
      this.points.subarray(start + axis * this.count, start + (axis + 1) * this.count));
  }

  /** Predicted class of each image, −1 for none. */
  predicted(frame) {
    return this.#column('prediction', frame);
  }

  /** The label that each image is trained with; of a test image, the true one. */
  given(frame) {
    return this.#column('given_label', frame);
  }

  /** The damage of an image by its name among the words, and its strength from 0 to 1; null for none. */
  damage(frame, row) {
    const kind = this.#column('damage', frame)[row];
    return kind < 0 ? null : { name: this.damages[kind], strength: this.#column('strength', frame)[row] / 100 };
  }

  /** The frame that was shown at a step: the last one up to it, or the first. */
  frameAt(step) {
    let frame = 0;
    while (frame + 1 < this.frames.length && this.frames[frame + 1].step <= step) frame++;
    return frame;
  }

  #column(name, frame) {
    return this.ofImages.get(name).subarray(frame * this.count, (frame + 1) * this.count);
  }

  /** Margin bands by frame, as class and directions of both edges; null where a page cannot show them. */
  #wedges(values) {
    let start = 0;
    return this.frames.map(({ bands }) => bands === null ? null : Array.from({ length: bands }, () => {
      const [label, from, to] = values.subarray(start, (start += 3));
      return { label, from, to };
    }));
  }

  #vectors(values, countOf) {
    let start = 0;
    return this.frames.map((frame) => {
      const rows = values.subarray(start, start + countOf(frame) * this.dim);
      start += rows.length;
      return rows;
    });
  }

  #classifiers(values) {
    let start = 0;
    const next = (count) => values.subarray(start, (start += count));
    return this.frames.map(({ form, byDirection }) => form && {
      dim: this.dim,
      labels: next(form.rows),
      slopes: next(form.rows * this.dim),
      offsets: next(form.rows),
      squares: form.squares ? next(form.rows * this.dim) : null,
      onUnit: form.onUnit,
      thresholded: form.thresholded,
      byDirection,
    });
  }

  /** Distance from the origin within which 99 % of the features are; a few far ones do not make all small. */
  #reach(frame) {
    const axes = this.coordinates(frame);
    const lengths = Array.from(this.labels, (_, i) => Math.hypot(...axes.map((axis) => axis[i]))).filter(isFinite);
    lengths.sort((a, b) => a - b);
    return lengths[Math.floor(0.99 * (lengths.length - 1))] || 1;
  }
}

/** The largest of a few frames around each: the view follows growth without trembling. */
function smoothed(values) {
  return values.map((_, i) => Math.max(...values.slice(Math.max(0, i - 2), i + 3)));
}
