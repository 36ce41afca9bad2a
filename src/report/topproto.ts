import { cumOf, flatOf, sumNodes } from "../graph/node-values.js";
import { trimNodes } from "../graph/trim.js";
import type { FunctionIndex } from "../profile/indices.js";
import type { Profile } from "../profile/profile.js";
import { ProfileBuilder } from "../profile/profile-builder.js";
import { type Int64, truncate } from "../units/int64.js";
import { scale } from "../units/scale.js";
import type { NodeAttributes, NodeIndex } from "../view/node-table.js";
import { buildNodes } from "../view/nodes.js";
import type { ReportInput } from "./input.js";
import { chooseFormat } from "./value-format.js";

/** Returns the rows of the top report as a profile: one sample each, with integer cum and flat. */
export function topproto(input: ReportInput): Profile {
  const { view, value } = input;
  const nodes = buildNodes(view, input.nodes);
  const values = sumNodes(view, nodes, value);
  const { shown } = trimNodes(nodes, values, input.trim);
  const { from, to } = chooseFormat(input, values, shown);
  const whole = (amount: Int64) => truncate(scale(amount, from, to).value);

  const builder = new ProfileBuilder(["cum", "flat"].map((type) => ({ type, unit: to })));
  const functionOf = makeFunctionAdder(builder, nodes);
  for (const node of shown) {
    const line = { function: functionOf(node), line: nodes.line(node), column: nodes.column(node) };
    const location = builder.addLocation({ address: nodes.address(node), lines: [line] });
    builder.addSample([location], [whole(cumOf(values, node)), whole(flatOf(values, node))]);
  }
  const { strings, periodType, period, timeNanos, durationNanos } = view.profile;
  return builder.finish({
    timeNanos,
    durationNanos,
    period,
    periodType: { type: strings.get(periodType.type), unit: strings.get(periodType.unit) },
  });
}

/** Returns a function that adds the function of a node to `builder` if it is new. */
function makeFunctionAdder(
  builder: ProfileBuilder,
  nodes: NodeAttributes,
): (node: NodeIndex) => FunctionIndex {
  const known = new Map<string, FunctionIndex>();
  return (node) => {
    const name = nodes.functionName(node);
    const filename = nodes.file(node);
    const startLine = nodes.startLine(node);
    const key = JSON.stringify([name, filename, String(startLine)]);
    let fn = known.get(key);
    if (fn === undefined) {
      fn = builder.addFunction({ name, systemName: "", filename, startLine });
      known.set(key, fn);
    }
    return fn;
  };
}
