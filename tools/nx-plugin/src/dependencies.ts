// The edges that Nx draws, from what the projects say of themselves: a plugin keeps nothing between two calls
// of Nx. They are no `implicitDependencies` of the projects, as Nx looks for each of those among all projects.
import type { DependencyType, ProjectConfiguration, RawProjectGraphDependency } from "@nx/devkit";

/** The edges of both graphs, kept apart: what Nx draws between projects is one kind. */
export interface EdgesOfService {
  readonly images: readonly string[];
  /** Own images that these start or copy from. */
  readonly needsImages: readonly string[];
  /** Own images that the manifests run. */
  readonly runsImages: readonly string[];
  readonly prerequisites: readonly string[];
}

/** Nx hands metadata that it does not know on as it is. */
export interface ServiceProject extends ProjectConfiguration {
  metadata?: ProjectConfiguration["metadata"] & { readonly pai?: { readonly edges: EdgesOfService } };
}

export function dependenciesOf(
  projects: Readonly<Record<string, ServiceProject>>,
): RawProjectGraphDependency[] {
  const services = Object.entries(projects).flatMap(([name, { metadata }]): [string, EdgesOfService][] =>
    metadata?.pai ? [[name, metadata.pai.edges]] : [],
  );
  // Of two services with one image the first counts.
  const owners = new Map(
    services.flatMap(([name, { images }]) => images.map((image) => [image, name] as const)).toReversed(),
  );
  return services.flatMap(([source, { needsImages, runsImages, prerequisites }]) => {
    const makers = [...needsImages, ...runsImages].flatMap((image) => owners.get(image) ?? []);
    return [...new Set([...makers, ...prerequisites])]
      .filter((target) => target !== source && Object.hasOwn(projects, target))
      .map((target) => ({ source, target, type: implicit }));
  });
}

// Nx keeps edges of other types until the file they come from changes, and any file can move an image. The
// enum itself would load @nx/devkit at every command.
const implicit = "implicit" as DependencyType.implicit;
