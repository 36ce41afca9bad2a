export class OneProcess {
  run(
    args: readonly string[],
    options: { cwd: string; env: Record<string, string | undefined> },
  ): Promise<{ code: number; stdout: string; stderr: string }>;
  stop(): void;
}
