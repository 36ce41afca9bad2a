#!/usr/bin/env node
import { main } from "../dist/tsprof.js";

process.exitCode = await main(process.argv.slice(2));
