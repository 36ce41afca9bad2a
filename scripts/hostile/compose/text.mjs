const lines = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join("\n");
const hex = (number) => `0x${number.toString(16)}`;

function addresses(random, most) {
  const step = random.pick([0, 1, 16]);
  const count = random.count(most);
  return Array.from({ length: count }, (_, i) => hex(0x400000 + i * step)).join(" ");
}

/** Returns a memory map with many regions. Their names may be variables with long values. */
function memoryMap(random, size) {
  const out = ["--- Memory map: ---"];
  if (random.chance(0.6)) {
    out.push(`a=${"x".repeat(random.count(70_000))}`, "b=$a$a", "c=$b$b", `d=${random.name()}`);
    for (let i = random.below(120); i > 0; i--) out.push(`aa${i}=${random.name()}`);
  }
  const name = random.pick([
    "/lib/$a",
    "$c",
    "$d/$d",
    "/lib/x.so",
    "[vdso]",
    "$".repeat(random.count(1000)),
  ]);
  const form = random.pick([
    (i) =>
      `${(4096 * i).toString(16)}-${(4096 * (i + 1)).toString(16)} r-xp 00000000 00:00 0 ${name}${i}`,
    (i) => `${hex(4096 * i)}-${hex(4096 * i + 8)}: ${name}`,
    (i) => `${i}-9 r--p ${name}`,
    (i) => `40${i} ${name} (@${i}) ab12`,
  ]);
  out.push(lines(random.count(size / (name.length + 20)), form));
  return out.join("\n");
}

const heads = {
  heap: (random) =>
    `heap profile: 1: 2 [3: 4] @ ${random.pick(["heap_v2/524288", "heap/1048576", "growth", "heapprofile"])}`,
  contention: () => "--- contentionz 1 ---\ncycles/second = 1000\nsampling period = 100",
  count: () => "goroutine profile: total 3",
  threads: () => "--- threadz 1 ---",
};

const samples = {
  heap: (stack, i) => `${1 + (i % 3)}: ${i} [1: ${i}] @ ${stack}`,
  contention: (stack, i) => `${i} 1 @ ${stack}`,
  count: (stack, i) => `${1 + i} @ ${stack}`,
  threads: (stack, i) => `--- Thread ${i} (name: a/${i}) stack: ---\n  ${stack}`,
};

/** Returns a text format of gperftools or Go: samples by address, and a memory map. */
export function legacyText(random, size) {
  const kind = random.pick(Object.keys(heads));
  const half = size / 2;
  const stack = addresses(random, half / 9);
  const count = random.count(half / (stack.length + 20));
  const body = lines(count, (i) => samples[kind](random.chance(0.5) ? stack : hex(i), i));
  return `${heads[kind](random)}\n${body}\n${memoryMap(random, half)}\n`;
}

/** Returns a text format of Java: samples by address, and the names of the addresses. */
export function javaText(random, size) {
  const kind = random.pick(["heap", "contention"]);
  const head = kind === "heap" ? "--- heapz 1 ---" : "--- contentionz 1 ---";
  const stack = addresses(random, size / 18);
  const count = random.count(size / 2 / (stack.length + 20));
  const names = random.names(count, size / 4);
  const body = lines(
    count,
    (i) => `${i} ${1 + i} @ ${random.chance(0.5) ? stack : hex(0x400000 + i)}`,
  );
  const places = random.count(size / 60);
  const table = lines(places, (i) => `  ${hex(0x400000 + i)} ${names(i)} (${random.name()}:${i})`);
  return `${head}\nformat=java\nresolution=${random.name(10) || "bytes"}\n${body}\n\n${table}\n`;
}

/** Returns a binary CPU profile of gperftools, with a memory map, or one of Java. */
export function cpuBinary(random, size) {
  const wide = random.chance(0.5);
  const words = [0, 3, random.pick([0, 0, 1]), random.pick([1, 1000, 2 ** 32 - 1]), 0];
  const depth = random.count(size / 16);
  const count = random.count(size / 8 / (depth + 2));
  const claimed = random.chance(0.1) ? 2 ** 31 : depth;
  for (let i = 0; i < count; i++) {
    words.push(1 + i, claimed);
    for (let j = 0; j < depth; j++) words.push(0x400000 + ((i * 7 + j) % 100_000));
  }
  words.push(0, 1, 0);
  const bytes = Buffer.alloc(words.length * (wide ? 8 : 4));
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word, i * (wide ? 8 : 4));
  });
  return Buffer.concat([bytes, Buffer.from(memoryMap(random, size / 4))]);
}

