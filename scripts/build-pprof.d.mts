export function buildPprof(folder: string): string;
