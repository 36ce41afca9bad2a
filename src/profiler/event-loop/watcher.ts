/**
 * Runs in a worker thread. Watches the beats of the main thread's event loop; when they stay away,
 * profiles the main thread until they return. The library contains this as a bundled script.
 */
import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { prepareSampling, startSampling, stopSampling } from "../../v8/protocol.js";
import {
  CONNECTED,
  clockMillis,
  LEAVE_NOW,
  LEAVE_SOON,
  LEAVING,
  type Watched,
  type WatcherMessage,
} from "./watched.js";

const HOUR_MS = 3_600_000;

interface Capture {
  readonly session: Session;
  /** The last beat before the block. */
  readonly beat: number;
  /** When the commands were sent to V8. */
  readonly requestedAt: number;
  /** When V8 had started at the latest; undefined before. */
  startedAt?: number;
  isStopping: boolean;
}

interface V8Profile {
  readonly startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

function watch(watched: Watched): void {
  const { beat, flags, thresholdMillis, beatMillis, maxMillis, intervalMicros } = watched;
  let capture: Capture | undefined;
  let lastLook = clockMillis();
  let pausedUntil = 0;
  /** The times of the last profiles. */
  let recent: number[] = [];

  const ticks = setInterval(() => {
    const leaving = Atomics.load(flags, LEAVING);
    if (leaving === LEAVE_NOW || (leaving === LEAVE_SOON && !capture)) return leave();
    const now = clockMillis();
    // If this thread was late, too, the whole process was stopped or lacked a processor.
    const wasLate = now - lastLook > beatMillis + thresholdMillis / 2;
    lastLook = now;
    if (capture) return look(capture, now);
    if (!wasLate && now - beat[0] > thresholdMillis && mayCapture(now)) begin(now);
  }, beatMillis);

  function mayCapture(now: number): boolean {
    recent = recent.filter((time) => time > now - HOUR_MS);
    return now >= pausedUntil && recent.length < watched.maxPerHour;
  }

  function begin(now: number): void {
    const session = new Session();
    Atomics.store(flags, CONNECTED, 1);
    // The main thread may have begun to end just now.
    if (Atomics.load(flags, LEAVING) !== 0) {
      leave();
      return;
    }
    const begun: Capture = { session, beat: beat[0], requestedAt: now, isStopping: false };
    capture = begun;
    try {
      session.connectToMainThread();
      const send = (method: string, params?: object) =>
        session.post(method, params, (error: Error | null) => {
          if (error) fail(`${method}: ${error.message}`);
          else if (method === "Profiler.start") {
            begun.startedAt = clockMillis();
          }
        });
      const sampling = { kind: "cpu", interval: intervalMicros } as const;
      prepareSampling(send, sampling);
      startSampling(send, sampling);
    } catch (error) {
      fail(String(error));
    }
  }

  /** Ends the profile if the block has ended, or has lasted too long. */
  function look(current: Capture, now: number): void {
    const { session } = current;
    if (current.isStopping) return;
    const hasEnded = beat[0] !== current.beat;
    if (!hasEnded && now - current.requestedAt < maxMillis) return;
    // Until V8 has started, code outside of JavaScript blocks the thread.
    if (!hasEnded && current.startedAt === undefined) return;
    current.isStopping = true;
    const endedAt = hasEnded ? beat[0] : now;
    const blockedMillis = endedAt - current.beat;
    stopSampling((method: string) => {
      session.post(method, undefined, (error: Error | null, result?: object) => {
        if (error) return fail(`${method}: ${error.message}`);
        finish();
        const { profile } = result as { readonly profile: V8Profile };
        // On Linux, V8's clock is that of clockMillis, and more exact than the time of the answer.
        const isSameClock = isWithin(profile.startTime / 1000, current.requestedAt, clockMillis());
        if (isSameClock) cut(profile, endedAt);
        const startedAt = isSameClock ? profile.startTime / 1000 : (current.startedAt ?? endedAt);
        if (startedAt >= endedAt || profile.samples.length === 0) {
          return post({ type: "missed", blockedMillis });
        }
        const clockToWall = Date.now() - clockMillis();
        post({
          type: "profile",
          json: JSON.stringify(profile),
          startMillis: clockToWall + startedAt,
          endMillis: clockToWall + endedAt,
          blockedMillis,
          isUnfinished: !hasEnded,
        });
      });
    }, "cpu");
  }

  function finish(): void {
    if (capture) {
      capture.session.disconnect();
      const now = clockMillis();
      recent.push(now);
      pausedUntil = now + watched.cooldownMillis;
    }
    capture = undefined;
    Atomics.store(flags, CONNECTED, 0);
    Atomics.notify(flags, CONNECTED);
  }

  function fail(reason: string): void {
    // Each of several commands may fail.
    if (!capture) return;
    finish();
    post({ type: "failed", reason });
  }

  /** Disconnects and ends this thread. */
  function leave(): void {
    clearInterval(ticks);
    finish();
    parentPort?.close();
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

/** Removes the samples after the block, if V8's clock is that of {@link clockMillis}. */
function cut(profile: V8Profile, endedAt: number): void {
  const end = endedAt * 1000;
  if (end >= profile.endTime) return;
  let time = profile.startTime;
  const length = profile.timeDeltas.findIndex((delta) => {
    time += delta;
    return time > end;
  });
  profile.endTime = end;
  if (length < 0) return;
  profile.samples = profile.samples.slice(0, length);
  profile.timeDeltas = profile.timeDeltas.slice(0, length);
}

function post(message: WatcherMessage): void {
  parentPort?.postMessage(message);
}

watch(workerData);
