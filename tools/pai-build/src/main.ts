import { runCli } from "@pai/cli";
import packageJson from "../package.json" with { type: "json" };
import { build } from "./commands/build.ts";
import { login } from "./commands/login.ts";
import { completeServices } from "./commands/complete-services.ts";
import { explain } from "./commands/explain.ts";
import { graph } from "./commands/graph.ts";
import { list } from "./commands/list.ts";
import { prune } from "./commands/prune.ts";
import { push } from "./commands/push.ts";

await runCli({
  name: "pai-build",
  version: packageJson.version,
  describe: "Builds the images of src/<service>/build/*.dockerfile and pushes them to the registry.",
  argv: process.argv.slice(2),
  complete: completeServices,
  commands: [build, push, explain, list, graph, prune, login],
  examples: [
    ["pai-build build -c configuration", "builds every image that is not built yet"],
    ["pai-build build -c configuration -s hbase", "builds hbase and the images it starts from"],
    ["pai-build push -c configuration -i hbase", "pushes one image"],
  ],
});
