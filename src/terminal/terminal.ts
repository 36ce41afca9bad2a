/** Where reports are drawn. */
export interface Terminal {
  /** In columns. */
  readonly width: number;
  /** In rows, for reports that leave out what does not fit; undefined where everything fits. */
  readonly height?: number | undefined;
  /** How to see the rows that were left out, as in "… 9 more functions; -nodecount=0 shows all". */
  readonly rest?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}
