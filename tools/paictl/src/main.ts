#!/usr/bin/env node
import { commandGroup, runCli } from "@pai/cli";
import packageJson from "../package.json" with { type: "json" };
import { explain } from "./commands/config/explain.ts";
import { model } from "./commands/config/model.ts";
import { uses } from "./commands/config/uses.ts";
import { check } from "./commands/check.ts";
import { delete_ } from "./commands/delete.ts";
import { refresh } from "./commands/refresh.ts";
import { render } from "./commands/service/render.ts";
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
      describe: "start, stop, delete, refresh services, show how they are, or render them",
      commands: [start, stop, delete_, refresh, status, render],
    }),
    commandGroup({
      command: "config",
      describe: "show the configuration of a cluster",
      commands: [model, uses, explain],
    }),
  ],
  examples: [
    ["paictl service start -p configuration -n hbase", "starts hbase and what it needs"],
    ["paictl service status", "shows every service"],
  ],
});
