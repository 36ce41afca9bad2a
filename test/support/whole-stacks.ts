import { setFlagsFromString } from "node:v8";

// In Node 24, loops that V8 optimized while they ran may be missing from the stacks of later
// profiles; their callers get their time. Tests that take several profiles import this file, which
// disables that optimization.
setFlagsFromString("--no-use-osr");
