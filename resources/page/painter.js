// Painter: draws one frame on a canvas.

import { classify } from './regions.js';

const RADIUS = 2.4; // of a point, in pixels
const CROSS = 4; // pixels from the middle of the cross on a wrong label to its ends
const WORK = 2e6; // scores that are computed for the regions of a frame at most; then they are coarser
const FAR = 0.3; // opacity of what is behind the sphere
const PALE = 0.45; // opacity of training images, where test images are shown too
const TRAIL = 24; // frames before, through which the trail of an image goes
const ARROW = 0.92; // length of the longest weight arrow, as a fraction of the reach of the view

/** Draws what a scene says: run, frame, camera, colours, hidden classes and the options of the view. */
export class Painter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.raster = document.createElement('canvas');
  }

  resize(width, height) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.width = width;
    this.height = height;
  }

  /** Draw a scene, and return where its points are: pixels, depth and row of each. */
  paint(scene) {
    const { context, width, height } = this;
    const points = placed(scene);
    context.globalAlpha = 1;
    context.fillStyle = scene.colours.plot;
    context.fillRect(0, 0, width, height);
    const form = scene.regions ? scene.run.forms[scene.frame] : null;
    if (scene.run.dim === 2) {
      if (form) this.#regions(scene, form);
      if (form && scene.bands) this.#bands(scene);
      this.#axes(scene);
      if (scene.unitLength) this.#circle(scene);
      this.#points(scene, points);
    } else {
      this.#spaceAxes(scene);
      const [behind, before] = halves(points);
      this.#points(scene, behind, scene.unitLength ? FAR : 1);
      if (scene.unitLength) this.#sphere(scene, form);
      this.#points(scene, before);
    }
    if (scene.showCenters) this.#classMarks(scene, scene.run.centers[scene.frame], centreCross);
    if (scene.showReferences) this.#references(scene);
    if (scene.trail >= 0) this.#trail(scene);
    return points;
  }

  #regions(scene, form) {
    const { camera, colours } = scene;
    const cell = Math.max(2, Math.sqrt((this.width * this.height * form.labels.length) / WORK));
    this.#raster(Math.ceil(this.width / cell), Math.ceil(this.height / cell), cell, (column, row) => {
      const [x, y] = camera.at((column + 0.5) * cell, (row + 0.5) * cell);
      return colours.ofRegion(classify(form, x, y));
    });
  }

  /** Where a sample is classified correctly, but misses the margin: wedges from the origin to beyond the view. */
  #bands({ run, frame, camera, colours }) {
    const { context, width, height } = this;
    const [x, y] = camera.project([0, 0]);
    const far = Math.hypot(Math.abs(x) + width, Math.abs(y) + height);
    context.lineWidth = 1;
    for (const { label, from, to } of run.bands[frame] ?? []) {
      [context.fillStyle, context.strokeStyle] = colours.ofBand(label);
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, far, -from, -to, true); // y points down on a canvas
      context.closePath();
      context.fill();
      context.stroke();
    }
  }

  /** The visible half of the unit sphere, coloured by class and darker towards its rim. */
  #sphere(scene, form) {
    const { camera, colours } = scene;
    const radius = camera.scale;
    const cell = Math.max(2, Math.sqrt((4 * radius * radius * (form ? form.labels.length : 1)) / WORK));
    const [right, up, near] = camera.turn;
    const left = this.width / 2 - radius;
    const top = this.height / 2 - radius;
    const side = Math.ceil((2 * radius) / cell);
    this.context.globalAlpha = form ? 0.8 : 0.5;
    this.#raster(side, side, cell, (column, row) => {
      const x = ((column + 0.5) * cell) / radius - 1;
      const y = 1 - ((row + 0.5) * cell) / radius;
      const square = 1 - x * x - y * y;
      if (square < 0) return null;
      const z = Math.sqrt(square);
      const colour = form
        ? colours.ofRegion(classify(
          form,
          right[0] * x + up[0] * y + near[0] * z,
          right[1] * x + up[1] * y + near[1] * z,
          right[2] * x + up[2] * y + near[2] * z,
        ))
        : colours.background;
      return colour.map((value) => value * (0.72 + 0.28 * z));
    }, left, top);
    this.context.globalAlpha = 1;
    this.context.strokeStyle = colours.muted;
    ring(this.context, this.width / 2, this.height / 2, radius);
  }

  /** Fill a grid of cells with colours, null for none; scaled up, its edges are smooth. */
  #raster(columns, rows, cell, colourAt, left = 0, top = 0) {
    this.raster.width = columns;
    this.raster.height = rows;
    const target = this.raster.getContext('2d');
    const image = target.createImageData(columns, rows);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at += 4) {
        const colour = colourAt(column, row);
        if (!colour) continue;
        image.data[at] = colour[0];
        image.data[at + 1] = colour[1];
        image.data[at + 2] = colour[2];
        image.data[at + 3] = 255;
      }
    }
    target.putImageData(image, 0, 0);
    this.context.drawImage(this.raster, left, top, columns * cell, rows * cell);
  }

  #axes({ camera, colours }) {
    const { context, width, height } = this;
    const [x0, y0] = camera.project([0, 0]);
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    line(context, [x0, 0], [x0, height]);
    line(context, [0, y0], [width, y0]);
    context.fillStyle = colours.muted;
    context.font = '11px system-ui, sans-serif';
    const [least, highest] = camera.at(0, 0);
    const [most, lowest] = camera.at(width, height);
    for (const tick of ticks(least, most)) {
      context.fillText(label(tick), camera.project([tick, 0])[0] + 3, height - 5);
    }
    for (const tick of ticks(lowest, highest)) context.fillText(label(tick), 4, camera.project([0, tick])[1] - 3);
  }

  #spaceAxes({ camera, colours, reach }) {
    const { context } = this;
    context.lineWidth = 1;
    context.font = '12px system-ui, sans-serif';
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]].forEach((axis, i) => {
      const tip = camera.project(axis.map((value) => 1.12 * value * reach));
      context.strokeStyle = colours.line;
      line(context, camera.project([0, 0, 0]), tip);
      context.fillStyle = colours.muted;
      context.fillText(`x${'₁₂₃'[i]}`, tip[0] + 3, tip[1] - 3);
    });
  }

  #circle({ camera, colours }) {
    const [x, y] = camera.project([0, 0]);
    this.context.strokeStyle = colours.muted;
    this.context.lineWidth = 1;
    ring(this.context, x, y, camera.scale);
  }

  #points(scene, points, opacity = 1) {
    const { context } = this;
    const { run, colours } = scene;
    const both = scene.test && scene.train;
    const [predicted, given] = [run.predicted(scene.frame), run.given(scene.frame)];
    context.lineWidth = 1.2;
    for (const { x, y, row } of points) {
      context.globalAlpha = opacity * (both && run.splits[row] ? PALE : 1);
      const hollow = run.unseen.has(run.labels[row]);
      context.beginPath();
      context.arc(x, y, RADIUS, 0, 2 * Math.PI);
      if (hollow) {
        context.strokeStyle = colours.ofClass(run.labels[row]);
        context.stroke();
        continue;
      }
      context.fillStyle = colours.ofClass(run.labels[row]);
      context.fill();
      if (scene.errors && predicted[row] !== run.labels[row]) {
        context.strokeStyle = colours.text;
        context.stroke();
      }
      if (given[row] !== run.labels[row]) {
        context.strokeStyle = colours.ofClass(given[row]);
        centreCross(context, x, y, CROSS);
      }
    }
    context.globalAlpha = 1;
  }

  /** Where an image came from: a line through its places in the frames before, the latest ones. */
  #trail(scene) {
    const { context } = this;
    const { run, frame, camera, colours, trail } = scene;
    const places = [];
    for (let past = Math.max(0, frame - TRAIL); past <= frame; past++) {
      const vector = vectorAt(run.coordinates(past), trail, scene.unitLength);
      if (vector) places.push(camera.project(vector));
    }
    for (const [colour, thickness] of [[colours.plot, 4], [colours.ofClass(run.labels[trail]), 2]]) {
      context.strokeStyle = colour;
      context.lineWidth = thickness;
      context.beginPath();
      places.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
  }

  /** Arrows to class weights, the longest as long as the view reaches; rings at class means. */
  #references(scene) {
    const { run, frame, camera, colours } = scene;
    const rows = run.references[frame];
    if (run.frames[frame].referenceKind !== 'weights') {
      this.#classMarks(scene, rows, ring);
      return;
    }
    const vectors = vectorsOf(rows, run.dim);
    const longest = Math.max(...vectors.map((one) => Math.hypot(...one)).filter(isFinite));
    const { context } = this;
    context.font = 'bold 12px system-ui, sans-serif';
    const origin = camera.project(new Array(run.dim).fill(0));
    vectors.forEach((vector, i) => {
      const label = Math.floor(i / Math.max(1, Math.floor(vectors.length / run.names.length)));
      if (!vector.every(isFinite) || scene.hidden.has(label)) return;
      const length = Math.hypot(...vector);
      const factor = (ARROW * scene.reach) / (scene.unitLength ? length || 1 : longest);
      const tip = camera.project(vector.map((value) => value * factor));
      context.globalAlpha = tip[2] < 0 ? FAR : 1;
      // The outline in the colour of the background keeps an arrow apart from points of its class.
      for (const [colour, thickness] of [[colours.plot, 5], [colours.ofClass(label), 2.2]]) {
        context.strokeStyle = colour;
        context.lineWidth = thickness;
        arrow(context, origin, tip);
      }
      context.lineWidth = 3;
      context.strokeStyle = colours.plot;
      context.fillStyle = colours.text;
      const [x, y] = beyond(origin, tip, context.measureText(run.names[label]).width);
      context.strokeText(run.names[label], x, y);
      context.fillText(run.names[label], x, y);
    });
    context.globalAlpha = 1;
  }

  /** A mark at a place of each class, drawn by `draw(context, x, y)`. */
  #classMarks(scene, rows, draw) {
    const { context } = this;
    const { run, camera, colours } = scene;
    vectorsOf(rows, run.dim).forEach((vector, label) => {
      if (!vector.every(isFinite) || scene.hidden.has(label)) return;
      const length = scene.unitLength ? Math.hypot(...vector) || 1 : 1;
      const [x, y] = camera.project(vector.map((value) => value / length));
      for (const [colour, thickness] of [[colours.text, 5], [colours.ofClass(label), 2.5]]) {
        context.strokeStyle = colour;
        context.lineWidth = thickness;
        draw(context, x, y);
      }
    });
  }
}

