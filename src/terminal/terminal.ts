/** Where reports are drawn. */
export interface Terminal {
  /** In columns. */
  readonly width: number;
  readonly env: NodeJS.ProcessEnv;
}
