import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Post, withSymbols } from "../../../src/cli/symbols.js";
import { KnownBinaries } from "../../../src/node/binaries/known-binaries.js";
import { ProfileBuilder } from "../../../src/profile/profile-builder.js";
import {
  addSymbolzAnswers,
  mappingSources,
  symbolzQuestions,
  symbolzUrl,
} from "../../../src/profile/transforms/symbolz.js";
import { toPlain } from "../../support/plain.js";

/** A profile as a server gives it: addresses within mappings that have no names. */
function fetched(url: string, start = 0x1000, flags = 0) {
  const builder = new ProfileBuilder([{ type: "cpu", unit: "nanoseconds" }]);
  const mapping = builder.addMapping({ start, limit: start + 0x1000, flags });
  for (const address of [start + 0x10, start + 0x20, start + 0x30]) {
    builder.addSample([builder.addLocation({ mapping, address })], [1]);
  }
  return mappingSources(builder.finish(), url);
}

describe("the URL of symbols", () => {
  it("lies beside that of the profile", () => {
    // What pprof asks for each.
    expect(symbolzUrl("http://host:8000/profilez")).toBe("http://host:8000/symbolz");
    expect(symbolzUrl("http://host:8000/some/dir/profilez?seconds=5")).toBe(
      "http://host:8000/some/dir/symbolz",
    );
    expect(symbolzUrl("http://host:8000/debug/pprof/profile?seconds=10")).toBe(
      "http://host:8000/debug/pprof/symbol",
    );
    expect(symbolzUrl("http://host:8000/gw/debug/pprof/heap/")).toBe(
      "http://host:8000/gw/debug/pprof/symbol",
    );
    expect(symbolzUrl("http://host:8000/pprof/growth")).toBe("http://host:8000/pprof/symbol");
    expect(symbolzUrl("http://user:pw@host/../x/pprof/heap")).toBe(
      "http://user:pw@host/x/pprof/symbol",
    );
    expect(symbolzUrl("http://host")).toBe("http://host/symbolz");
  });

  it("is none for files", () => {
    for (const source of ["", "cpu.pprof", "/tmp/cpu.pprof", "http:///profilez", "host:80/x"]) {
      expect(symbolzUrl(source), source).toBeUndefined();
    }
  });
});

describe("a server's answer", () => {
  it("names the addresses that it is asked for", () => {
    const { profile, sources } = fetched("http://host/profilez");
    const questions = symbolzQuestions(profile, sources, false);
    expect(questions).toMatchObject([{ url: "http://host/symbolz", body: "0x1010+0x1020+0x1030" }]);
    const answer =
      "num_symbols: 1\n0x1010\tone\r\n0x1030 two words \n0x0000000000001020 one\n0x1030 cut";
    const named = toPlain(addSymbolzAnswers(profile, questions, [answer])) as {
      string_table: string[];
      function: { name: string }[];
      location: { line: { function_id: string }[] }[];
      mapping: object[];
    };
    const nameOf = ({ line }: { line: { function_id: string }[] }) =>
      named.string_table[Number(named.function[Number(line[0].function_id) - 1].name)];
    expect(named.location.map(nameOf)).toEqual(["one\r", "one", "two words "]);
    expect(named.mapping).toMatchObject([{ has_functions: true, has_filenames: false }]);
  });

  it("is about the server's addresses, where merging has moved the mapping", () => {
    const { profile } = fetched("http://host/profilez", 0x1000);
    const sources = new Map([
      ["http://host/profilez", [{ url: "http://host/profilez", start: 0x71000n }]],
    ]);
    const questions = symbolzQuestions(profile, sources, false);
    expect(questions[0].body).toBe("0x71010+0x71020+0x71030");
    const named = addSymbolzAnswers(profile, questions, ["0x71020 moved\n"]);
    expect([...named.locations.lineOffsets]).toEqual([0, 0, 1, 1]);
    expect(() => addSymbolzAnswers(profile, questions, ["0x10 x\n"])).toThrow("cannot be moved");
    expect(() => addSymbolzAnswers(profile, questions, [`0x1${"0".repeat(16)} x\n`])).toThrow(
      "is no address",
    );
  });

  it("is not asked for where there are names, unless forced", () => {
    const { profile, sources } = fetched("http://host/profilez", 0x1000, 1);
    expect(symbolzQuestions(profile, sources, false)).toEqual([]);
    expect(symbolzQuestions(profile, sources, true)).toHaveLength(1);
  });
});

describe("a server", () => {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => {
      body += piece;
    });
    request.on("end", () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.end(body.replace(/(0x\w+)\+?/g, "$1\tf_$1\n"));
    });
  });
  let origin = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
  });
  const post: Post = async (url, body) => (await fetch(url, { method: "POST", body })).text();

  it("is asked once a mapping, if -symbolize lets it", async () => {
    const warnings: string[] = [];
    const symbolize = async (words: string) => {
      const loaded = { ...fetched(`${origin}/debug/pprof/profile`), binaries: new KnownBinaries() };
      const options = { symbolize: words, tools: "" };
      return withSymbols(loaded, options, (line) => warnings.push(line), post);
    };
    for (const words of ["none", "local", "fastlocal"]) {
      expect((await symbolize(words)).functions.length).toBe(0);
    }
    expect(asked).toEqual([]);
    expect((await symbolize("")).functions.length).toBe(3);
    expect((await symbolize("remote")).functions.length).toBe(3);
    const question = "POST /debug/pprof/symbol 0x1010+0x1020+0x1030";
    expect(asked).toEqual([question, question]);
    expect(warnings).toEqual([]);
  });
});
