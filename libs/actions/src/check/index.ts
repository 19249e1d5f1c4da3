export { allRules, formatResult, type CheckResult } from "@pai/check";
export { checkTree, type CheckOptions } from "./check.ts";
