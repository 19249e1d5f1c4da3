export { lookAtImages } from "./look-at-images.ts";
export { readReceipt } from "../build/receipt.ts";
