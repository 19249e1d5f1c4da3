// A small command line for run-cli.test.ts, which runs it as a process of its own.
import { PaiError } from "@pai/core";
import { setTimeout as sleep } from "node:timers/promises";
import { command, commandGroup, runCli } from "./index.ts";

const greet = command({
  command: "greet",
  describe: "say hello",
  options: {
    name: { type: "string", demandOption: true, describe: "whom" },
    friends: { type: "string", array: true, describe: "whom else" },
  },
  examples: [["demo greet --name you", "greets you"]],
  async run({ name }, { print, report }) {
    report({ type: "planned", action: "start", services: [name] });
    print(`hello ${name}`);
  },
});
const break_ = command({
  command: "break",
  describe: "fail as expected",
  options: {},
  run: () =>
    Promise.reject(
      new PaiError("CONFIG_INVALID", "read layout.yaml", {
        hint: "write one",
        location: { file: "layout.yaml", line: 3 },
      }),
    ),
});
const bug = command({
  command: "bug",
  describe: "fail unexpectedly",
  options: {},
  run: () => Promise.reject(new TypeError("oops")),
});
const crash = command({
  command: "crash",
  describe: "fail where nobody catches it",
  options: {},
  async run(_, { report }) {
    const tasks = [{ service: "hbase", needs: [] }];
    report({ type: "planned", action: "start", services: ["hbase"], tasks });
    report({ type: "started", action: "start", service: "hbase" });
    setTimeout(() => {
      throw new Error("nobody catches this");
    }, 3000);
    await sleep(60_000);
  },
});
const wait = command({
  command: "wait",
  describe: "wait for Ctrl-C",
  options: {},
  async run(_, { signal, print }) {
    print("waiting");
    await sleep(60_000, undefined, { signal });
  },
});

await runCli({
  name: "demo",
  version: "1.2.3",
  describe: "A demonstration.",
  argv: process.argv.slice(2),
  complete: { after: ["--name"], names: (root) => Promise.resolve(["you", "world", root]) },
  commands: [
    greet,
    break_,
    bug,
    crash,
    wait,
    commandGroup({ command: "service", describe: "services", commands: [wait] }),
  ],
});
