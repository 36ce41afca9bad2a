import { indexColumn, Uint32Builder } from "../profile/columns.js";
import type { LocationIndex } from "../profile/indices.js";
import type { NodeTable } from "../view/node-table.js";
import type { View } from "../view/view.js";

/** The kinds of locations: without nodes, with unwanted nodes only, and with a wanted node. */
const NO_NODES = 0;
const OTHER_NODES = 1;
const WANTED_NODES = 2;

/**
 * Returns a view with shorter stacks, for passes that only look at the nodes with a 1 in `wanted`.
 * Keeps the locations of these nodes, and one location of each run of others. So the leaf of each
 * stack stays, and edges between wanted nodes still show whether other nodes lie between them.
 */
export function collapseStacks(view: View, nodes: NodeTable, wanted: Uint8Array): View {
  const { samples, stackStart, stackEnd, profile } = view;
  const { stackLocations } = profile.samples;
  const kinds = kindsOf(nodes, wanted);
  const offsets = new Uint32Array(samples.length + 1);
  const thin = new Uint32Builder();
  // Reserve everything first; growing in steps would copy the array again and again.
  thin.reserve(stackLocations.length);
  for (let sample = 0; sample < samples.length; sample++) {
    if (samples[sample]) {
      const start = stackStart[sample];
      const end = stackEnd[sample];
      const array = thin.reserve(end - start);
      const begin = thin.length;
      let length = begin;
      let before = NO_NODES;
      for (let i = start; i < end; i++) {
        const location = stackLocations[i];
        const kind = kinds[location];
        if (kind === NO_NODES || (kind === OTHER_NODES && before === OTHER_NODES)) continue;
        array[length++] = location;
        before = kind;
      }
      thin.advance(length - begin);
    }
    offsets[sample + 1] = thin.length;
  }
  const table = {
    ...profile.samples,
    stackOffsets: offsets,
    stackLocations: indexColumn<LocationIndex>(thin.finish()),
  };
  return {
    ...view,
    profile: { ...profile, samples: table },
    stackStart: offsets.subarray(0, samples.length),
    stackEnd: offsets.subarray(1),
  };
}

function kindsOf({ locationOffsets, locationNodes }: NodeTable, wanted: Uint8Array): Uint8Array {
  const kinds = new Uint8Array(locationOffsets.length - 1);
  for (let location = 0; location < kinds.length; location++) {
    const end = locationOffsets[location + 1];
    for (let i = locationOffsets[location]; i < end; i++) {
      if (wanted[locationNodes[i]]) kinds[location] = WANTED_NODES;
      else if (kinds[location] === NO_NODES) kinds[location] = OTHER_NODES;
    }
  }
  return kinds;
}
