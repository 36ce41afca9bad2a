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

/** Returns the callers of stacks: a chain, a fan, or a mixture; -1 for the first. */
function callers(random, count) {
  const shape = random.pick(["chain", "fan", "mixed"]);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0) return -1;
    return shape === "chain" ? i - 1 : shape === "fan" ? 0 : random.below(i);
  });
}

/** A processed profile of Firefox, with tables for all threads or for each. */
export function firefox(random, size) {
  const threads = random.count(random.chance(0.3) ? size / 2000 : 3);
  const isShared = random.chance(0.5);
  const tablesOf = (bytes) => {
    const count = random.count(bytes / 60);
    const named = random.names(count, bytes / 4);
    const isInlined = random.chance(0.3);
    const prefix = callers(random, count);
    const stacks = random.chance(0.5)
      ? `"prefix":[${prefix.map((at) => (at < 0 ? "null" : at))}]`
      : `"prefixOffset":[${prefix.map((at, i) => (at < 0 ? 0 : i - at))}]`;
    const column = (make) => `[${list(count, make)}]`;
    const tables = `"stringArray":${column((i) => string(i % 5 === 0 ? `0x${i}` : named(i)))},"stackTable":{"frame":${column((i) => i)},${stacks}},"frameTable":{"func":${column((i) => i)},"address":${column((i) => (isInlined ? 7 : i - 1))},"inlineDepth":${column((i) => (isInlined ? i : 0))},"category":${column((i) => (i % 3 ? i % 4 : "null"))},"line":${column((i) => i)}},"funcTable":{"name":${column((i) => i)},"resource":${column((i) => (i % 2) - 1)},"lineNumber":${column(() => random.number())}},"resourceTable":{"lib":[0],"name":[0]}`;
    return { tables, count };
  };
  const shared = isShared ? tablesOf(size / 2) : { tables: '"stringArray":[]', count: 0 };
  const each = size / threads / 2;
  const all = list(threads, (i) => {
    const { tables, count } = isShared ? shared : tablesOf(each);
    const samples = random.count(each / 20);
    const stack = list(samples, () => random.pick(["null", random.below(count)]));
    const times = `"${random.pick(["time", "timeDeltas"])}":[${list(samples, (j) => j)}]`;
    const cpu = random.chance(0.5) ? `,"threadCPUDelta":[${list(samples, (j) => j % 9)}]` : "";
    const weight = random.chance(0.3) ? `,"weight":[${list(samples, () => random.number())}]` : "";
    const type = random.pick(["samples", "tracing-ms", "bytes"]);
    const own = isShared ? "" : `,${tables}`;
    const freed = random.chance(0.2)
      ? `,"nativeAllocations":{"stack":[${stack}],"weight":[${list(samples, (j) => (j % 5) - 2)}],"memoryAddress":[${list(samples, (j) => j % 3)}]}`
      : "";
    return `{"name":${string(random.name())},"pid":"${i}","tid":${i},"samples":{"stack":[${stack}],${times}${cpu}${weight},"weightType":"${type}"}${own}${freed}}`;
  });
  const units = '"sampleUnits":{"threadCPUDelta":"ns"}';
  return `{"meta":{"interval":1,"preprocessedProfileVersion":${random.pick([28, 70])},"categories":[{"name":"a"}],${units}},"libs":[{"name":"x","breakpadId":"A"}],"shared":{${shared.tables}},"threads":[${all}]}`;
}