export function perfScript(random, size) {
  const depth = random.count(size / 30);
  const names = random.names(depth, size / 4);
  const frame = random.pick([
    (i) => `\t${(4096 + i).toString(16)} ${names(i)}+0x1 (/bin/${names(i)})`,
    (i) => `    ffff ${names(i)}`,
    () => "\t1 a",
  ]);
  const stack = lines(depth, frame);
  const events = random.pick([["cycles"], ["cpu-clock", "page-faults"], null]);
  const head = random.chance(0.1) ? "1 ".repeat(random.count(256)) : "";
  const count = random.count(size / (stack.length + 60));
  return lines(count, (i) => {
    const event = events ? events[i % events.length] : `event${i % 300}`;
    const comm = random.chance(0.05) ? random.name(400) : "node";
    return `${head}${comm} 12/${i} [000] 1.${i}: ${random.number()} ${event}: \n${stack}\n`;
  });
}

/** Go's text of all goroutines: deep or many stacks, with labels. */
export function goroutines(random, size) {
  const depth = random.count(size / 60);
  const name = random.pick([(i) => `main.f${i}`, () => "f".repeat(random.count(100)), () => "(("]);
  const position = random.pick(["\t/a.go:1 +0x1", "\t/a b:9:9", "\t:1", "x"]);
  const stack = () =>
    lines(random.count(depth), (i) => `${name(random.below(depth))}(${i})\n${position}`);
  const state = random.pick(["running", "a, 9 minutes, locked to thread", ", ".repeat(1000)]);
  const pairs = random.chance(0.3) ? ` {${'"k": "v", '.repeat(random.count(1000))}}` : "";
  return lines(
    random.count(size / depth / 60),
    (i) => `goroutine ${i} [${state}]${pairs}:\n${stack()}\ncreated by f${i}\n\t/a.go:2\n`,
  );
}

export function callgrind(random, size) {
  const events = random.chance(0.3) ? random.count(64) : random.count(4);
  const functions = random.count(size / 60);
  const names = random.names(1, size / 4);
  const out = [`events: ${Array.from({ length: events }, (_, i) => `e${i}`).join(" ")}`];
  if (random.chance(0.3)) out.unshift(`positions: ${random.pick(["instr line", "instr", "line"])}`);
  const costs = " 1000000".repeat(random.count(events));
  let left = size;
  const add = (line) => {
    out.push(line);
    left -= line.length + 1;
  };
  const calls = random.count(200);
  for (let i = 0; i < functions; i++)
    add(`fn=(${i}) ${i === 0 || random.chance(0.1) ? names(i) : `f${i}`}`);
  while (left > 0) {
    const i = random.below(functions);
    if (random.chance(0.5)) add(`fl=(${i % 50}) ${names(i)}.c`);
    add(`fn=(${i})`);
    add(`${random.pick(["+1", "*", random.number(), "0x10"])}${costs}`);
    for (let j = random.below(calls); j > 0 && left > 0; j--) {
      add(`cfn=(${random.below(functions)})`);
      add("calls=1 1");
      add(`+${random.below(3)}${costs}`);
    }
  }
  return `${out.join("\n")}\n`;
}

export function folded(random, size) {
  const depth = random.count(size / 4);
  const names = random.names(depth, size / 2);
  const stack = Array.from({ length: depth }, (_, i) => names(i)).join(";");
  const count = random.count(size / (stack.length + 10));
  const two = random.chance(0.2) ? " 5" : "";
  return lines(
    count,
    (i) => `${random.chance(0.5) ? `${i};` : ""}${stack}${two} ${random.number()}`,
  );
}

/** Returns a text whose first lines look like the start of a known format. */
export function beginnings(random, size) {
  const first = random.pick([
    ...["constructor", "__proto__", "toString", "{}", "[]", "[[", '{"nodes":', '{"head":{'],
    ...[
      "heap profile: ",
      "--- contentionz 1 ---",
      "--- threadz 1 ---",
      "events: e",
      "# callgrind format",
    ],
    ...["format=java", "a;b 1", "comm 1 1.1: e:", "\0\0\0\0\x03", "\x1f\x8b", "\n", "\u00a0"],
  ]);
  const rest = random.pick([
    random.name(size),
    "[".repeat(random.count(size)),
    "\n".repeat(random.count(size)),
    first,
  ]);
  return `${first}${random.pick(["", "\n", " "])}${rest}\n${random.name()}\n1 2 @ 0x1\n`;
}
