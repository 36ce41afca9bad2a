// Runs command lines of tsprof one after the other, each with an environment and a folder of
// its own; see one-process.mjs, which starts this and says what to run.
const path = require("node:path");

const [, , folder = path.dirname(__dirname)] = process.argv;
const { main } = require(path.join(folder, "dist/tsprof.cjs"));

process.on("message", async ({ args, cwd, env }) => {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) {
    // Node looks up the time zone again at each assignment of TZ.
    if (process.env[name] !== value) process.env[name] = value;
  }
  process.chdir(cwd);
  process.send(await main(args));
});
