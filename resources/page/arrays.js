// The packed arrays: base64, inflated, and read at the places that the description names.

/** Return the bytes of a text in base64 that was compressed with zlib. */
export async function inflated(text) {
  const packed = Uint8Array.from(atob(text.trim()), (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).arrayBuffer();
}

/** Reads arrays by name. */
export class Arrays {
  constructor(buffer, places) {
    this.buffer = buffer;
    this.places = places;
  }

  floats(name) {
    const { offset, count } = this.places[name];
    return new Float32Array(this.buffer, offset, count);
  }

  /** 16-bit numbers: all low bytes stand before all high bytes. */
  words(name) {
    const { offset, count } = this.places[name];
    const bytes = new Uint8Array(this.buffer, offset, 2 * count);
    const result = new Int16Array(count);
    for (let i = 0; i < count; i++) result[i] = bytes[i] | (bytes[count + i] << 8);
    return result;
  }
}

const NOT_FINITE = -32768;
const LARGEST = 32767;

/**
 * Return the features of all frames (frame, dimension, image) in one array, NaN where they are not finite.
 *
 * Each frame has whole numbers in a unit of its own, a power of two, and is predicted by the frame before: the
 * arithmetic is that of explorer/export/page/packing.py, to the last bit.
 */
export function features(differences, units, perFrame) {
  const result = new Float32Array(differences.length);
  const before = new Float64Array(perFrame);
  let unitBefore = 1;
  units.forEach((unit, frame) => {
    const ratio = unitBefore / unit;
    for (let i = 0; i < perFrame; i++) {
      const expected = Math.min(Math.max(Math.floor(before[i] * ratio + 0.5), NOT_FINITE), LARGEST);
      const number = ((expected + differences[frame * perFrame + i]) << 16) >> 16;
      const known = number !== NOT_FINITE;
      result[frame * perFrame + i] = known ? number * unit : NaN;
      before[i] = known ? number : 0;
    }
    unitBefore = unit;
  });
  return result;
}

/** Return numbers (frame, image) from their differences between frames, modulo 2¹⁶. */
export function summed(differences, perFrame) {
  const result = Int16Array.from(differences);
  for (let i = perFrame; i < result.length; i++) result[i] += result[i - perFrame];
  return result;
}
