/** The kubelet's answer, with status 200, for a container that it has removed already. */
export function isRemovedLog(text: string): boolean {
  return text.startsWith("unable to retrieve container logs for ");
}
