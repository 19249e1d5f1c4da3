import { expect, test } from "vitest";
import { formatImageReference, parseImageReference } from "./image-reference.ts";

test.each([
  ["debian:bookworm-slim", "docker.io/library/debian:bookworm-slim"],
  ["hbase", "docker.io/library/hbase"],
  ["pai/hbase:1", "docker.io/pai/hbase:1"],
  ["localhost/hbase", "localhost/hbase"],
  ["127.0.0.1:5077/pai/hbase:latest", "127.0.0.1:5077/pai/hbase:latest"],
  ["registry.example/a/b-c_d:v1.0", "registry.example/a/b-c_d:v1.0"],
  [
    "127.0.0.1:5077/pai/hbase:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "127.0.0.1:5077/pai/hbase:latest@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  ],
])("%s means %s", (text, full) => {
  expect(formatImageReference(parseImageReference(text))).toBe(full);
});

test.each(["", "UPPER/case", "a:b:c", "a b", "host/../x", "a@sha256:zz", "-x/$y"])("refuses %j", (text) => {
  expect(() => parseImageReference(text)).toThrow("is not an image reference");
});
