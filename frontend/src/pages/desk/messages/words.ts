import type { ToldMessage } from "../../../api/schema";
import type { Translate } from "../../../i18n/translate";
import type { Known } from "./MessagesPage";

/** How a message stands, in words. */
export function stands(t: Translate, { message, deliveries, removed }: ToldMessage): string {
  if (removed) {
    return t("messages.is.removed");
  }
  if (message.sent == null) {
    return t("messages.is.draft");
  }
  const failed = deliveries.filter(({ state }) => state === "failed").length;
  if (failed > 0) {
    return t("messages.is.failed", { count: failed });
  }
  if (deliveries.some(({ state }) => state === "queued" || state === "sending")) {
    return t("messages.is.sending");
  }
  return t(deliveries.some(({ state }) => state === "kept") ? "messages.is.kept" : "messages.is.sent");
}

/** What a message is about, by its name. */
export function aboutOf(known: Known, about: string, language: "en" | "fr"): string {
  const { vendors, models, orders } = known.choices;
  return (vendors[about] ?? models[about] ?? orders[about])?.[language] ?? about;
}
