export { lookAtImages } from "./look-at-images.ts";
export { readReceipts } from "../build/receipt.ts";
