import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The modules that tests of pure folders import; those of src/ by default. */
    modules?: "dist";
  }
}

/** Whether tests of pure folders run on the modules in dist/ (vitest.dist.config.ts). */
export const isOnDist = inject("modules") === "dist";