/** The points that a scene shows, those far away first. */
function placed({ run, frame, camera, hidden, test, train, unitLength }) {
  const axes = run.coordinates(frame);
  const points = [];
  for (let row = 0; row < run.count; row++) {
    if (hidden.has(run.labels[row]) || !(run.splits[row] ? train : test)) continue;
    const vector = vectorAt(axes, row, unitLength);
    if (!vector) continue;
    const [x, y, depth] = camera.project(vector);
    points.push({ x, y, depth, row });
  }
  return run.dim === 3 ? points.sort((a, b) => a.depth - b.depth) : points;
}

/** The feature of an image, or its direction; null where it is not finite. */
function vectorAt(axes, row, unitLength) {
  const vector = axes.map((axis) => axis[row]);
  if (!vector.every(isFinite)) return null;
  const length = unitLength ? Math.hypot(...vector) || 1 : 1;
  return vector.map((value) => value / length);
}

function halves(points) {
  const first = points.findIndex((point) => point.depth >= 0);
  return first < 0 ? [points, []] : [points.slice(0, first), points.slice(first)];
}

function vectorsOf(rows, dim) {
  return Array.from({ length: rows.length / dim }, (_, i) => [...rows.subarray(i * dim, (i + 1) * dim)]);
}

function line(context, from, to) {
  context.beginPath();
  context.moveTo(from[0], from[1]);
  context.lineTo(to[0], to[1]);
  context.stroke();
}

function centreCross(context, x, y, reach = 6) {
  line(context, [x - reach, y - reach], [x + reach, y + reach]);
  line(context, [x - reach, y + reach], [x + reach, y - reach]);
}

function ring(context, x, y, radius = 7) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

function arrow(context, from, to) {
  const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
  line(context, from, to);
  context.beginPath();
  for (const side of [-0.45, 0, 0.45]) {
    const back = side ? 9 : 0;
    const [x, y] = [to[0] - back * Math.cos(turn + side), to[1] - back * Math.sin(turn + side)];
    if (side === -0.45) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
}

/** Where the label of an arrow begins, which has a width in pixels: its middle is a little beyond the tip. */
function beyond(from, to, width) {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [right, down] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  return [to[0] + right * (7 + width / 2) - width / 2, to[1] + 11 * down + 4];
}

/** Round numbers between two values, about five. */
function ticks(least, most) {
  const rough = (most - least) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const gap = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const result = [];
  for (let i = Math.ceil(least / gap); i * gap <= most; i++) result.push(i * gap);
  return result;
}

function label(value) {
  return String(Number(value.toPrecision(6)));
}
