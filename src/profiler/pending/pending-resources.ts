import { createHook } from "node:async_hooks";
import { type CallFrame, CapturedStack } from "./call-stack.js";
import { canBePending } from "./resource-kinds.js";

/** A resource that has not ended. */
export interface PendingResource {
  /** Node's type of the resource. */
  readonly type: string;
  /** The id of the resource that created it. */
  readonly trigger: number;
  /** The time of its creation by `performance.now()`. */
  readonly created: number;
  readonly stack: CapturedStack;
  /** The stack of the resource that created it, which may have ended since. */
  readonly triggerStack: CapturedStack | undefined;
}

/** How many creators to follow for resources that Node itself creates, such as accepted sockets. */
const MAX_CREATORS = 4;

/** Follows the async resources of this thread from their creation to their end. */
export class PendingResources {
  /** How many resources were left out, as there were too many. */
  leftOut = 0;
  readonly #byId = new Map<number, PendingResource>();
  readonly #hook: { disable(): unknown };

  /** Starts to follow resources, at most `max` at a time. */
  constructor(includesPromises: boolean, max: number) {
    const byId = this.#byId;
    const init = (id: number, type: string, trigger: number) => {
      if (type === "PROMISE" && !includesPromises) return;
      if (byId.size >= max) this.leftOut++;
      else {
        const stack = new CapturedStack(init);
        const triggerStack = byId.get(trigger)?.stack;
        byId.set(id, { type, trigger, created: performance.now(), stack, triggerStack });
      }
    };
    const end = (id: number) => void byId.delete(id);
    const hook = includesPromises
      ? createHook({ init, destroy: end, promiseResolve: end })
      : // Node since 24.14 does not follow promises then.
        createHook({ init, destroy: end, ...{ trackPromises: false } });
    this.#hook = hook.enable();
  }

  /** Returns the resources that are pending now. */
  list(): readonly PendingResource[] {
    // Others are followed because they create resources.
    return [...this.#byId.values()].filter(({ type }) => canBePending(type));
  }

  /**
   * Returns the stack that created a resource, without the inside of Node. If Node itself created the
   * resource, the stack continues with the one of its creator.
   */
  framesOf(resource: PendingResource): readonly CallFrame[] {
    const frames = [...resource.stack.frames()];
    let last: PendingResource | undefined = resource;
    for (let i = 0; i < MAX_CREATORS && last && !frames.some(isOfProgram); i++) {
      frames.push(...(last.triggerStack?.frames() ?? []));
      last = this.#byId.get(last.trigger);
    }
    return frames;
  }

  stop(): void {
    this.#hook.disable();
    this.#byId.clear();
  }
}

function isOfProgram({ url }: CallFrame): boolean {
  return url !== "" && !url.startsWith("node:");
}
