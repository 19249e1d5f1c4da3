import { joinErrors } from "@pai/core";
import { readServices } from "@pai/model";
import { startOrder } from "@pai/plan";

/**
 * Throws what is wrong with the service and everything below it. The graph leaves edges out that Nx cannot
 * run (unknown names, cycles), so a task that got this far proves nothing about its prerequisites.
 */
export async function checkDeployable(root: string, services: readonly string[]): Promise<void> {
  const problems = startOrder(await readServices(root), services).flatMap((service) => service.problems);
  if (problems.length > 0) throw joinErrors(problems);
}
