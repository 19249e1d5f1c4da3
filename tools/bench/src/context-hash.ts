// Time to walk and hash a build context:  node tools/bench/src/context-hash.ts [files] [megabytes]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { contentTag, fileHasher, walkContext } from "@pai/docker";

const [files = 10_000, megabytes = 100] = process.argv.slice(2).map(Number);
const root = mkdtempSync(path.join(tmpdir(), "pai-bench-context-"));
try {
  writeContext(files, megabytes);
  // The first turn also reads the files into the machine's memory, as a checkout or an edit has done.
  const turns = Array.from({ length: 8 }, () => hashContext()).slice(1);
  const best = (of: "wall" | "processor"): string => Math.min(...turns.map((turn) => turn[of])).toFixed(0);
  console.log(
    `${files} files, ${megabytes} MB: ${best("wall")} ms, of the processor ${best("processor")} ms`,
  );
} finally {
  rmSync(root, { recursive: true });
}

function writeContext(count: number, size: number): void {
  const content = Buffer.alloc(Math.floor((size * 1e6) / count), "x");
  for (let index = 0; index < count; index++) {
    const folder = path.join(root, "src/a", `folder-${index % 100}`);
    if (index < 100) mkdirSync(folder, { recursive: true });
    content.writeUInt32BE(index);
    writeFileSync(path.join(folder, `file-${index}`), content);
  }
}

/** Milliseconds; on a busy machine only those of the processor tell. */
function hashContext(): { readonly wall: number; readonly processor: number } {
  const started = performance.now();
  const before = process.cpuUsage();
  const folders = [{ source: "src/a", target: "" }];
  const entries = walkContext({ root, folders, ignore: [], paths: ["."] });
  const dockerfile = { path: "build/a.dockerfile", text: "FROM scratch\nCOPY . /\n" };
  contentTag(
    { entries, dockerfile, bases: [], hooks: [], hookReads: [], network: "host", settings: {} },
    fileHasher(root),
  );
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - started, processor: (user + system) / 1000 };
}
