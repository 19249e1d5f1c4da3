export { explainService, type ExplainedSetting } from "../config/explain.ts";
export type { Origin } from "../config/origin.ts";
export { findUses, type SettingUse } from "../config/uses.ts";
export { renderServices, writeRendered, type RenderResult } from "./render.ts";
