import { expect, test } from "vitest";
import { decodeFields, encodeField } from "./protobuf.ts";
import { decodeTrace } from "./trace.ts";

const varint = (number: number, value: number): Buffer => Buffer.from([number << 3, value]);
// 1 s and 500000000 ns; the latter as a varint by hand.
const time = Buffer.concat([varint(1, 1), Buffer.from([2 << 3, 0x80, 0xca, 0xb5, 0xee, 0x01])]);

test("reads steps and their output", () => {
  const vertex = Buffer.concat([
    encodeField(1, "sha256:1"),
    encodeField(3, "[1/2] RUN make"),
    varint(4, 1),
    encodeField(5, time),
    encodeField(7, "exit code: 2"),
  ]);
  const log = Buffer.concat([encodeField(1, "sha256:1"), varint(3, 1), encodeField(4, "é")]);
  const message = Buffer.concat([encodeField(1, vertex), encodeField(3, log)]);
  expect(decodeTrace(message.toString("base64"))).toEqual({
    vertices: [
      { digest: "sha256:1", name: "[1/2] RUN make", cached: true, started: 1500, error: "exit code: 2" },
    ],
    logs: [{ vertex: "sha256:1", bytes: Buffer.from("é") }],
  });
});

test("a field longer than 127 bytes survives the round trip", () => {
  const text = "x".repeat(70_000);
  const value = decodeFields(encodeField(2, text)).get(2)?.[0];
  expect(Buffer.from(value as Uint8Array).toString()).toBe(text);
});

test("a cut message is an error, not an endless loop", () => {
  expect(() => decodeFields(Buffer.from([0x0a, 0x80]))).toThrow("cut message");
});
