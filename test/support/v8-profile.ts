/** Returns the text of a V8 profile in which each function, given as `name url line column`, calls the next. */
export function v8Profile(functions: readonly string[]): string {
  const nodes = functions.map((text, i) => {
    const [functionName, url, line, column] = text.split(" ");
    return {
      id: i + 1,
      callFrame: {
        functionName,
        url,
        scriptId: String(i),
        lineNumber: Number(line) - 1,
        columnNumber: Number(column) - 1,
      },
      hitCount: 1,
      children: i + 1 < functions.length ? [i + 2] : [],
      positionTicks: [{ line: Number(line) + 1, ticks: 1 }],
    };
  });
  const samples = nodes.map(({ id }) => id);
  const timeDeltas = nodes.map(() => 1000);
  const profile = { nodes, startTime: 0, endTime: 1000 * nodes.length, samples, timeDeltas };
  return JSON.stringify(profile);
}

/** Functions that differ only in their file, line or column. */
export const SIMILAR_FUNCTIONS = [
  "(root)  0 0",
  "run file:///srv/shop/a.mjs 1 1",
  "run file:///srv/shop/b.mjs 1 1",
  "encode file:///srv/shop/cls.js 1 10",
  "encode file:///srv/shop/cls.js 9 10",
  "t file:///srv/shop/min.js 1 10",
  "t file:///srv/shop/min.js 1 90",
  " file:///srv/shop/min.js 1 120",
  " file:///srv/shop/node_modules/dep/index.js 1 1",
  " file:///srv/shop/node_modules/dep/lib/index.js 1 1",
  " file:///srv/shop/node_modules/other/index.js 1 1",
  "run node:internal/run 3 4",
];
