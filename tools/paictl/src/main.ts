#!/usr/bin/env node
import { commandGroup, runCli } from "@pai/cli";
import packageJson from "../package.json" with { type: "json" };
import { model } from "./commands/config/model.ts";
import { check } from "./commands/check.ts";
import { delete_ } from "./commands/delete.ts";
import { refresh } from "./commands/refresh.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";

await runCli({
  name: "paictl",
  version: packageJson.version,
  describe: "Runs the services of src/<service>/deploy on a Kubernetes cluster.",
  argv: process.argv.slice(2),
  commands: [
    check,
    commandGroup({
      command: "service",
      describe: "start, stop, delete, refresh services, or show how they are",
      commands: [start, stop, delete_, refresh, status],
    }),
    commandGroup({ command: "config", describe: "show the configuration of a cluster", commands: [model] }),
  ],
  examples: [
    ["paictl service start -p configuration -n hbase", "starts hbase and what it needs"],
    ["paictl service status", "shows every service"],
  ],
});
