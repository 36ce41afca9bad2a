import { WebSocket } from "undici";
import type { Kind } from "./plan.js";
import type { ThreadProfile } from "./recorded.js";
export interface AttachRequest {
  readonly kind: Kind;
  readonly interval: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}
export async function attach(_pid: number, _r: AttachRequest): Promise<ThreadProfile[]> {
  throw new Error(`not yet ${WebSocket.name}`);
}
export async function evaluateIn(_pid: number, _e: string): Promise<void> {}
