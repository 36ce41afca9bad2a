import type { Engine } from "./engine.js";

export type Method = keyof Engine;

type WithoutSignal<Args extends readonly unknown[]> = Args extends [...infer Rest, AbortSignal?]
  ? Rest
  : Args;

/** The arguments of a method without the signal, which cannot be sent between threads. */
export type Args<M extends Method> = WithoutSignal<Required<Parameters<Engine[M]>>>;

/** A request. The engine answers requests in their order. */
export type Call = { [M in Method]: { readonly method: M; readonly args: Args<M> } }[Method];

export type ToEngine =
  | { readonly id: number; readonly call: Call }
  /** The page no longer needs the answer. */
  | { readonly abort: number };

export type FromEngine =
  /** The engine is running: the first message. */
  | { readonly ready: true }
  | { readonly id: number; readonly value: unknown }
  /** The request failed; `problem` is one line for the user. */
  | { readonly id: number; readonly problem: string };
