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
