// Bootstring parameters of punycode (RFC 3492, section 5).
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 0x80;

/** Decodes Rust's punycode, which has the delimiter `_`. Returns undefined if it is invalid. */
export function decodePunycode(text: string): string | undefined {
  const delimiter = text.lastIndexOf("_");
  const output = delimiter < 0 ? [] : [...text.slice(0, delimiter)];
  let bias = INITIAL_BIAS;
  let code = INITIAL_N;
  let index = 0;
  let pos = delimiter + 1;
  while (pos < text.length) {
    const before = index;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(text.charAt(pos++));
      if (digit === undefined) {
        return undefined;
      }
      index += digit * weight;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) {
        break;
      }
      weight *= BASE - threshold;
      if (index > 0x7fffffff || weight > 0x7fffffff) {
        return undefined;
      }
    }
    const length = output.length + 1;
    bias = adapt(index - before, length, before === 0);
    code += Math.floor(index / length);
    index %= length;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
      return undefined;
    }
    output.splice(index, 0, String.fromCodePoint(code));
    index++;
  }
  return output.join("");
}

function digitOf(c: string): number | undefined {
  if (c >= "a" && c <= "z") {
    return c.charCodeAt(0) - 97;
  }
  return c >= "0" && c <= "9" ? Number(c) + 26 : undefined;
}

/** Bias adaptation (RFC 3492, section 6.1). */
function adapt(delta: number, length: number, first: boolean): number {
  let d = first ? Math.floor(delta / DAMP) : Math.floor(delta / 2);
  d += Math.floor(d / length);
  let k = 0;
  while (d > ((BASE - T_MIN) * T_MAX) / 2) {
    d = Math.floor(d / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor(((BASE - T_MIN + 1) * d) / (d + SKEW));
}
