import { type FrameDetails, formatShare, frameDetails } from "../../render/flame/details.js";
import { add } from "../../units/int64.js";
import type { Scene } from "./scene.js";

/** Describes a frame; `zoomed` is the frame that fills the width. */
export function describe(scene: Scene, frame: number, zoomed: number): FrameDetails {
  const { page } = scene;
  const parent = scene.parentOf(frame);
  const amounts = scene.amounts(frame);
  const { name, notes, figures } = frameDetails(
    page,
    scene.tree.functions[frame],
    amounts,
    parent < 0
      ? undefined
      : {
          label: scene.isCaller(frame) ? "Of its callee" : "Of its caller",
          amounts: scene.amounts(parent),
        },
  );
  const labelled = [...figures];
  if (zoomed !== scene.root && zoomed !== frame && scene.covers(zoomed, frame)) {
    const whole = scene.amounts(zoomed);
    labelled.push({
      label: "Of the zoomed frame",
      text: formatShare(add(amounts.plus, amounts.minus), add(whole.plus, whole.minus)),
    });
  }
  return { name, notes, figures: labelled };
}

/** Returns a description in one line, for screen readers. */
export function spoken({ name, notes, figures }: FrameDetails): string {
  return [name, ...figures.map(({ label, text }) => `${label} ${text}`), ...notes].join(", ");
}
