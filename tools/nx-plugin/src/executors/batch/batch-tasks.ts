import path from "node:path";
import type { ExecutorContext, TaskGraph } from "@nx/devkit";
import type { ImageOptions } from "../image-options.ts";

/** One Nx task of a batch. */
export interface BatchTask<O> {
  readonly id: string;
  readonly service: string;
  /** One image of the service; all when absent. */
  readonly image?: string;
  readonly options: O;
  /** Ids of tasks of the same batch that come before. */
  readonly needs: readonly string[];
}

export function tasksOf<O extends ImageOptions>(
  { tasks, dependencies }: TaskGraph,
  options: Readonly<Record<string, O>>,
  { projectsConfigurations }: ExecutorContext,
): BatchTask<O>[] {
  return Object.values(tasks).flatMap(({ id, target }) => {
    const own = options[id];
    if (!own) return [];
    // The folder is the service; a project.json may call the project something else.
    const { root = target.project } = projectsConfigurations.projects[target.project] ?? {};
    const { image } = own;
    return {
      id,
      service: path.posix.basename(root),
      ...(image === undefined ? {} : { image }),
      options: own,
      needs: (dependencies[id] ?? []).map((dependency) => dependency.id),
    };
  });
}

/** Tasks with the same options can be one run; an action takes either services or single images. */
export function groupByOptions<O extends ImageOptions>(tasks: readonly BatchTask<O>[]): BatchTask<O>[][] {
  const keyOf = ({ options: { image, ...rest } }: BatchTask<O>): string =>
    JSON.stringify([image !== undefined, rest]);
  return [...Map.groupBy(tasks, keyOf).values()];
}
