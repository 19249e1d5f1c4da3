// The little of protocol buffers that talking to BuildKit takes; a library costs 30 to 150 ms to load.

/** Field number -> its values in order: varints as bigint, everything with a length as bytes. */
export type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

/** Throws RangeError when the message is cut. */
export function decodeFields(bytes: Uint8Array): Fields {
  const found = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError("cut message");
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    let value: bigint | Uint8Array = 0n;
    if ((key & 7) === 0) value = varint();
    else if ((key & 7) === 2) {
      const size = Number(varint());
      value = bytes.subarray(at, (at += size));
    } else at += (key & 7) === 1 ? 8 : 4;
    found.set(key >>> 3, [...(found.get(key >>> 3) ?? []), value]);
  }
  return found;
}

/** The last value of a field as text, empty when absent. */
export function textOf(fields: Fields, number: number): string {
  const value = fields.get(number)?.at(-1);
  return value instanceof Uint8Array ? Buffer.from(value).toString() : "";
}

export function numberOf(fields: Fields, number: number): number | undefined {
  const value = fields.get(number)?.at(-1);
  return typeof value === "bigint" ? Number(value) : undefined;
}

export function messagesOf(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).filter((value) => value instanceof Uint8Array).map(decodeFields);
}

/** One field with a length: text, bytes or a message. */
export function encodeField(number: number, value: string | Uint8Array): Buffer {
  const data = Buffer.from(value as string);
  const size: number[] = [];
  for (let rest = data.length; ; rest >>>= 7) {
    if (rest < 0x80) {
      size.push(rest);
      break;
    }
    size.push((rest & 0x7f) | 0x80);
  }
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...size]), data]);
}
