import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ProfileBuilder } from "../../src/profile/profile-builder.js";
import { encodeProfile } from "../../src/profile/wire/encode.js";
import {
  addSymbolzAnswers,
  symbolzPath,
  symbolzRequests,
  traceMappings,
} from "../../src/transforms/symbolz.js";
import { useOneProcess } from "../support/one-process.js";
import { toPlain } from "../support/plain.js";

const tsprof = useOneProcess();

/** A profile from a server: addresses in mappings without names. */
function served(start = 0x1000, flags = 0) {
  const builder = new ProfileBuilder([{ type: "cpu", unit: "nanoseconds" }]);
  const mapping = builder.addMapping({ start, limit: start + 0x1000, flags });
  for (const address of [start + 0x10, start + 0x20, start + 0x30]) {
    builder.addSample([builder.addLocation({ mapping, address })], [1]);
  }
  return builder.finish();
}

const URL = "http://host/profilez";

describe("symbolzPath", () => {
  it.each([
    // The paths that pprof requests.
    ["/profilez", "/symbolz"],
    ["/some/dir/profilez?seconds=5", "/some/dir/symbolz"],
    ["/debug/pprof/profile?seconds=10", "/debug/pprof/symbol"],
    ["/gw/debug/pprof/heap/", "/gw/debug/pprof/symbol"],
    ["/pprof/growth", "/pprof/symbol"],
    ["/../x/pprof/heap", "/x/pprof/symbol"],
    ["", "/symbolz"],
  ])("is in the same folder as the profile: %s", (profile, symbols) => {
    expect(symbolzPath(profile)).toBe(symbols);
  });
});

describe("a server's answer", () => {
  it("names the requested addresses", () => {
    const { profile, sources } = traceMappings(served(), URL);
    const questions = symbolzRequests(profile, sources, false);
    expect(questions).toMatchObject([{ source: { name: URL }, body: "0x1010+0x1020+0x1030" }]);
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

  it("has the server's addresses even if merging has moved the mapping", () => {
    const { profile } = traceMappings(served(), URL);
    const sources = [{ name: URL, start: 0x71000n }];
    const questions = symbolzRequests(profile, sources, false);
    expect(questions[0].body).toBe("0x71010+0x71020+0x71030");
    const named = addSymbolzAnswers(profile, questions, ["0x71020 moved\n"]);
    expect([...named.locations.lineOffsets]).toEqual([0, 0, 1, 1]);
    expect(() => addSymbolzAnswers(profile, questions, ["0x10 x\n"])).toThrow("cannot be moved");
    expect(() => addSymbolzAnswers(profile, questions, [`0x1${"0".repeat(16)} x\n`])).toThrow(
      "is not an address",
    );
  });

  it("is not requested if names are known, unless forced", () => {
    const { profile, sources } = traceMappings(served(0x1000, 1), URL);
    expect(symbolzRequests(profile, sources, false)).toEqual([]);
    expect(symbolzRequests(profile, sources, true)).toHaveLength(1);
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
      if (request.method === "GET") {
        const start = request.url?.includes("other") ? 0x5000 : 0x1000;
        response.end(encodeProfile(served(start)));
        return;
      }
      asked.push(`${request.headers["content-type"]} ${request.url} ${body}`);
      if (request.url?.includes("mute")) response.writeHead(404);
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
  const traces = async (symbolize: string, ...paths: string[]) => {
    asked.length = 0;
    const urls = paths.map((path) => origin + path);
    const { stdout } = await tsprof(["traces", "-no_save", `-symbolize=${symbolize}`, ...urls]);
    return [...stdout.matchAll(/^ +1ns +(.*)$/gm)].map(([, name]) => name);
  };

  it("gets one request per mapping without names, if -symbolize allows it", async () => {
    const question = "application/octet-stream /debug/pprof/symbol 0x1010+0x1020+0x1030";
    for (const words of ["", "remote", "force"]) {
      expect(await traces(words, "/debug/pprof/profile")).toEqual([
        "f_0x1010",
        "f_0x1020",
        "f_0x1030",
      ]);
      expect(asked).toEqual([question]);
    }
    for (const words of ["none", "local", "fastlocal"]) {
      await traces(words, "/debug/pprof/profile");
      expect(asked).toEqual([]);
    }
  });

  it("is asked only for its own addresses", async () => {
    const names = await traces("", "/profilez", "/other/profilez");
    expect(names.sort()).toEqual(
      ["0x1010", "0x1020", "0x1030", "0x5010", "0x5020", "0x5030"].map((name) => `f_${name}`),
    );
    expect(asked.sort()).toEqual([
      "application/octet-stream /other/symbolz 0x5010+0x5020+0x5030",
      "application/octet-stream /symbolz 0x1010+0x1020+0x1030",
    ]);
  });

  it("that fails to answer is reported in one line", async () => {
    const { code, stderr } = await tsprof(["top", "-no_save", `${origin}/mute/profilez`]);
    expect(code).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(
      /^tsprof: cannot fetch symbols from http:.*\/mute\/symbolz: the server answered 404/,
    );
  });
});
