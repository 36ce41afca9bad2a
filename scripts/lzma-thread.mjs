// Compresses the bytes in workerData, and sends the result.
import { parentPort, workerData } from "node:worker_threads";
import { compressLzma } from "./lzma.mjs";

parentPort.postMessage(compressLzma(workerData));
