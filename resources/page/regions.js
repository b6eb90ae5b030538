// Decision regions: the class that a classifier predicts at a place.

/** Class of a place where no class is predicted. */
export const NOBODY = -1;

/**
 * Return the class of the largest score Σ(a·u² + b·u) + c at a point, where u is the point or its direction.
 *
 * In the plane, z is left out. This runs for every cell of a picture, so it makes no arrays.
 */
export function classify(form, x, y, z = 0) {
  const { dim, labels, slopes, offsets, squares } = form;
  const length = form.onUnit ? Math.hypot(x, y, z) || 1 : 1;
  const [u, v, w] = [x / length, y / length, z / length];
  let best = -Infinity;
  let row = 0;
  for (let k = 0, i = 0; k < labels.length; k++, i += dim) {
    let score = offsets[k] + slopes[i] * u + slopes[i + 1] * v;
    if (squares) score += squares[i] * u * u + squares[i + 1] * v * v;
    if (dim === 3) score += slopes[i + 2] * w + (squares ? squares[i + 2] * w * w : 0);
    if (score > best) {
      best = score;
      row = k;
    }
  }
  return form.thresholded && best <= 0 ? NOBODY : labels[row];
}
