import { expect, test } from "vitest";
import { findImages, pinImages } from "./pin-images.ts";

const prefix = "127.0.0.1:5077/pai/";
const digest = `sha256:${"a".repeat(64)}`;
const text = `# image: 127.0.0.1:5077/pai/hbase:latest
containers:
- image: 127.0.0.1:5077/pai/hbase:latest   # main
  imagePullPolicy: Always
- {name: b, "image": "127.0.0.1:5077/pai/zookeeper:v1"}
- image: '127.0.0.1:5077/pai/hbase:latest'
- image: docker.io/library/busybox:1
- image: 127.0.0.1:5077/pai/pinned:1@${digest}
my-image: 127.0.0.1:5077/pai/hbase:latest
`;

test("finds the own registry's images with their lines", () => {
  expect(findImages(text, prefix)).toEqual([
    { reference: "127.0.0.1:5077/pai/hbase:latest", line: 3 },
    { reference: "127.0.0.1:5077/pai/zookeeper:v1", line: 5 },
    { reference: "127.0.0.1:5077/pai/hbase:latest", line: 6 },
    { reference: `127.0.0.1:5077/pai/pinned:1@${digest}`, line: 8 },
  ]);
});

test("pins those images and changes no other byte", () => {
  const digests = new Map([
    ["127.0.0.1:5077/pai/hbase:latest", digest],
    [`127.0.0.1:5077/pai/pinned:1@${digest}`, digest],
  ]);
  const pinned = pinImages(text, digests);
  expect(pinned.split("\n").filter((line, index) => line !== text.split("\n")[index])).toEqual([
    `- image: 127.0.0.1:5077/pai/hbase:latest@${digest}   # main`,
    `- image: '127.0.0.1:5077/pai/hbase:latest@${digest}'`,
  ]);
  expect(pinImages(pinned, digests)).toBe(pinned);
});
