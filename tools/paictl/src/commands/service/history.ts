import { command } from "@pai/cli";
import { choiceOptions, serviceOptions, withTarget } from "../options.ts";
import { oneService } from "./one-service.ts";

export const history = command({
  command: "history",
  describe: "show the revisions of a service that the cluster keeps, the newest first",
  options: { ...serviceOptions, ...choiceOptions },
  examples: [["paictl service history -n hbase", "what hbase can go back to"]],
  async run(options, { report, signal, output, print }) {
    const service = oneService(options["service-name"]);
    const { serviceHistory } = await import("@pai/actions/deploy");
    const revisions = await withTarget(options, { report, signal }, (target) =>
      serviceHistory({ ...target, service, report, signal }),
    );
    if (output === "json") {
      for (const revision of revisions) print(JSON.stringify({ type: "revision", service, ...revision }));
      return;
    }
    if (revisions.length === 0) print(`${service} has no revisions: it was never started`);
    for (const { number, state, time, objectCount, images, of } of revisions) {
      const remark = [state === "ready" ? "" : "never ready", of === undefined ? "" : `revision ${of} again`];
      const left = `  ${String(number).padStart(4)}   ${time.slice(0, 19)}Z   ${objectCount} objects`;
      print([left, ...remark.filter(Boolean)].join("   "));
      for (const image of images) print(`         ${image}`);
    }
  },
});
