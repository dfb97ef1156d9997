import type { Status } from "../../api/status";
import type { Key } from "../../i18n/translate";

export interface Step {
  text: Key;
  command: string;
}

/** The commands worth trying now, about the services and vendors that the server knows. */
export function nextSteps(status: Status): Step[] {
  const service = status.services.find(({ bindings }) => bindings.length > 0);
  const model = service?.bindings[0]?.models[0];
  const vendor = status.routes.find(({ model: id }) => id === model) ?? status.routes[0];
  const steps: (Step | false)[] = [
    status.demonstration && {
      text: "next.play",
      command: "changeover scenario play --until 2026-03-03",
    },
    status.services.length === 0 && {
      text: "next.apply",
      command: "changeover apply DIR --dry-run",
    },
    service !== undefined &&
      model !== undefined && {
        text: "next.decide",
        command: `changeover decide --service ${service.id} --model ${model}`,
      },
    vendor !== undefined && { text: "next.reach", command: `changeover reach ${vendor.maker}` },
    status.keys === 0 &&
      service !== undefined && {
        text: "next.keys",
        command: `changeover keys create ${service.id} --by NAME`,
      },
    { text: "next.orders", command: "changeover orders list" },
    { text: "next.ledger", command: "changeover ledger verify" },
  ];
  return steps.filter((step) => step !== false);
}
