import { commandGroup, runCli } from "@pai/cli";
import packageJson from "../package.json" with { type: "json" };
import { diff } from "./commands/config/diff.ts";
import { explain } from "./commands/config/explain.ts";
import { externalConfigUpdate } from "./commands/config/external-config-update.ts";
import { generate } from "./commands/config/generate.ts";
import { getId } from "./commands/config/get-id.ts";
import { layout } from "./commands/config/layout.ts";
import { model } from "./commands/config/model.ts";
import { pull } from "./commands/config/pull.ts";
import { push } from "./commands/config/push.ts";
import { validate } from "./commands/config/validate.ts";
import { uses } from "./commands/config/uses.ts";
import { affected } from "./commands/affected.ts";
import { check } from "./commands/check.ts";
import { completeServices } from "./commands/complete-services.ts";
import { delete_ } from "./commands/delete.ts";
import { refresh } from "./commands/refresh.ts";
import { retired } from "./commands/retired.ts";
import { convert } from "./commands/service/convert.ts";
import { history } from "./commands/service/history.ts";
import { plan } from "./commands/service/plan.ts";
import { render } from "./commands/service/render.ts";
import { rollback } from "./commands/service/rollback.ts";
import { events } from "./commands/events.ts";
import { logs } from "./commands/logs.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { stop } from "./commands/stop.ts";
import { upgrade } from "./commands/upgrade.ts";

await runCli({
  name: "paictl",
  version: packageJson.version,
  describe: "Runs the services of src/<service>/deploy on a Kubernetes cluster.",
  argv: process.argv.slice(2),
  complete: completeServices,
  commands: [
    check,
    commandGroup({
      command: "service",
      describe: "start, stop, delete, refresh, upgrade services, show how they are, or render them",
      commands: [
        start,
        stop,
        delete_,
        refresh,
        upgrade,
        status,
        logs,
        events,
        plan,
        history,
        rollback,
        convert,
        render,
      ],
    }),
    commandGroup({
      command: "config",
      describe: "make, check, show and compare the configuration of a cluster, and keep it there",
      commands: [
        generate,
        validate,
        layout,
        push,
        pull,
        getId,
        externalConfigUpdate,
        diff,
        model,
        uses,
        explain,
      ],
    }),
    affected,
    layout,
    ...retired,
  ],
  examples: [
    ["paictl service start -p configuration -n hbase", "starts hbase and what it needs"],
    ["paictl service status", "shows every service"],
  ],
});
