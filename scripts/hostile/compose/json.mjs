/** JSON values of unexpected types. */
const ODD_VALUES = [
  ...["null", "true", "[]", "{}", '""', "-1", "0.5", "1e400", "1e300", '"__proto__"'],
  ...[
    '{"toString":1}',
    '{"valueOf":null}',
    "[[]]",
    '[{"length":-1}]',
    '"\\ud800"',
    "9007199254740993",
  ],
];

/** Replaces a random value in a JSON text with an odd one. */
export function withOddValue(random, text) {
  const places = [...text.slice(0, 20_000).matchAll(/[:[,](?=["\d{[-])/g)];
  if (places.length === 0) return text;
  const start = random.pick(places).index + 1;
  const value = /^(?:"[^"]*"|-?[\d.e+]+|[[{])/.exec(text.slice(start))?.[0] ?? "";
  const nested = "[".repeat(random.count(100_000));
  const odd = random.chance(0.1) ? nested + "]".repeat(nested.length) : random.pick(ODD_VALUES);
  // Replace only the opening bracket if its end is far away: the rest is then misplaced, too.
  const end = value === "[" || value === "{" ? closing(text, start) : start + value.length;
  return text.slice(0, start) + odd + text.slice(end);
}

/** Returns the end of the list or object at `start`; the end of its bracket if that is far away. */
function closing(text, start) {
  let depth = 0;
  for (let at = start; at < Math.min(text.length, start + 10_000); at++) {
    if ("[{".includes(text[at])) depth++;
    if ("]}".includes(text[at]) && --depth === 0) return at + 1;
  }
  return start + 1;
}

const list = (length, make) => Array.from({ length }, (_, i) => make(i)).join();
const string = (text) => JSON.stringify(text);

function callFrame(random, name) {
  const place = random.chance(0.5) ? `,"lineNumber":${random.number()},"columnNumber":3` : "";
  const url = random.chance(0.5) ? `,"url":${string(random.name())}` : "";
  return `{"functionName":${string(name)}${url}${place}}`;
}

/** Returns nodes of V8's call tree: a chain, a fan, or a mixture. */
function nodes(random, size, link) {
  const count = random.count(size / 80);
  const named = random.names(count, size / 4);
  const shape = random.pick(["chain", "fan", "mixed"]);
  const parentOf = (i) => (shape === "chain" ? i : shape === "fan" ? 1 : 1 + random.below(i));
  const parents = Array.from({ length: count }, (_, i) => (i === 0 ? 0 : parentOf(i)));
  const children = Array.from({ length: count + 1 }, () => []);
  parents.forEach((parent, i) => {
    if (parent > 0) children[parent].push(i + 1);
  });
  const ticks = random.chance(0.2) ? random.count(size / 40) : 0;
  const text = list(count, (i) => {
    const links =
      link === "parent"
        ? i > 0
          ? `,"parent":${parents[i]}`
          : ""
        : `,"children":[${children[i + 1]}]`;
    const own =
      i === 1 ? `,"positionTicks":[${list(ticks, (j) => `{"line":${j},"ticks":1}`)}]` : "";
    const frame = callFrame(random, i === 0 ? "(root)" : named(i));
    return `{"id":${i + 1},"callFrame":${frame},"hitCount":${i % 3}${links}${own}}`;
  });
  return { text, count };
}

export function cpuProfile(random, size) {
  const { text, count } = nodes(random, size * 0.7, random.pick(["parent", "children"]));
  const samples = random.count(size / 8);
  const delta = random.pick([() => 1, () => random.below(1000) - 100, () => random.number()]);
  const times = random.chance(0.8) ? "timeDeltas" : "timestamps";
  const missing = random.chance(0.2) ? count : 0;
  const profile = `{"nodes":[${text}],"startTime":1,"endTime":${random.number()},"samples":[${list(
    samples,
    () => 1 + random.below(count + missing),
  )}],"${times}":[${list(samples, delta)}]}`;
  return random.chance(0.1) ? `{"id":1,"result":{"profile":${profile}}}` : profile;
}

/** A CPU profile of old versions of V8: a deep and wide tree. */
export function cpuTree(random, size) {
  const depth = random.count(size / 100);
  const width = random.count((size - depth * 60) / 60);
  const named = random.names(depth + width, size / 4);
  const hits = random.chance(0.5) ? 1 : 0;
  const id = (i) => (random.chance(0.9) ? `"id":${i},` : "");
  const node = (i, children) =>
    `{"functionName":${string(named(i))},"url":"a.js","lineNumber":${i},"hitCount":${i < 2 ? hits : 1},${id(i)}"children":[${children}]}`;
  let head = node(
    0,
    list(width, (i) => node(i + 2, "")),
  );
  if (depth > 1) {
    const [open, close] = node(1, "\0")
      .replace(/"id":1,/, "")
      .split("\0");
    head = open.repeat(depth) + head + close.repeat(depth);
  }
  const samples = random.chance(0.5) ? random.count(size / 20) : 0;
  const ids = list(samples, () => random.below(width));
  const times = list(samples, (i) => 5e9 + i);
  const sampled = samples > 0 ? `,"samples":[${ids}],"timestamps":[${times}]` : "";
  return `{"typeId":"CPU","head":${head},"startTime":5000${sampled}}`;
}

/** A profile of Hermes: a chain, a fan, or a mixture of stack frames. */
export function hermes(random, size) {
  const count = random.count(size / 60);
  const named = random.names(count, size / 4);
  const shape = random.pick(["chain", "fan", "mixed"]);
  const parentOf = (i) => (shape === "chain" ? i - 1 : shape === "fan" ? 0 : random.below(i));
  const frames = list(count, (i) => {
    const parent = i > 0 ? `,"parent":${parentOf(i)}` : "";
    const name = string(`${named(i)}(a.js:${i}:1)`);
    return `"${i}":{"name":${name},"line":"${i}","funcLine":"${i >> 1}"${parent}}`;
  });
  const time = random.pick([(i) => i, () => random.below(1000), () => random.number()]);
  const threads = random.pick([1, 3, size]);
  const samples = list(
    random.count(size / 60),
    (i) =>
      `{"ts":"${time(i)}","pid":1,"tid":"${random.below(threads)}","sf":${random.below(count + 1)}}`,
  );
  return `{"traceEvents":[],"samples":[${samples}],"stackFrames":{${frames}}}`;
}

export function heapProfile(random, size) {
  const depth = random.count(size / 100);
  const width = random.count((size - depth * 60) / 60);
  const named = random.names(depth + width, size / 4);
  const node = (i, children) =>
    `{"callFrame":${callFrame(random, named(i))},"selfSize":${i % 2 ? 1 : random.number()},"id":${i},"children":[${children}]}`;
  const leaves = list(width, (i) => node(i, ""));
  let head = node(0, leaves);
  if (depth > 1) {
    const [open, close] = node(1, "\0").split("\0");
    head = open.repeat(depth) + head + close.repeat(depth);
  }
  const count = random.chance(0.5) ? random.count(size / 40) : 0;
  const samples = list(
    count,
    (i) => `{"size":${i % 2},"nodeId":${random.pick([0, 1, i])},"ordinal":${i}}`,
  );
  return `{"head":${head}${count > 0 ? `,"samples":[${samples}]` : ""}}`;
}

export function chromeTrace(random, size) {
  const threads = random.count(random.chance(0.3) ? size / 300 : 3);
  const each = size / threads / 2;
  const event = (name, i, args) =>
    `{"ph":"P","name":"${name}","pid":${random.pick(["1", '"x"', String(i)])},"tid":${i},"id":"0x${i}","ts":1,"args":${args}}`;
  const events = [];
  for (let i = 0; i < threads; i++) {
    events.push(event("thread_name", i, `{"name":${string(random.name(each))}}`));
    events.push(event("Profile", i, `{"data":{"startTime":${random.number()}}}`));
    const { text, count } = nodes(random, each, "parent");
    const samples = random.count(each / 8);
    const ids = list(samples, () => 1 + random.below(count));
    const deltas = list(samples, () => random.below(100));
    const lines = random.chance(0.3) ? `,"lines":[${list(samples, (j) => j)}]` : "";
    events.push(
      event(
        "ProfileChunk",
        i,
        `{"data":{"cpuProfile":{"nodes":[${text}],"samples":[${ids}]},"timeDeltas":[${deltas}]${lines}}}`,
      ),
    );
  }
  const all = events.join(",\n");
  return random.chance(0.5) ? `[${all}` : `{"traceEvents":[${all}]}`;
}

export function speedscope(random, size) {
  const profiles = random.count(random.chance(0.5) ? size / 120 : 3);
  const frames = random.count(size / 40);
  const named = random.names(frames, size / 4);
  const each = Math.max(10, size / profiles / 2);
  const units = ["none", "bytes", "nanoseconds", "seconds", "milliseconds"];
  const sampled = (i) => {
    const depth = random.count(each / 4);
    const samples = random.count(each / depth / 4);
    const stack = `[${list(depth, (j) => (i + j) % frames)}]`;
    return `{"type":"sampled","name":${string(`x${i} in u`)},"unit":"${random.pick(units)}","startValue":0,"endValue":9,"samples":[${list(samples, () => stack)}],"weights":[${list(samples, () => "1")}]}`;
  };
  const evented = (i) => {
    const depth = random.count(each / 60);
    const open = list(depth, (j) => `{"type":"O","at":${j},"frame":${j % frames}}`);
    const close = list(
      depth,
      (j) => `{"type":"C","at":${depth + j},"frame":${(depth - 1 - j) % frames}}`,
    );
    return `{"type":"evented","name":"e${i}","unit":"none","startValue":0,"endValue":9,"events":[${open},${close}]}`;
  };
  const exporter = random.chance(0.5) ? '"exporter":"tsprof",' : "";
  return `{${exporter}"shared":{"frames":[${list(frames, (i) => `{"name":${string(named(i))}}`)}]},"profiles":[${list(
    profiles,
    (i) => (random.chance(0.5) ? sampled(i) : evented(i)),
  )}]}`;
}

const NODE_TYPES = [
  "hidden",
  "array",
  "string",
  "object",
  "closure",
  "native",
  "synthetic",
  "code",
];
const EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"];

/** Returns a heap snapshot: a chain, a fan, or a graph with cycles; positions may be wrong. */
export function heapSnapshot(random, size) {
  const count = random.count(size / 50);
  const named = random.names(count, size / 8);
  const shape = random.pick(["chain", "fan", "graph", "ladder"]);
  const degree = shape === "graph" ? random.count(8) : shape === "ladder" ? 2 : 1;
  const target = (i, k) => {
    if (shape === "chain") return (i + 1) % count;
    if (shape === "fan") return i === 0 ? random.below(count) : 0;
    // Two paths to each node, or any nodes.
    return shape === "ladder" ? (i + 1 + k) % count : random.below(count);
  };
  const fanOut = shape === "fan" ? count - 1 : degree;
  const isWrong = random.chance(0.1);
  const nodes = list(count, (i) => {
    const edges = i === 0 ? fanOut : shape === "fan" ? 0 : degree;
    const selfSize = random.chance(0.001) ? random.number() : i % 100;
    return `${random.below(NODE_TYPES.length)},${i},${i * 2 + 1},${selfSize},${edges},${i % 3},${i % 1000}`;
  });
  const edgeCount = shape === "fan" ? fanOut : count * degree;
  const edges = list(edgeCount, (e) => {
    const to = shape === "fan" ? e + 1 : target(Math.floor(e / degree), e % degree);
    const at = isWrong && random.chance(0.001) ? random.number() : to * 7;
    return `${random.below(EDGE_TYPES.length)},${random.below(count)},${at}`;
  });
  const pair = "1 / part of key (a @1) -> value (b @3) pair in WeakMap (table @5";
  const strings = list(count, (i) =>
    string(i % 7 === 0 ? pair.repeat(random.count(10)) : named(i)),
  );
  const meta = JSON.stringify({
    node_fields: ["type", "name", "id", "self_size", "edge_count", "detachedness", "trace_node_id"],
    node_types: [NODE_TYPES],
    edge_fields: ["type", "name_or_index", "to_node"],
    edge_types: [EDGE_TYPES],
    location_fields: ["object_index", "script_id", "line", "column"],
    trace_function_info_fields: ["function_id", "name", "script_name", "line"],
    trace_node_fields: ["id", "function_info_index", "children"],
  });
  const counts = `"node_count":${random.number()},"edge_count":${random.number()}`;
  const locations = list(random.count(count), () => `${random.below(count) * 7},1,2,3`);
  const tracked = random.chance(0.5) ? random.count(count) : 0;
  const functions = list(tracked, (i) => `${i},${random.below(count)},${random.below(count)},${i}`);
  const isDeep = random.chance(0.5);
  const traced = list(tracked, (i) => `${i},${random.below(tracked)},[${isDeep ? "" : "]"}`);
  const tree = `[${traced.replaceAll("[,", "[")}${isDeep ? "]".repeat(tracked) : ""}]`;
  const traces = `"trace_function_infos":[${functions}],"trace_tree":${tree}`;
  return `{"snapshot":{"meta":${meta},${counts},"trace_function_count":${tracked}},${traces},"nodes":[${nodes}],"edges":[${edges}],"locations":[${locations}],"strings":[${strings}]}`;
}
