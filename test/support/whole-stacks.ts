import { setFlagsFromString } from "node:v8";

// Loops that V8 made fast while they ran, before a profile began (or in an earlier one), may be
// missing from its stacks in Node 24, and their callers have their time. Tests that take one
// profile after the other import this: loops are not made fast so.
setFlagsFromString("--no-use-osr");
