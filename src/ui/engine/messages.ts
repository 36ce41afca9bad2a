import type { Engine } from "./engine.js";

/** What can be asked of an engine. */
export type Method = keyof Engine;

type WithoutSignal<Args extends readonly unknown[]> = Args extends [...infer Rest, AbortSignal?]
  ? Rest
  : Args;

/** The arguments of a method, less the signal, which does not go from thread to thread. */
export type Args<M extends Method> = WithoutSignal<Required<Parameters<Engine[M]>>>;

/** A request as it is sent; requests are answered one after the other, in their order. */
export type Call = { [M in Method]: { readonly method: M; readonly args: Args<M> } }[Method];

/** What the page sends. */
export type ToEngine =
  | { readonly id: number; readonly call: Call }
  /** The answer to a request is not wanted any more. */
  | { readonly abort: number };

/** What the engine sends. */
export type FromEngine =
  /** It runs; once, before all others. */
  | { readonly ready: true }
  | { readonly id: number; readonly value: unknown }
  /** In one line for the user. */
  | { readonly id: number; readonly problem: string };
