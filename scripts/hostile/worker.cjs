// Runs command lines of tsprof one after the other, as its parent sends them.
const { main } = require("../../dist/tsprof.cjs");

process.on("message", async (args) => {
  process.send({ code: await main(args) });
});
