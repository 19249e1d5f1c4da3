export { findPresentImages, type PresentImages } from "./find-present.ts";
export { readReceipts } from "./read-receipts.ts";
