export class OneProcess {
  /** `folder` is the folder of tsprof's package; this one by default. */
  constructor(folder?: string);
  run(
    args: readonly string[],
    options: { cwd: string; env: Record<string, string | undefined> },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  stop(): void;
}
