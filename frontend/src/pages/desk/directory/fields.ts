/** The fields of each kind of thing, in the order in which its form shows them. */

import type { Kind } from "../../../api/directory";
import type { Form } from "../../../api/drafts";
import type { Key } from "../../../i18n/translate";
import type { Path } from "../drafts/form";

interface Common {
  path: Path;
  label: Key;
  hint?: Key;
  required?: boolean;
}

export type FieldOf = Common &
  (
    | { as: "text" | "number" | "names" | "instant" | "tick" | "relations" | "slots" | "contacts" }
    | { as: "one" | "many"; of: readonly Kind[] }
    | { as: "choice"; options: readonly string[]; none?: boolean }
  );

const NAME: readonly FieldOf[] = [
  { as: "text", path: ["name", "en"], label: "directory.nameEn", required: true },
  { as: "text", path: ["name", "fr"], label: "directory.nameFr", required: true },
];
const ALIASES: FieldOf = {
  as: "names",
  path: ["aliases"],
  label: "directory.aliases",
  hint: "directory.aliasesHint",
};

export const FIELDS: Record<Kind, readonly FieldOf[]> = {
  party: [
    ...NAME,
    ALIASES,
    { as: "one", path: ["part_of"], label: "directory.partOf", of: ["party"] },
    { as: "relations", path: ["relations"], label: "directory.relations" },
    { as: "contacts", path: ["contacts"], label: "directory.contacts" },
  ],
  issuer: [
    ...NAME,
    ALIASES,
    { as: "one", path: ["party"], label: "directory.officeOf", of: ["party"] },
    { as: "many", path: ["binds"], label: "directory.binds", of: ["party"] },
    { as: "many", path: ["regulates"], label: "directory.regulates", of: ["party"] },
    { as: "many", path: ["contracts_of"], label: "directory.contractsOf", of: ["party"] },
    { as: "many", path: ["may_act_on"], label: "directory.mayActOn", of: ["issuer"] },
    { as: "one", path: ["vendor"], label: "directory.termsOf", of: ["vendor"] },
  ],
  network: [
    ...NAME,
    { as: "text", path: ["level"], label: "directory.level", required: true },
    { as: "choice", path: ["default"], label: "directory.default", options: ["allow", "deny"] },
    { as: "one", path: ["owner"], label: "directory.owner", of: ["party"], required: true },
    { as: "number", path: ["rank"], label: "directory.rank" },
    { as: "number", path: ["max_age_days"], label: "directory.maxAge" },
    {
      as: "choice",
      path: ["when_stale"],
      label: "directory.whenStale",
      options: ["warn", "refuse-new", "refuse"],
    },
  ],
  vendor: [
    ...NAME,
    ALIASES,
    {
      as: "names",
      path: ["products"],
      label: "directory.products",
      hint: "directory.productsHint",
    },
  ],
  model: [
    { as: "text", path: ["name"], label: "directory.modelName", required: true },
    { as: "one", path: ["maker"], label: "directory.maker", of: ["vendor"] },
    {
      as: "choice",
      path: ["kind"],
      label: "directory.kind",
      options: ["chat", "embedding", "audio", "image"],
    },
    ALIASES,
    { as: "many", path: ["derived_from"], label: "directory.derivedFrom", of: ["model"] },
    {
      as: "number",
      path: ["capabilities", "context"],
      label: "directory.context",
      required: true,
    },
    { as: "number", path: ["capabilities", "output"], label: "directory.output" },
    { as: "names", path: ["capabilities", "modalities"], label: "directory.modalities" },
    { as: "names", path: ["capabilities", "languages"], label: "directory.languages" },
    { as: "text", path: ["capabilities", "knowledge_cutoff"], label: "directory.cutoff" },
    { as: "instant", path: ["retires"], label: "directory.retires" },
  ],
  route: [
    { as: "one", path: ["model"], label: "directory.ofModel", of: ["model"] },
    { as: "one", path: ["host"], label: "directory.host", of: ["vendor"] },
    { as: "one", path: ["reseller"], label: "directory.reseller", of: ["vendor"] },
    {
      as: "choice",
      path: ["protocol"],
      label: "directory.protocol",
      options: [
        "openai-chat",
        "openai-responses",
        "anthropic-messages",
        "gemini-generate",
        "bedrock-converse",
      ],
    },
    {
      as: "choice",
      path: ["dialect"],
      label: "directory.dialect",
      options: ["azure", "bedrock", "vertex", "llama-cpp", "mistral", "ollama", "vllm"],
      none: true,
    },
    { as: "text", path: ["upstream_model"], label: "directory.upstream", required: true },
    { as: "text", path: ["account"], label: "directory.account" },
    { as: "names", path: ["assurances"], label: "directory.assurances" },
  ],
  service: [
    ...NAME,
    { as: "one", path: ["party"], label: "directory.ofParty", of: ["party"], required: true },
    { as: "one", path: ["network"], label: "directory.onNetwork", of: ["network"], required: true },
    { as: "slots", path: ["slots"], label: "directory.slots" },
    { as: "instant", path: ["created"], label: "directory.created", required: true },
    { as: "text", path: ["data_class"], label: "directory.dataClass" },
    { as: "text", path: ["contract"], label: "directory.contract" },
    {
      as: "choice",
      path: ["when_barred"],
      label: "directory.whenBarred",
      options: ["refuse", "replace"],
    },
    { as: "choice", path: ["losses"], label: "directory.losses", options: ["report", "refuse"] },
    { as: "text", path: ["owner"], label: "directory.ownerName" },
    { as: "number", path: ["users"], label: "directory.users" },
    { as: "number", path: ["budget"], label: "directory.budget" },
    { as: "number", path: ["criticality"], label: "directory.criticality" },
    {
      as: "number",
      path: ["waits", "connect"],
      label: "directory.waitConnect",
      hint: "directory.waitsHint",
    },
    { as: "number", path: ["waits", "first_token"], label: "directory.waitFirst" },
    { as: "number", path: ["waits", "between_tokens"], label: "directory.waitBetween" },
    { as: "number", path: ["waits", "total"], label: "directory.waitTotal" },
    { as: "contacts", path: ["contacts"], label: "directory.contacts" },
  ],
  binding: [
    { as: "one", path: ["service"], label: "directory.ofService", of: ["service"], required: true },
    { as: "text", path: ["slot"], label: "directory.slot", required: true },
    {
      as: "many",
      path: ["models"],
      label: "directory.boundModels",
      hint: "directory.boundModelsHint",
      of: ["model", "route"],
    },
    { as: "instant", path: ["since"], label: "directory.since", required: true },
    { as: "text", path: ["instrument"], label: "directory.byInstrument" },
    { as: "tick", path: ["provisional"], label: "directory.provisional" },
  ],
};

