/** The label that marks samples of the profile that others are compared with. */
export const BASE_LABEL = { key: "pprof::base", text: "true" } as const;
