// Makes V8 CPU profiles that look like those of a server: stacks of 10 to 40 frames, which change
// mostly near their leaves, with pauses and garbage collections.

/**
 * Returns the JSON of a profile with this number of samples. The same number gives the same profile.
 * @param {number} sampleCount
 * @returns {string}
 */
export function v8Profile(sampleCount) {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
  const below = (limit) => Math.floor(random() * limit);
  const packages = ["express", "pg", "lodash", "zod", "ajv", "pino", "undici", "graphql", "sharp"];
  const functions = Array.from({ length: 600 }, (_, i) => {
    const part = below(12);
    const file = `m${below(30)}.js`;
    const url =
      part < packages.length
        ? `file:///srv/shop/node_modules/${packages[part]}/lib/${file}`
        : part < 11
          ? `file:///srv/shop/src/${file}`
          : "node:internal/streams/readable";
    const functionName = `${["load", "parse", "render", "find", "apply", "visit"][i % 6]}${i}`;
    return {
      functionName,
      url,
      scriptId: String(i),
      lineNumber: below(900),
      columnNumber: below(60),
    };
  });
  const nodes = [];
  const known = new Map();
  const nodeOf = (parent, callFrame) => {
    const key = `${parent} ${callFrame.scriptId} ${callFrame.functionName}`;
    let id = known.get(key);
    if (id === undefined) {
      id = nodes.length + 1;
      nodes.push({ id, callFrame, hitCount: 0, children: [] });
      if (parent > 0) nodes[parent - 1].children.push(id);
      known.set(key, id);
    }
    return id;
  };
  const engineState = (functionName) => ({
    functionName,
    scriptId: "0",
    url: "",
    lineNumber: -1,
    columnNumber: -1,
  });
  const root = nodeOf(0, engineState("(root)"));
  const meta = {
    idle: nodeOf(root, engineState("(idle)")),
    program: nodeOf(root, engineState("(program)")),
    gc: nodeOf(root, engineState("(garbage collector)")),
  };
  const samples = [];
  const timeDeltas = [];
  /** The current stack, as positions of functions. A caller has few callees. */
  let stack = [];
  const calleeOf = (caller, depth) =>
    (caller * 7 + depth * 13 + Math.floor(random() ** 24 * 3) * 131 + 17) % functions.length;
  let pause = 0;
  let collects = 0;
  for (let i = 0; i < sampleCount; i++) {
    timeDeltas.push(180 + below(140));
    if (pause === 0 && collects === 0) {
      const dice = random();
      if (dice < 0.002) pause = 20 + below(200);
      else if (dice < 0.008) collects = 2 + below(12);
    }
    if (pause > 0) {
      pause--;
      stack = [];
      samples.push(random() < 0.03 ? meta.program : meta.idle);
      continue;
    }
    if (collects > 0) {
      collects--;
      samples.push(meta.gc);
      continue;
    }
    const kept =
      stack.length === 0 ? 0 : Math.max(2, stack.length - Math.floor(random() ** 3 * 14));
    stack = stack.slice(0, kept);
    const depth = Math.min(40, Math.max(10, kept + below(9) - 1));
    while (stack.length < depth) {
      stack.push(stack.length === 0 ? below(3) : calleeOf(stack[stack.length - 1], stack.length));
    }
    let node = root;
    for (const fn of stack) node = nodeOf(node, functions[fn]);
    samples.push(node);
  }
  const endTime = 1_000_000 + timeDeltas.reduce((sum, delta) => sum + delta, 0) + 200;
  return JSON.stringify({ nodes, startTime: 1_000_000, endTime, samples, timeDeltas });
}
