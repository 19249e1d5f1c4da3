import { expect, test } from "vitest";
import { cutEnd, cutMiddle, padTo, printable, wrap } from "./cells.ts";

test("wide characters count as two columns", () => {
  expect(cutEnd("数据节点", 5)).toBe("数据…");
  expect(padTo("数据", 6)).toBe("数据  ");
  expect(cutMiddle("数据数据节点", 7)).toBe("数…点");
});

test("a name loses its middle, a text its end", () => {
  expect(cutMiddle("hadoop-resource-manager", 11)).toBe("hadoo…nager");
  expect(cutEnd("RUN apt-get install", 8)).toBe("RUN apt…");
  expect(cutMiddle("hbase", 11)).toBe("hbase");
});

test("a reason is broken between words, and within one that is too long", () => {
  expect(wrap("image 127.0.0.1:5000/x: not found", 14)).toEqual(["image", "127.0.0.1:5000", "/x: not found"]);
});

test("colours and control characters of foreign output are left out", () => {
  expect(printable("\u001B[31mred\u001B[0m\u0007\ttab\u001B[2K")).toBe("red    tab");
});