/** Fields that several of a form's stand in, and those that only a file says. */
const GROUPS: Record<string, Key> = {
  name: "directory.name",
  capabilities: "directory.capabilities",
  waits: "directory.waits",
  weights: "directory.weights",
};

/** What a top-level field of a thing's form is called. */
export function labelOf(kind: Kind, field: string): Key {
  if (GROUPS[field] !== undefined) {
    return field === "name" && kind === "model" ? "directory.modelName" : GROUPS[field];
  }
  return FIELDS[kind].find(({ path }) => path[0] === field)?.label ?? "directory.thing";
}

/** What a new thing's form begins with. */
export function beginningOf(kind: Kind, name: string, now: string): Form {
  const named = { name: { en: name, fr: name } };
  switch (kind) {
    case "network":
      return { ...named, default: "allow" };
    case "model":
      return { name, capabilities: {} };
    case "route":
      return { protocol: "openai-chat" };
    case "service":
      return { ...named, slots: { chat: "" }, created: now };
    case "binding":
      return { slot: "chat", models: [], since: now };
    default:
      return named;
  }
}

/** The id that a form suggests; empty while it says too little. A binding needs none. */
export function suggestedId(kind: Kind, form: Form): string {
  const text = (field: string) => (typeof form[field] === "string" ? form[field] : "");
  const { name } = form;
  const english =
    typeof name === "object" && name !== null ? (name as { en?: unknown }).en : name;
  const short = typeof english === "string" ? slug(english) : "";
  switch (kind) {
    case "model":
      return text("maker") === "" || short === "" ? "" : `${text("maker")}/${short}`;
    case "route":
      return text("model") === "" || text("host") === "" ? "" : `${text("model")}@${text("host")}`;
    case "binding":
      return "new";
    default:
      return short;
  }
}

function slug(name: string): string {
  return name
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .replace(/^-+|-+$/g, "");
}
