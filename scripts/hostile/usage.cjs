// Loaded into a process before its program: reports at its end, on descriptor 3, the CPU time in
// microseconds and the most memory in kB that it took.
const { writeSync } = require("node:fs");

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMicros: userCPUTime + systemCPUTime, maxRssKb: maxRSS }));
});
