// Plot: the canvas with its camera, and what mouse, fingers and keys do to it.

import { PlaneCamera, SpaceCamera } from './camera.js';
import { Painter } from './painter.js';

const NEAR = 12; // pixels within which a point is under the pointer
const STILL = 6; // pixels within which a finger taps rather than drags
const STEP = 40; // pixels that an arrow key moves or turns
const ZOOM = 1.2;

/** Shows a scene, and calls `onHover(row, left, top)` for the image under the pointer, −1 for none. */
export class Plot {
  constructor(box, canvas, scene, onHover) {
    this.canvas = canvas;
    this.scene = scene;
    this.onHover = onHover;
    this.painter = new Painter(canvas);
    this.camera = scene.run.dim === 2 ? new PlaneCamera() : new SpaceCamera();
    this.points = [];
    this.pointers = new Map();
    new ResizeObserver(() => this.#resize(box)).observe(box);
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, (event) => this.#lift(event));
    // A finger that is lifted leaves as well: what it has touched stays shown.
    canvas.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && onHover(-1));
    canvas.addEventListener('dblclick', () => this.fit());
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.camera.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), ...this.#place(event));
      this.draw();
    }, { passive: false });
    this.#resize(box);
  }

  /** Show the whole frame again, from where the view began. */
  fit() {
    this.camera.release();
    this.draw();
  }

  draw() {
    const { scene, camera } = this;
    if (!this.painter.width || !this.painter.height) return;
    scene.camera = camera;
    scene.reach = scene.unitLength ? 1 : scene.run.reaches[scene.frame];
    camera.follow(scene.unitLength ? 1.1 : scene.reach);
    this.points = this.painter.paint(scene);
  }

  #resize(box) {
    const { width, height } = box.getBoundingClientRect();
    if (!width || !height) return;
    this.painter.resize(width, height);
    this.camera.resize(width, height);
    this.draw();
  }

  #place(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pressed = this.#place(event);
    this.pointers.set(event.pointerId, this.pressed);
  }

  /** One pointer moves or turns the view; two zoom it by their distance. */
  #move(event) {
    const before = this.pointers.get(event.pointerId);
    const place = this.#place(event);
    if (!before) {
      this.#hover(event);
      return;
    }
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
    if (others.length) {
      const [other] = others;
      const factor = distance(place, other) / (distance(before, other) || 1);
      this.camera.zoom(factor || 1, (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
    } else {
      this.camera.drag(place[0] - before[0], place[1] - before[1]);
    }
    this.pointers.set(event.pointerId, place);
    this.onHover(-1);
    this.draw();
  }

  #lift(event) {
    this.pointers.delete(event.pointerId);
    const tapped = event.type === 'pointerup' && event.pointerType !== 'mouse';
    if (tapped && distance(this.#place(event), this.pressed) < STILL) this.#hover(event);
  }

  #hover(event) {
    const place = this.#place(event);
    let [row, nearest] = [-1, NEAR];
    for (const point of this.points) {
      const away = distance(place, [point.x, point.y]);
      if (away <= nearest) [row, nearest] = [point.row, away]; // of two, the one drawn on top
    }
    this.onHover(row, ...place);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.shiftKey && event.key in moves) this.camera.drag(...moves[event.key]);
    else if (event.key === '+' || event.key === '=') this.camera.zoom(ZOOM);
    else if (event.key === '-') this.camera.zoom(1 / ZOOM);
    else if (event.key === '0') this.camera.release();
    else return;
    event.preventDefault();
    event.stopPropagation(); // an arrow without Shift is for the timeline
    this.draw();
  }
}

function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
