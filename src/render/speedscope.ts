import type { ConvertedFrame, ConvertedTree } from "../report/converted.js";
import { add, type Int64 } from "../units/int64.js";
import { jsonText } from "./data/json.js";

/** The units of the format. All other units are written as `none`. */
const UNITS = ["nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"];

/** Writes a speedscope file: one profile; each sample is a stack, root first, with its weight. */
export function* renderSpeedscope({ type, unit, frames, nodes }: ConvertedTree): Generator<string> {
  yield '{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"tsprof",';
  yield '"shared":{"frames":[';
  for (let i = 0; i < frames.length; i++) yield (i > 0 ? ",\n" : "\n") + frameJson(frames[i]);
  const name = jsonText(`${type} in ${unit}`);
  const known = jsonText(UNITS.includes(unit) ? unit : "none");
  const weights: Int64[] = [];
  yield `\n]},"profiles":[{"type":"sampled","name":${name},"unit":${known},"samples":[`;
  for (let row = 0; row < nodes.length; row++) {
    const { ownByLine } = nodes[row];
    if (ownByLine.size === 0) continue;
    const stack: number[] = [];
    for (let node = row; node > 0; node = nodes[node].parent) stack.push(nodes[node].frame);
    yield `${weights.length > 0 ? ",\n" : "\n"}[${stack.reverse().join(",")}]`;
    weights.push([...ownByLine.values()].map(({ value }) => value).reduce(add));
  }
  yield `\n],"weights":[${weights.join(",")}],"startValue":0,`;
  yield `"endValue":${weights.reduce(add, 0)}}],"activeProfileIndex":0}\n`;
}

function frameJson({ name, file, startLine, startColumn }: ConvertedFrame): string {
  let json = `{"name":${jsonText(name)}`;
  if (file !== "") json += `,"file":${jsonText(file)}`;
  if (startLine > 0) json += `,"line":${startLine}`;
  if (startLine > 0 && startColumn > 0) json += `,"col":${startColumn}`;
  return `${json}}`;
}
