/** How a run of tsprof ended, and what it took. */
export interface Run {
  readonly code: number | null;
  readonly signal: string | null;
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function internalText(text: string): string | undefined;
export function problemsOf(run: Run): string[];
