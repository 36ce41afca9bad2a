import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { profiled } from "./profiles.js";
import { diffRows } from "./rows.js";
import { Tally, type TallyFrame } from "./tally.js";

/** The runs of each version. All runs of one side must be slower for a change to be real. */
const RUNS = 6;

/** The probability that any other function is reported. */
const ALPHA = 0.01;

const ANONYMOUS = "(anonymous)";

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-versions-")));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that version 2 adds above the functions, and the rounds of `price` in each version. */
const VERSIONS = [
  { header: "", rounds: 60 },
  {
    header: `// The shop, version 2.
const CURRENCY = "EUR";

function label(amount) {
  return \`\${amount} \${CURRENCY}\`;
}
export { label };

`,
    rounds: 300,
  },
];

/** Returns a service that handles its own requests. Both classes have a method `total`. */
function service({ header, rounds }: (typeof VERSIONS)[number]): string {
  return `${header}class Order {
  constructor(products) {
    this.products = products;
  }

  total() {
    return price(this.products);
  }
}

class Stock {
  constructor(size) {
    this.size = size;
  }

  total() {
    return checksum(this.size);
  }
}

function checksum(size) {
  let sum = 0;
  for (let i = 0; i < size; i++) sum = (sum * 31 + i) % 65521;
  return sum;
}

function price(products) {
  let value = 100;
  for (const id of products) {
    for (let round = 0; round < ${rounds}; round++) value = (value * (100 + ((id + round) % 7))) / 103;
  }
  return value;
}

const routes = new Map();
routes.set("/order", ({ products }) => ({ total: new Order(products).total() }));
routes.set("/stock", ({ size }) => ({ total: new Stock(size).total() }));

async function handle(url, body) {
  const route = routes.get(url);
  if (!route) throw new Error("404");
  return JSON.stringify(route(JSON.parse(body)));
}

const products = Array.from({ length: 80 }, (_, i) => i);
for (let i = 0; i < 1000; i++) {
  await handle("/order", JSON.stringify({ products }));
  await handle("/stock", JSON.stringify({ size: 6000 }));
}
`;
}

/** Returns the functions that `name` is called by, directly or not, with itself. */
function callersOf(tally: Tally, name: string): Set<string> {
  const found = new Set<string>();
  const visit = (frame: TallyFrame): boolean => {
    const below = [...frame.children.values()].map(visit);
    const calls = frame.frame.functionName === name || below.includes(true);
    if (calls) found.add(frame.frame.functionName || ANONYMOUS);
    return calls;
  };
  tally.top.forEach(visit);
  return found;
}

// V8 takes samples only while the program runs, so that other programs hardly change their number.
it("reports only the function that became slower, though all functions moved", {
  retry: 2,
}, async () => {
  const run = mkdtempSync(path.join(folder, "run-"));
  const script = path.join(run, "service.mjs");
  const sides: string[][] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    // The versions take turns to be first.
    for (const version of i % 2 === 0 ? [0, 1] : [1, 0]) {
      writeFileSync(script, service(VERSIONS[version]));
      const to = path.join(run, `${version}-${i}`);
      mkdirSync(to);
      sides[version].push(await profiled([script], to));
    }
  }
  const rows = await diffRows(sides[0], sides[1], "-sample_index=samples", `-alpha=${ALPHA}`);
  const slower = rows.filter(({ flat }) => flat.real);
  expect(slower).toMatchObject([{ function: "price", file: script, presence: "both" }]);
  expect(slower[0].flat.new).toBeGreaterThan(slower[0].flat.base);
  const callers = callersOf(new Tally(readFileSync(sides[1][0], "utf8")), "price");
  for (const { cum, function: name = "" } of rows) {
    if (cum.real) expect([...callers]).toContain(name.startsWith(ANONYMOUS) ? ANONYMOUS : name);
  }
  const own = rows.filter(({ file }) => file === script);
  expect(own.filter(({ function: name }) => name === "total")).toHaveLength(2);
  for (const name of ["total", "price", "checksum", "handle"]) {
    const sidesOf = own.filter((row) => row.function === name).map(({ presence }) => presence);
    expect([name, new Set(sidesOf)]).toEqual([name, new Set(["both"])]);
  }
});
