/** The label that marks the samples of the base profile in a comparison. */
export const BASE_LABEL = { key: "pprof::base", text: "true" } as const;
