/** Writes protobuf's wire format. */
class Writer {
  #pieces = [];
  length = 0;

  bytes(piece) {
    this.#pieces.push(piece);
    this.length += piece.length;
  }

  number(field, value) {
    this.bytes(Buffer.from([...varint(BigInt(field) << 3n), ...varint(BigInt(value))]));
  }

  message(field, piece) {
    this.bytes(
      Buffer.from([...varint((BigInt(field) << 3n) | 2n), ...varint(BigInt(piece.length))]),
    );
    this.bytes(piece);
  }

  finish() {
    return Buffer.concat(this.#pieces);
  }
}

function varint(value) {
  let left = BigInt.asUintN(64, value);
  const bytes = [];
  while (left > 0x7fn) {
    bytes.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  bytes.push(Number(left));
  return bytes;
}

function fields(list) {
  const writer = new Writer();
  for (const [field, value] of list) {
    if (Buffer.isBuffer(value)) writer.message(field, value);
    else writer.number(field, value);
  }
  return writer.finish();
}

const packed = (values) => Buffer.from(values.flatMap((value) => varint(BigInt(value))));

/** Returns copies of `piece` in one buffer. */
const repeated = (piece, count) => Buffer.alloc(piece.length * count, piece);

/** Writes profile.proto. A table has one row or as many as fit; stacks may be long. */
export function proto(random, size) {
  const writer = new Writer();
  const types = random.chance(0.1) ? random.count(1100) : random.count(3);
  for (let i = 0; i < types; i++)
    writer.message(
      1,
      fields([
        [1, 1 + (i % 3)],
        [2, 2],
      ]),
    );
  const functions = random.count(size / 40);
  const locations = random.count(size / 40);
  const linesOfFirst = random.chance(0.3) ? random.count(size / 8) : 1;
  const mappings = random.chance(0.3) ? random.count(size / 40) : random.below(2);
  const named = random.names(functions, size / 4);
  const strings = ["", "cpu", "nanoseconds", "key"];
  const indices = new Map();
  const string = (text) => {
    if (!indices.has(text)) indices.set(text, strings.push(text) - 1);
    return indices.get(text);
  };
  for (let i = 0; i < mappings; i++) {
    const flags = random.chance(0.5) ? [[7, 1]] : [];
    const range = [
      [2, 4096 * (i + 1)],
      [3, 4096 * (i + 2)],
    ];
    writer.message(3, fields([[1, i + 1], ...range, [5, string(`/bin/${named(i)}`)], ...flags]));
  }
  const file = random.pick([() => "main.go", (i) => `${named(i)}.js`, (i) => `/src/${i}.ts`]);
  for (let i = 0; i < functions; i++) {
    const name = string(named(i));
    writer.message(
      5,
      fields([
        [1, i + 1],
        [2, name],
        [3, name],
        [4, string(file(i))],
      ]),
    );
  }
  const line = (i) =>
    fields([
      [1, 1 + (i % functions)],
      [2, random.chance(0.9) ? i : random.below(2 ** 31)],
    ]);
  const symbols = random.chance(0.8);
  for (let i = 0; i < locations; i++) {
    const writerOfOne = new Writer();
    writerOfOne.number(1, i + 1);
    if (mappings > 0) writerOfOne.number(2, 1 + (i % mappings));
    writerOfOne.number(3, 4096 * (1 + (i % Math.max(1, mappings))) + (i % 4096));
    if (symbols) {
      const wire = fields([[4, line(i)]]);
      writerOfOne.bytes(repeated(wire, i === 0 ? linesOfFirst : 1));
    }
    writer.message(4, writerOfOne.finish());
  }
  const left = Math.max(100, size - writer.length);
  const depth = random.count(left);
  const values = packed(
    Array.from({ length: types }, () => random.pick([0, 1, 1, 7, 2n ** 62n, -5])),
  );
  const ids = random.pick(["same", "cycle", "random"]);
  const frames = Math.min(depth, 200_000);
  const some = packed(
    Array.from({ length: frames }, (_, i) => {
      return 1 + (ids === "same" ? 0 : ids === "cycle" ? i % locations : random.below(locations));
    }),
  );
  const stack = depth > frames ? repeated(some, Math.floor(depth / frames)) : some;
  const labels = new Writer();
  const labelCount = random.chance(0.2) ? random.count(left / 10) : random.below(3);
  const label = fields([[1, 3], random.chance(0.5) ? [3, random.below(2 ** 31)] : [2, 1]]);
  labels.bytes(repeated(fields([[3, label]]), labelCount));
  const sample = (i) => {
    const one = new Writer();
    one.message(1, i === 0 ? stack : packed([1 + (i % locations), 1 + ((i * 7) % locations)]));
    one.message(2, values);
    if (i === 0 || random.chance(0.1)) one.bytes(labels.finish());
    return one.finish();
  };
  const distinct = random.count(1000);
  for (let i = 0; i < distinct && writer.length < size; i++) writer.message(2, sample(i));
  const again = fields([[2, sample(random.below(2))]]);
  writer.bytes(repeated(again, random.count(Math.max(1, (size - writer.length) / again.length))));
  for (const text of strings) writer.message(6, Buffer.from(text));
  if (random.chance(0.2)) writer.message(13, repeated(Buffer.of(3), random.count(size / 10)));
  return writer.finish();
}
