export interface Terminal {
  /** In columns. */
  readonly width: number;
  /** In rows, for reports that leave out rows that do not fit; undefined for no limit. */
  readonly height?: number | undefined;
  /** A hint for seeing the rows left out, as in "… 9 more functions; -nodecount=0 shows all". */
  readonly moreRowsHint?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
}
