/** Returns the first 32 bits of the fractions of roots of the first primes (FIPS 180-4). */
function rootBits(count: number, root: (prime: number) => number): number[] {
  const bits: number[] = [];
  for (let candidate = 2; bits.length < count; candidate++) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) {
      if (candidate % divisor === 0) isPrime = false;
    }
    if (isPrime) bits.push(((root(candidate) % 1) * 2 ** 32) | 0);
  }
  return bits;
}

const BLOCK_BYTES = 64;

/** Returns the SHA-256 hash in Base64. The browser's own function needs a secure page. */
export function sha256Base64(bytes: Uint8Array): string {
  const constants = rootBits(64, Math.cbrt);
  const state = rootBits(8, Math.sqrt);
  const words = new Int32Array(64);
  const padded = new DataView(pad(bytes).buffer);
  const rotate = (word: number, by: number) => (word >>> by) | (word << (32 - by));
  for (let start = 0; start < padded.byteLength; start += BLOCK_BYTES) {
    for (let i = 0; i < 16; i++) words[i] = padded.getInt32(start + i * 4);
    for (let i = 16; i < 64; i++) {
      const near = words[i - 2];
      const far = words[i - 15];
      const a = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
      const b = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
      words[i] = words[i - 16] + b + words[i - 7] + a;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const first = (h + sum1 + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
      const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) | 0;
    });
  }
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => {
    digest.setInt32(i * 4, word);
  });
  return base64(new Uint8Array(digest.buffer));
}

/** Appends a 1 bit, zeros, and the length in bits, up to whole blocks. */
function pad(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  return padded;
}

const BASE64_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let digit = 0; digit < 4; digit++) {
      text += digit > left ? "=" : BASE64_DIGITS[(group >> (18 - digit * 6)) & 63];
    }
  }
  return text;
}
