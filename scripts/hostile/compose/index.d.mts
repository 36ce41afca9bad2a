import type { Random } from "../random.mjs";

export const FORMATS: readonly string[];
export function compose(random: Random, format: string, size: number): Buffer;
