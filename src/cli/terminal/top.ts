export function drawTop(..._args: unknown[]): string {
  return "";
}
