import { ProfileBuilder } from "../../profile/profile-builder.js";
import type { Format } from "../format.js";
import { headLines } from "../lines.js";
import { StackSums } from "../stack-sums.js";
import { type CostGraph, readCosts } from "./line-reader.js";
import { addCallStacks } from "./stacks.js";

/**
 * Callgrind's format (https://valgrind.org/docs/manual/cl-format.html), written by valgrind, pprof
 * and others. It has calls but no stacks; {@link addCallStacks} reconstructs them.
 */
export const callgrind: Format = {
  name: "callgrind profile",

  detect(bytes) {
    const lines = headLines(bytes);
    while (lines.next()) {
      if (lines.line.startsWith("# callgrind format")) return true;
      if (lines.line.startsWith("events:")) return true;
      if (!HEADER.test(lines.line)) return false;
    }
    return false;
  },

  read(bytes, budget) {
    const graph: CostGraph = readCosts(bytes, budget);
    const builder = new ProfileBuilder(graph.events, budget);
    const sums = new StackSums(builder, graph.events.length, budget);
    addCallStacks(graph, builder, sums, budget);
    sums.finish();
    return builder.finish({
      defaultSampleType: graph.events[0]?.type,
      comments: graph.command === "" ? [] : [`cmd: ${graph.command}`],
    });
  },
};

/** Lines before the events. */
const HEADER = /^(?:#.*|\s*|(?:version|creator|pid|thread|part|cmd|desc|positions|event):.*)$/;
