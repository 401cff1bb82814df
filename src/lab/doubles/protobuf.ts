/** A field that is ready to be sent; nothing for a default value, as proto3 has it. */
export type Packed = Buffer;

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const nothing = Buffer.alloc(0);
const delimited = (field: number, bytes: Uint8Array): Packed =>
  Buffer.concat([varint(BigInt((field << 3) | 2)), varint(BigInt(bytes.length)), bytes]);

/** What a field is made of. A message is the concatenation of its fields. */
export const pack = {
  text: (field: number, value: string | undefined): Packed =>
    value === undefined || value === '' ? nothing : delimited(field, Buffer.from(value)),
  texts: (field: number, values: readonly string[]): Packed =>
    Buffer.concat(values.map((value) => delimited(field, Buffer.from(value)))),
  integer: (field: number, value: number | bigint | undefined): Packed =>
    value === undefined || BigInt(value) === 0n
      ? nothing
      : Buffer.concat([varint(BigInt(field << 3)), varint(BigInt(value))]),
  flag: (field: number, value: boolean | undefined): Packed =>
    value === true ? Buffer.concat([varint(BigInt(field << 3)), varint(1n)]) : nothing,
  message: (field: number, ...fields: readonly Packed[]): Packed => delimited(field, Buffer.concat(fields)),
  map: (field: number, map: Readonly<Record<string, string>>): Packed =>
    Buffer.concat(
      Object.entries(map).map(([key, value]) => pack.message(field, pack.text(1, key), pack.text(2, value))),
    ),
};

/** A message that was received: its fields are asked for by number, and have proto3's defaults where they were not sent. */
export interface Unpacked {
  readonly text: (field: number) => string;
  readonly texts: (field: number) => readonly string[];
  readonly bytes: (field: number) => Buffer;
  readonly integer: (field: number) => number;
  readonly long: (field: number) => bigint;
  readonly flag: (field: number) => boolean;
  readonly has: (field: number) => boolean;
  readonly message: (field: number) => Unpacked;
  readonly messages: (field: number) => readonly Unpacked[];
  readonly map: (field: number) => Readonly<Record<string, string>>;
}

interface Raw {
  readonly number: number;
  readonly value: bigint | Buffer;
}

function readVarint(bytes: Buffer, at: number): readonly [bigint, number] {
  let value = 0n;
  for (let shift = 0n, next = at; ; shift += 7n, next++) {
    const byte = bytes[next];
    if (byte === undefined) throw new Error('a message that ends inside a number');
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return [value, next + 1];
  }
}

function fieldsOf(bytes: Buffer): readonly Raw[] {
  const fields: Raw[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = readVarint(bytes, at);
    const number = Number(tag >> 3n);
    const [value, after] = readVarint(bytes, start);
    switch (Number(tag & 7n)) {
      case 0:
        fields.push({ number, value });
        at = after;
        break;
      case 2:
        fields.push({ number, value: bytes.subarray(after, after + Number(value)) });
        at = after + Number(value);
        break;
      case 1:
        at = start + 8;
        break;
      case 5:
        at = start + 4;
        break;
      default:
        throw new Error(`a field of unknown wire type in a message of ${bytes.length} bytes`);
    }
  }
  return fields;
}

export function unpack(bytes: Buffer): Unpacked {
  const fields = fieldsOf(bytes);
  const buffers = (field: number): readonly Buffer[] =>
    fields.flatMap((one) => (one.number === field && typeof one.value !== 'bigint' ? [one.value] : []));
  const long = (field: number): bigint => {
    const last = fields.findLast((one) => one.number === field)?.value;
    return typeof last === 'bigint' ? BigInt.asIntN(64, last) : 0n;
  };
  const messages = (field: number): readonly Unpacked[] => buffers(field).map(unpack);
  return {
    text: (field) => (buffers(field).at(-1) ?? nothing).toString(),
    texts: (field) => buffers(field).map(String),
    bytes: (field) => buffers(field).at(-1) ?? nothing,
    integer: (field) => Number(long(field)),
    long,
    flag: (field) => long(field) !== 0n,
    has: (field) => fields.some((one) => one.number === field),
    message: (field) => messages(field).at(-1) ?? unpack(nothing),
    messages,
    map: (field) => Object.fromEntries(messages(field).map((entry) => [entry.text(1), entry.text(2)])),
  };
}
