// Runs once before the tasks of an nx command are hashed, and never fails: an exception here ends the run.
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import type { PreTasksExecution } from "@nx/devkit";
import { imageNameOf } from "@pai/model";
import { imageVariable } from "../image-variable.ts";
import type { PluginOptions } from "../options.ts";
import { imageSettings } from "../executors/image-options.ts";
import { readWords, type CommandWords } from "./command-words.ts";
import { nextTokens, readTokens, writeTokens, type ImageTokens } from "./tokens.ts";

/** A registry that does not answer must not hold up commands that have nothing to do with it. */
const answerWithinMs = 10_000;

/**
 * Sets the variables of all images of the tree: to where an image is, as its token, and to what it would be
 * built from now, as its content tag.
 */
export const beforeTasks: PreTasksExecution<PluginOptions> = async (options, { workspaceRoot, argv }) => {
  const images = findImages(workspaceRoot);
  if (images.length === 0) return;
  const words = readWords(argv);
  const file = path.join(dataFolder(workspaceRoot), "pai-images.json");
  // Tasks are processes of their own, and most of what they do first is to compile the same files again.
  process.env.NODE_COMPILE_CACHE ??= path.join(dataFolder(workspaceRoot), "compiled");
  const known = words.asksAnew ? {} : readTokens(file);
  const configuration =
    words.options.config ?? options?.config ?? process.env.PAI_CONFIGURATION ?? "configuration";
  const { tokens, contentTags } = await look({ root: workspaceRoot, configuration, words }, images, known);
  for (const [image, { token }] of Object.entries(tokens)) {
    // What has no content tag, its build can tell why.
    process.env[imageVariable(image)] = `${token} ${contentTags.get(image) ?? randomUUID()}`;
  }
  try {
    writeTokens(file, tokens);
  } catch {
    // The next command then asks with new tokens.
  }
};

async function look(
  command: { readonly root: string; readonly configuration: string; readonly words: CommandWords },
  images: readonly string[],
  known: ImageTokens,
): Promise<{ readonly tokens: ImageTokens; readonly contentTags: ReadonlyMap<string, string> }> {
  const { root, configuration, words } = command;
  const newToken = (): string => randomUUID();
  try {
    const { lookAtImages, readReceipts } = await import("@pai/actions/receipts");
    const receipts = new Map([...readReceipts(root)].map(([image, { reference }]) => [image, reference]));
    const built = images.flatMap((image) => {
      const references = [receipts.get(image) ?? [], Object.keys(known[image]?.references ?? {})].flat();
      return receipts.has(image) ? [...new Set(references)].map((reference) => ({ image, reference })) : [];
    });
    const { buildArgs, engines, lockFile, locked } = imageSettings(words.options);
    const { present, contentTags } = await lookAtImages({
      root,
      configuration,
      built,
      buildArgs,
      engines,
      lockFile,
      locked,
      // Public registries count who asks: a command without images goes by what the last build noted.
      asksForBases: words.nameImageTasks,
      signal: AbortSignal.timeout(answerWithinMs),
    });
    return { tokens: nextTokens(images, known, { receipts, present, newToken }), contentTags };
  } catch {
    const nothing = { receipts: new Map(), present: new Map(), newToken };
    return { tokens: nextTokens(images, {}, nothing), contentTags: new Map() };
  }
}

/** By the names of the Dockerfiles alone: reading them would take as long as the graph does. */
function findImages(root: string): string[] {
  return entriesOf(path.join(root, "src")).flatMap((service) =>
    entriesOf(path.join(root, "src", service, "build"))
      .filter((name) => name.endsWith(".dockerfile"))
      .map(imageNameOf),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function dataFolder(root: string): string {
  return process.env.NX_WORKSPACE_DATA_DIRECTORY ?? path.join(root, ".nx/workspace-data");
}
