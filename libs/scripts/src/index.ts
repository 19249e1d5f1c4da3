export { startPython, type PythonOptions, type PythonProcess } from "./python.ts";
export { runScript, type ScriptOptions } from "./run-script.ts";
export { shimFolder } from "./shims.ts";
export { runTool, type ToolResult } from "./run-tool.ts";
export { openAnswers } from "./answers.ts";
