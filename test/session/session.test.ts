import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultOptions } from "../../src/options/table.js";
import { Session } from "../../src/session/session.js";

const PROTO = "fixtures/v8-cpu.pb.gz";
const V8 = "fixtures/v8-cpu.cpuprofile";

describe("isPprofs of a session", () => {
  it.each<[string[], string, boolean]>([
    [[PROTO], "", true],
    [["fixtures/cpp-cpu.prof"], "", true],
    [[V8], "", false],
    [[PROTO, V8], "", false],
    [[PROTO], V8, true],
    [[V8], PROTO, false],
  ])("of %j, with the base %j, is %j", async (sources, base, isPprofs) => {
    const options = { ...defaultOptions(), base };
    const session = await Session.open({ sources, options }, () => {});
    expect(session.isPprofs).toBe(isPprofs);
  });

  it("remains in a restored session, whose profile is always profile.proto", async () => {
    const options = defaultOptions();
    const session = await Session.open({ sources: [V8], options }, () => {});
    const bytes = readFileSync(PROTO);
    const restored = await Session.restore(
      await session.state(),
      { bytes, isPrepared: true },
      options,
    );
    expect(restored.isPprofs).toBe(false);
  });
});
