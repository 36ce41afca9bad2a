import { randomUUID } from "node:crypto";
import type { Profile } from "../../profile/profile.js";
import type { Labels } from "../label-timeline.js";
import type { ExportContext, ProfileInfo, Target } from "./target.js";
import { type UploadOptions, UploadQueue, uploadUrl } from "./upload-queue.js";

/** Options of {@link pyroscopeTarget}. */
export interface PyroscopeTargetOptions extends UploadOptions {
  /** The address of the server, such as `http://localhost:4040`. */
  readonly url: string | URL;
  /** The name of the application, which becomes the label `service_name`. */
  readonly application: string;
  /** Sent as `Authorization: Bearer …`. For a user and a password, put them into the address. */
  readonly authToken?: string;
  /** Sent as `X-Scope-OrgID`, for servers with several tenants. */
  readonly tenantId?: string;
}

/** The characters that the server allows in names of applications and of labels. */
const APPLICATION = /^[A-Za-z0-9_./-]+$/;
const NOT_IN_LABEL = /[^A-Za-z0-9_.]/g;

/** The characters that end a label's value in the parameter `name`. */
const NOT_IN_VALUE = /[,{}]/g;

/** The names, units and sums that the server uses for the sample types of tsprof. */
const SAMPLE_TYPES = {
  samples: { units: "samples", aggregation: "sum", "display-name": "samples", sampled: true },
  wall: { units: "samples", aggregation: "sum", "display-name": "wall", sampled: false },
  inuse_objects: { units: "objects", aggregation: "average", sampled: false },
  inuse_space: { units: "bytes", aggregation: "average", sampled: false },
  alloc_objects: { units: "objects", aggregation: "sum", sampled: false },
  alloc_space: { units: "bytes", aggregation: "sum", sampled: false },
  // Without these, the server takes profiles of blocking for Go's mutex profiles.
  contentions: { units: "lock_samples", aggregation: "sum", "display-name": "block_count" },
  delay: { units: "lock_nanoseconds", aggregation: "sum", "display-name": "block_duration" },
};

/**
 * Returns a target that uploads profiles to Grafana Pyroscope, by `POST /ingest` with a form. Labels
 * are part of the parameter `name`. Throws if an option is invalid.
 */
export function pyroscopeTarget(options: PyroscopeTargetOptions): Target {
  const { url, application, authToken, tenantId } = options;
  const base = uploadUrl(url);
  if (typeof application !== "string" || !APPLICATION.test(application)) {
    throw new TypeError(
      `application must consist of letters, digits and _ . / -, not ${JSON.stringify(application)}`,
    );
  }
  const queue = new UploadQueue(options);
  const headers = {
    ...(authToken !== undefined && { Authorization: `Bearer ${authToken}` }),
    ...(tenantId !== undefined && { "X-Scope-OrgID": tenantId }),
    ...queue.headers,
  };
  return {
    sendsLabels: true,
    async export(profile: Profile, info: ProfileInfo, { bytes, report, signal }: ExportContext) {
      const ingest = new URL(base);
      ingest.pathname = `${base.pathname.replace(/\/$/, "")}/ingest`;
      // The server reads a form only if the parameter `format` is absent.
      const parameters = {
        name: nameOf(application, info.labels),
        from: String(Math.floor(info.start.getTime() / 1000)),
        until: String(Math.ceil(info.end.getTime() / 1000)),
        spyName: "tsprof",
        ...(info.type === "cpu" && { sampleRate: String(rateOf(profile)) }),
      };
      for (const [name, value] of Object.entries(parameters)) ingest.searchParams.set(name, value);
      const form = formOf(await bytes());
      await queue.push(
        { url: ingest, headers: { ...headers, ...form.headers }, body: form.body, signal },
        report,
      );
    },
    flush: () => queue.flush(),
  };
}

function nameOf(application: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const key = name.replace(NOT_IN_LABEL, "_");
    return `${key}=${String(value).replace(NOT_IN_VALUE, "_")}`;
  });
  return `${application}{${pairs.join(",")}}`;
}

/** Returns the number of samples per second. */
function rateOf({ period }: Profile): number {
  return Math.max(1, Math.round(1e9 / Math.max(1, Number(period))));
}

/** Returns the multipart form with a profile and the description of its sample types. */
function formOf(profile: Uint8Array) {
  const boundary = `tsprof-${randomUUID()}`;
  const part = (name: string, file: string, type: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${file}"\r\n` +
    `Content-Type: ${type}\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(part("profile", "profile.pprof", "application/octet-stream")),
    profile,
    Buffer.from(`\r\n${part("sample_type_config", "config.json", "application/json")}`),
    Buffer.from(`${JSON.stringify(SAMPLE_TYPES)}\r\n--${boundary}--\r\n`),
  ]);
  return { headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` }, body };
}
