import { compress } from "lzma1";

export function compressLzma(content, level = 9) {
  return compress(content, level);
}
