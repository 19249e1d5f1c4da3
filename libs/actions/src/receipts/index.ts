export { findPresentImages, type PresentImages } from "./find-present.ts";
export { readReceipt } from "../build/receipt.ts";
