export { findAffected, type AffectedOptions, type AffectedResult } from "./affected.ts";
export type { AffectedService, Reason } from "./compare.ts";
