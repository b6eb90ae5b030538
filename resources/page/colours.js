// Colours of the theme and of the classes, as the canvas takes them.

/** Reads the colours of the style, and of `classes` those of its theme; read again when the theme changes. */
export class Colours {
  constructor(classes) {
    this.classes = classes;
    this.read();
  }

  read() {
    const root = document.documentElement;
    const style = getComputedStyle(root);
    for (const name of ['plot', 'text', 'muted', 'line']) this[name] = style.getPropertyValue(`--${name}`).trim();
    this.background = channels(this.plot);
    Object.assign(this, this.classes[root.dataset.theme]);
  }

  /** Colours repeat after the last. */
  ofClass(label) {
    return this.points[label % this.points.length];
  }

  /** Fill and edge of a margin band, as in the window: more of the class in it than in its region. */
  ofBand(label) {
    const point = channels(this.ofClass(label));
    return [mixed(this.ofRegion(label), point, this.band), mixed(this.background, point, this.edge)];
  }

  /** Red, green and blue of the region of a class; that of no class is the background. */
  ofRegion(label) {
    return label < 0 ? this.background : this.regions[label % this.regions.length];
  }
}

/** Red, green and blue of a colour #rrggbb. */
function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function mixed(first, second, share) {
  return `rgb(${first.map((value, i) => Math.round(value + (second[i] - value) * share)).join(' ')})`;
}
