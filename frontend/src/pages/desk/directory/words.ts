import { isFields } from "../drafts/form";

/** A plain value as a person reads it: lists with commas, fields as `name: value`. */
export function valueWords(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(valueWords).join(", ") || "—";
  }
  if (isFields(value)) {
    return Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => `${name}: ${valueWords(one)}`)
      .join("; ");
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value) || "—"
    : "—";
}

/** What a list has after that it had not before, and what it has lost; null where none is a list. */
export function listed(before: unknown, after: unknown): { more: string[]; fewer: string[] } | null {
  if (!Array.isArray(before) || !(Array.isArray(after) || after === undefined)) {
    return null;
  }
  const [old, now] = [before.map(valueWords), ((after as unknown[] | undefined) ?? []).map(valueWords)];
  return {
    more: now.filter((one) => !old.includes(one)),
    fewer: old.filter((one) => !now.includes(one)),
  };
}
