import type { Report } from "@pai/core";
import type { ImageIdentity } from "./identity.ts";
import { megabytes } from "./report.ts";

const progressEveryMs = 2000;

/** Tells now and then how much of an image has been sent, and at once when the connection is lost. */
export function progressOf(
  report: Report,
  { image }: ImageIdentity,
  doing: string,
): (progress: { readonly sent: number; readonly total: number; readonly trouble?: string }) => void {
  let said = performance.now();
  let inTrouble = false;
  return ({ sent, total, trouble }) => {
    const isNews = trouble !== undefined && !inTrouble;
    inTrouble = trouble !== undefined;
    if (!isNews && performance.now() - said < progressEveryMs) return;
    said = performance.now();
    const text = trouble === undefined ? "" : `, connection lost: ${trouble.toLowerCase()}`;
    report({
      type: "progress",
      service: image.service.name,
      image: image.name,
      text: `${doing} ${megabytes(sent)} of ${megabytes(total)}${text}`,
    });
  };
}
