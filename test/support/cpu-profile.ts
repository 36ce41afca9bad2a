/** The layout of numbers in a binary CPU profile. */
export interface Layout {
  bytes: 4 | 8;
  littleEndian: boolean;
}

export const LAYOUTS: Layout[] = [
  { bytes: 8, littleEndian: true },
  { bytes: 8, littleEndian: false },
  { bytes: 4, littleEndian: true },
  { bytes: 4, littleEndian: false },
];

const HEADER = { language: 0, period: 10_000, end: true };

/** Writes samples, as `[count, address...]`, and text in gperftools' CPU profile format. */
export function writeCpuProfile(
  samples: (number | bigint)[][],
  text = "",
  { bytes, littleEndian }: Layout = LAYOUTS[0],
  header: Partial<typeof HEADER> = {},
): Uint8Array {
  const { language, period, end } = { ...HEADER, ...header };
  const words = [0, 3, language, period, 0];
  const all = [
    ...words,
    ...samples.flatMap(([count, ...stack]) => [count, stack.length, ...stack]),
    ...(end ? [0, 1, 0] : []),
  ];
  const view = new DataView(new ArrayBuffer(all.length * bytes));
  all.forEach((word, i) => {
    if (bytes === 8) view.setBigUint64(i * 8, BigInt(word), littleEndian);
    else view.setUint32(i * 4, Number(word), littleEndian);
  });
  return Buffer.concat([new Uint8Array(view.buffer), Buffer.from(text)]);
}
