import file from "lzma:graphviz";
import { readFile } from "node:fs/promises";

/** Returns the WebAssembly code of Graphviz, compressed with LZMA. */
export const read = () => readFile(file);
