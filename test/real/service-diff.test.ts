import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { ROOT } from "../support/proto.js";
import { profiled } from "./profiles.js";
import { diffRows } from "./rows.js";
import { Tally, type TallyFrame } from "./tally.js";

/** The runs of each version. All runs of one side must be slower for a change to be real. */
const RUNS = 5;

/** The smallest p of 5 and 5 runs is 2/252. */
const ALPHA = 0.01;

const ANONYMOUS = "(anonymous)";

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "tsprof-versions-")));
afterAll(() => rmSync(folder, { recursive: true }));

/** The lines that version 2 adds above the functions, and the rounds of `price` in each version. */
const VERSIONS = [
  { header: "", rounds: 100 },
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

/** Returns a service that handles requests without a port. Both classes have a method `total`. */
function service({ header, rounds }: (typeof VERSIONS)[number]): string {
  return `import Fastify from "fastify";
${header}class Order {
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
    let sum = 0;
    for (let id = 0; id < this.size; id++) sum += (id * 31) % 1009;
    return sum;
  }
}

function price(products) {
  let value = 100;
  for (const id of products) {
    for (let round = 0; round < ${rounds}; round++) value = (value * (100 + ((id + round) % 7))) / 103;
  }
  return value;
}

function checksum(text) {
  let sum = 0;
  for (let i = 0; i < 3000; i++) sum = (sum * 31 + text.charCodeAt(i % text.length)) % 65521;
  return sum;
}

const app = Fastify();
app.get("/order", async () => ({ total: new Order([...Array(80).keys()]).total() }));
app.get("/stock", async ({ url }) => ({ total: new Stock(4000).total(), sum: checksum(url) }));
for (let i = 0; i < 2000; i++) {
  const { statusCode } = await app.inject(i % 2 ? "/order" : "/stock");
  if (statusCode !== 200) throw new Error(\`status \${statusCode}\`);
}
await app.close();
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

// Another program may slow down the machine in all runs of one version.
it("reports only the function that became slower, though all functions moved", {
  retry: 2,
}, async () => {
  const run = mkdtempSync(path.join(folder, "run-"));
  symlinkSync(path.join(ROOT, "node_modules"), path.join(run, "node_modules"));
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
  const rows = await diffRows(sides[0], sides[1], `-alpha=${ALPHA}`);
  const slower = rows.filter(({ flat }) => flat.real);
  expect(slower).toMatchObject([{ function: "price", file: script, presence: "both" }]);
  expect(slower[0].flat.new).toBeGreaterThan(slower[0].flat.base);
  const callers = callersOf(new Tally(readFileSync(sides[1][0], "utf8")), "price");
  for (const { cum, function: name = "" } of rows) {
    if (cum.real) expect([...callers]).toContain(name.startsWith(ANONYMOUS) ? ANONYMOUS : name);
  }
  const own = rows.filter(({ file }) => file === script);
  expect(own.filter(({ function: name }) => name === "total")).toHaveLength(2);
  for (const name of ["total", "price", "checksum"]) {
    const sidesOf = own.filter((row) => row.function === name).map(({ presence }) => presence);
    expect([name, new Set(sidesOf)]).toEqual([name, new Set(["both"])]);
  }
});
