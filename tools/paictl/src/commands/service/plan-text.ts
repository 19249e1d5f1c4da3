// A plan as people read it: what happens to whom, field by field, and nothing of what stays.
import type { DeploymentPlan, FieldView, ObjectChange, ServicePlan } from "@pai/actions/deploy";

type Ref = ObjectChange["ref"];

const signs: Readonly<Record<ObjectChange["change"], string>> = {
  create: "+",
  change: "~",
  recreate: "!",
  prune: "-",
  keep: "=",
  unchanged: "=",
  refused: "x",
};
/** More lines of one text are counted, not shown. */
const maxLines = 40;

export function formatPlan(plan: DeploymentPlan): string {
  const { cluster, configuration, order, services, nodes } = plan;
  const id = cluster.id === undefined ? "" : `, id ${cluster.id}`;
  const unchanged = services.filter(({ outcome }) => outcome === "unchanged").map(({ service }) => service);
  return [
    `cluster ${cluster.context} (${cluster.server}${id}) · configuration ${configuration}`,
    `  order   ${order.map((level) => level.join(", ")).join(" · ")}`,
    ...nodes.map(({ node, added, removed }) => {
      const labels = [...added.map((label) => `+${label}`), ...removed.map((label) => `-${label}`)];
      return `  ~ Node ${node}   labels ${labels.join(" ")}`;
    }),
    ...(unchanged.length > 0 ? [`  unchanged   ${unchanged.join(", ")}`] : []),
    ...services.filter(({ outcome }) => outcome !== "unchanged").flatMap(formatService),
    summaryOf(plan),
  ].join("\n");
}

function formatService({ service, outcome, revision, objects, images }: ServicePlan): string[] {
  return [
    `  ${service}   ${headOf(outcome, revision)}`,
    ...formatObjects(objects),
    ...images.map((image) => `      image ${image}`),
  ];
}

function headOf(outcome: ServicePlan["outcome"], revision: ServicePlan["revision"]): string {
  if (outcome === "script") return "its start-script will run, and decides; its manifests differ in:";
  const { from, to } = revision ?? { to: 1 };
  return from === undefined ? `revision ${to}` : `revision ${from} -> ${to}`;
}

export function formatObjects(objects: readonly ObjectChange[]): string[] {
  const unchanged = objects.filter(({ change }) => change === "unchanged");
  return [
    ...objects.filter(({ change }) => change !== "unchanged").flatMap(formatObject),
    ...(unchanged.length > 0 ? [`    = ${unchanged.length} unchanged`] : []),
  ];
}

function formatObject({ ref, change, fields, restarts, note }: ObjectChange): string[] {
  const remarks = [
    ...(change === "recreate" ? ["is deleted and made anew"] : []),
    ...(change === "prune" ? ["no longer in the manifests, deleted"] : []),
    ...(change === "keep" ? ["no longer in the manifests, kept"] : []),
    ...(restarts ? [`will restart ${count(restarts.pods, "pod")}: ${restarts.because}`] : []),
    ...(note === undefined ? [] : [note]),
  ];
  return [
    `    ${signs[change]} ${nameOf(ref)}${remarks.length > 0 ? `   ${remarks.join("; ")}` : ""}`,
    ...fields.flatMap(formatField),
  ];
}

function nameOf({ kind, namespace, name }: Ref): string {
  return namespace === undefined || namespace === "default"
    ? `${kind} ${name}`
    : `${kind} ${namespace}/${name}`;
}

function formatField(field: FieldView): string[] {
  const { path } = field;
  if (field.kind === "secret") return [`        ${path}   changed (secret)`];
  if (field.kind === "value") {
    const { before, after } = field;
    if (before === undefined) return [`        ${path}   + ${after}`];
    return [`        ${path}   ${after === undefined ? `- ${before}` : `${before} -> ${after}`}`];
  }
  const lines = field.lines
    .slice(0, maxLines)
    .map(({ sign, line, text }) => `        ${path}:${line}   ${sign} ${text}`);
  const more = field.lines.length - lines.length;
  return more > 0 ? [...lines, `        ${path}   ${more} more lines differ`] : lines;
}

function summaryOf({ services, nodes }: DeploymentPlan): string {
  const objects = services.flatMap((service) => service.objects);
  const scripts = services.filter(({ outcome }) => outcome === "script").length;
  const of = (...kinds: ObjectChange["change"][]): number =>
    objects.filter(({ change }) => kinds.includes(change)).length;
  const parts = [
    [of("create"), "to create"],
    [of("change"), "to change"],
    [of("recreate"), "to make anew"],
    [of("prune"), "to delete"],
    [of("refused"), "refused"],
    [nodes.length, nodes.length === 1 ? "node to label" : "nodes to label"],
    [scripts, scripts === 1 ? "script to run" : "scripts to run"],
  ] as const;
  const text = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return text.length > 0 ? text.join(", ") : "nothing to do";
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
