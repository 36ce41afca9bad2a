/** Returns a number with its noun, such as `1 sample` or `2 samples`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
