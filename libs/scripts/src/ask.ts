// Run by the shims: asks the process that has started the script, prints what it says, and ends as it says.
import { connect } from "node:net";
import type { Answer, Question } from "./answers.ts";
import { createLineSplitter } from "./lines.ts";

process.exitCode = 1;
const question: Question = { argv: process.argv.slice(2) };
const socket = connect(process.env["PAI_ANSWERS"] ?? "");
const { write } = createLineSplitter((text) => {
  const answer = JSON.parse(text) as Answer;
  if ("exit" in answer) process.exitCode = answer.exit;
  else process.stdout.write(`${answer.line}\n`);
});
socket.on("data", write).on("error", ({ message }) => process.stderr.write(`${message}\n`));
socket.write(`${JSON.stringify(question)}\n`);
