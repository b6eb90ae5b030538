// Cameras: from the coordinates of features to pixels of the canvas.

const FITTED = 0.88; // fraction of half the shorter side that a fitted view fills

/** The plane: moved by a drag, zoomed around the pointer. `held` tells that a person has chosen the part. */
export class PlaneCamera {
  constructor() {
    this.x = 0;
    this.y = 0;
    this.scale = 1;
    this.held = false;
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  /** Show everything up to a distance from the origin, unless a part is held. */
  follow(reach) {
    if (this.held) return;
    this.x = this.y = 0;
    this.scale = (FITTED * Math.min(this.width, this.height)) / 2 / reach;
  }

  project([x, y]) {
    return [this.width / 2 + (x - this.x) * this.scale, this.height / 2 - (y - this.y) * this.scale, 0];
  }

  /** Coordinates at a pixel. */
  at(left, top) {
    return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale];
  }

  drag(right, down) {
    this.x -= right / this.scale;
    this.y += down / this.scale;
    this.held = true;
  }

  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.at(left, top);
    this.scale *= factor;
    const [newX, newY] = this.at(left, top);
    this.x += x - newX;
    this.y += y - newY;
    this.held = true;
  }

  release() {
    this.held = false;
  }
}

const RADIANS_PER_PIXEL = 0.008;

/** Space, without perspective: turned by a drag about the axes of the screen, like a ball under the hand. */
export class SpaceCamera {
  constructor() {
    this.release();
  }

  resize(width, height) {
    this.width = width;
    this.height = height;
  }

  follow(reach) {
    this.scale = (this.zoomed * FITTED * Math.min(this.width, this.height)) / 2 / reach;
  }

  /** Pixels, and the depth towards the reader, in the unit of the features. */
  project([x, y, z]) {
    const [right, up, near] = this.turn;
    return [
      this.width / 2 + this.scale * (right[0] * x + right[1] * y + right[2] * z),
      this.height / 2 - this.scale * (up[0] * x + up[1] * y + up[2] * z),
      near[0] * x + near[1] * y + near[2] * z,
    ];
  }

  drag(right, down) {
    const [a, b] = [right * RADIANS_PER_PIXEL, down * RADIANS_PER_PIXEL];
    const aboutVertical = [[Math.cos(a), 0, Math.sin(a)], [0, 1, 0], [-Math.sin(a), 0, Math.cos(a)]];
    const aboutHorizontal = [[1, 0, 0], [0, Math.cos(b), -Math.sin(b)], [0, Math.sin(b), Math.cos(b)]];
    this.turn = orthonormal(product(aboutHorizontal, product(aboutVertical, this.turn)));
  }

  zoom(factor) {
    this.zoomed = Math.min(Math.max(this.zoomed * factor, 0.2), 50);
  }

  release() {
    this.zoomed = 1;
    const [a, b] = [-0.6, 0.45];
    this.turn = [
      [Math.cos(a), 0, Math.sin(a)],
      [Math.sin(a) * Math.sin(b), Math.cos(b), -Math.cos(a) * Math.sin(b)],
      [-Math.sin(a) * Math.cos(b), Math.sin(b), Math.cos(a) * Math.cos(b)],
    ];
  }
}

function product(first, second) {
  return first.map((row) => [0, 1, 2].map((j) => row.reduce((sum, value, k) => sum + value * second[k][j], 0)));
}

/** Rounding would skew the axes after thousands of small turns. */
function orthonormal([first, second]) {
  const right = scaled(first, 1 / Math.hypot(...first));
  const along = right.reduce((sum, value, i) => sum + value * second[i], 0);
  const rest = second.map((value, i) => value - along * right[i]);
  const up = scaled(rest, 1 / Math.hypot(...rest));
  return [right, up, cross(right, up)];
}

function scaled(vector, factor) {
  return vector.map((value) => value * factor);
}

function cross(a, b) {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