/** A raw profile of Firefox, with processes within processes. */
export function gecko(random, size) {
  const threads = random.count(random.chance(0.3) ? size / 1000 : 3);
  const each = size / threads;
  const libs = list(
    random.count(50),
    (i) => `{"start":${i * 100},"end":${i * 100 + 90},"offset":${i},"name":"l${i}"}`,
  );
  const thread = (i) => {
    const count = random.count(each / 80);
    const named = random.names(count, each / 4);
    const prefix = callers(random, count);
    const location = (j) =>
      random.pick([
        named(j),
        `0x${j.toString(16)}`,
        `f (a.js:${j}:1)[0]`,
        `${named(j)} (in x)`,
        `(((${":1".repeat(random.below(9))})`,
      ]);
    const samples = random.count(each / 20);
    return `{"name":"GeckoMain","pid":1,"tid":${i},"stringTable":[${list(count, (j) => string(location(j)))}],"frameTable":{"schema":{"location":0,"line":1,"category":2},"data":[${list(count, (j) => `[${j},${j}]`)}]},"stackTable":{"schema":{"prefix":0,"frame":1},"data":[${list(count, (j) => `[${prefix[j] < 0 ? "null" : prefix[j]},${j}]`)}]},"samples":{"schema":{"stack":0,"time":1,"threadCPUDelta":2},"data":[${list(samples, (j) => `[${random.below(count)},${j}${j % 3 ? `,${j}` : ""}]`)}]}}`;
  };
  const meta = `"meta":{"version":30,"interval":1,"startTime":${random.number()},"sampleUnits":{"threadCPUDelta":"ns"}}`;
  const own = list(threads, thread);
  const depth = random.chance(0.2) ? random.count(1000) : 1;
  const open = `{${meta},"libs":[${random.chance(0.5) ? libs : ""}],"threads":[${own}],"processes":[`;
  const child = `{${meta},"threads":[],"processes":[`;
  return open + child.repeat(depth - 1) + "]}".repeat(depth);
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

/** A trace of slices: nested, side by side, overlapping or at random, on some threads. */
export function slices(random, size) {
  const count = random.count(size / 60);
  const named = random.names(count, size / 4);
  const threads = random.pick([1, 3, size]);
  const [start, duration] = random.pick([
    [(i) => i, (i) => 2 * (count - i)],
    [(i) => 2 * i, () => 1],
    [(i) => i, () => count],
    [() => random.below(1000), () => random.below(100)],
    [() => random.number(), () => random.number()],
  ]);
  const phases = random.pick(["X", "B", "E", "BE", "BEX", "BEXbCi"]);
  const args = random.pick([
    () => "",
    (i) => `,"args":{"path":"/a/${i}.ts"}`,
    (i) => `,"cat":"c${i % 9}","args":{"target":"//a:${i}","mnemonic":"M"}`,
  ]);
  const events = list(
    count,
    (i) =>
      `{"ph":"${phases[random.below(phases.length)]}","name":${string(named(i))},"pid":1,"tid":${random.below(threads)},"ts":${start(i)},"dur":${duration(i)}${args(i)}}`,
  );
  return random.pick([`[${events}`, `[${events}]`, `{"traceEvents":[${events}]}`]);
}

/** A result of stackprof, with raw stacks or only with edges, such as rings and hubs. */
export function stackprof(random, size) {
  const count = random.count(size / 90);
  const named = random.names(count, size / 4);
  const next = random.pick([(i) => i + 1, () => 0, () => random.below(count), (i) => i >> 1]);
  const frames = list(count, (i) => {
    const edges = `"edges":{"${next(i) % count}":${random.number()},"${i}":${random.below(9)}}`;
    const lines = `"lines":{"${i}":[${random.below(9)},${random.below(9)}]}`;
    return `"${i}":{"name":${string(named(i))},"file":"a.rb","line":${i},"samples":${random.below(9)},${edges},${lines}}`;
  });
  const depth = random.count(size / 20);
  const stacks = random.chance(0.5) ? random.count(size / depth / 8) : 0;
  const stack = () =>
    `${depth},${list(depth, (i) => next(i) % count)},${random.pick([1, 3, random.number()])}`;
  const times = random.chance(0.5) ? list(stacks, () => random.below(1000)) : "";
  const raw = `"raw":[${list(stacks, stack)}],"raw_timestamp_deltas":[${times}]`;
  const mode = random.pick(["wall", "cpu", "object", "custom"]);
  return `{"version":1.2,"mode":"${mode}","interval":1000,"samples":1,"frames":{${frames}},${raw}}`;
}

/** The JSON of `node --prof-process --preprocess`, with inlined functions. */
export function nodeProf(random, size) {
  const count = random.count(size / 200);
  const named = random.names(count, size / 4);
  const code = list(count, (i) => {
    const inlined = random.chance(0.5)
      ? `F${random.below(3)}O${i}I${random.below(9)}`.repeat(9)
      : "";
    const positions = list(random.count(9), (j) => `C${j}O${j * i}I${random.below(9)}`);
    const source = `"source":{"script":${i % 3},"positions":"${positions}","inlined":"${inlined}","fns":[${i},0,${count}]}`;
    const type = random.pick(["JS", "JS", "CPP", "CODE"]);
    return `{"name":${string(`${named(i)} file:///a.js:${i}:1`)},"type":"${type}","kind":"Opt",${source}}`;
  });
  const functions = list(count, (i) => `{"name":"f","codes":[${i}]}`);
  const depth = random.count(size / 20);
  const frames = () => list(depth, (i) => `${random.below(count + 1) - 1},${random.below(i + 9)}`);
  const ticks = list(
    random.count(size / depth / 20),
    (i) => `{"tm":${random.pick([i, random.number()])},"vm":${i % 9},"s":[${frames()}]}`,
  );
  const text = string("line\n".repeat(random.count(size / 10)));
  return `{"code":[${code}],"functions":[${functions}],"ticks":[${ticks}],"scripts":[{"url":"file:///a.js","source":${text}},null]}`;
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
    sample_fields: ["timestamp_us", "last_assigned_id"],
  });
  const counts = `"node_count":${random.number()},"edge_count":${random.number()}`;
  const locations = list(random.count(count), () => `${random.below(count) * 7},1,2,3`);
  const tracked = random.chance(0.5) ? random.count(count) : 0;
  const functions = list(tracked, (i) => `${i},${random.below(count)},${random.below(count)},${i}`);
  const isDeep = random.chance(0.5);
  const traced = list(tracked, (i) => `${i},${random.below(tracked)},[${isDeep ? "" : "]"}`);
  const tree = `[${traced.replaceAll("[,", "[")}${isDeep ? "]".repeat(tracked) : ""}]`;
  const samples = list(random.count(size / 20), (i) => `${random.number()},${i}`);
  const traces = `"samples":[${samples}],"trace_function_infos":[${functions}],"trace_tree":${tree}`;
  return `{"snapshot":{"meta":${meta},${counts},"trace_function_count":${tracked}},${traces},"nodes":[${nodes}],"edges":[${edges}],"locations":[${locations}],"strings":[${strings}]}`;
}
