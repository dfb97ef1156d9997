/**
 * A draft's form as values: reading and writing at paths, and the few changes of its shape.
 *
 * A form is what a YAML file of the instrument would hold. It is never changed in place. A path
 * is written as the server writes it: `$.clauses.one.targets[0]`.
 */

import type { DraftProblem, Form } from "../../../api/drafts";

export type Path = readonly (string | number)[];

/** The path as the server writes it. */
export function written(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${step}`),
    "$",
  );
}

/** The value at a path; undefined where there is none. */
export function valueAt(form: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null
        ? (value as Record<string | number, unknown>)[step]
        : undefined,
    form,
  );
}

/** The form with a value at a path; undefined takes the field, or the entry of a list, away. */
export function withValue(form: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value;
  }
  if (typeof step === "number") {
    const list = Array.isArray(form) ? [...(form as unknown[])] : [];
    const entry = withValue(list[step], rest, value);
    return entry === undefined && rest.length === 0
      ? list.filter((_, index) => index !== step)
      : replaced(list, step, entry);
  }
  const fields: Record<string, unknown> = isFields(form) ? { ...form } : {};
  const entry = withValue(fields[step], rest, value);
  if (entry === undefined) {
    delete fields[step];
  } else {
    fields[step] = entry;
  }
  return fields;
}

function replaced(list: unknown[], index: number, entry: unknown): unknown[] {
  const changed = [...list];
  changed[index] = entry;
  return changed;
}

export function isFields(value: unknown): value is Form {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textAt(form: unknown, path: Path): string {
  const value = valueAt(form, path);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function listAt(form: unknown, path: Path): readonly unknown[] {
  const value = valueAt(form, path);
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function namesAt(form: unknown, path: Path): string[] {
  return listAt(form, path).filter((name) => typeof name === "string");
}

/** What is wrong at a path, but for what is wrong below it where `deep` is not asked for. */
export function wrongAt(
  problems: readonly DraftProblem[],
  path: Path,
  deep = false,
): string | undefined {
  const place = written(path);
  const found = problems.filter(
    (problem) => problem.path === place || (deep && isBelow(problem.path, place)),
  );
  return found.length === 0
    ? undefined
    : found.map((problem) => `${problem.what} ${problem.do}`.trim()).join(" ");
}

function isBelow(path: string, place: string): boolean {
  return path.startsWith(place) && /^[.[]/.test(path.slice(place.length));
}

/** An instant as the browser's own field writes it: local, to the minute. */
export function localTime(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/.exec(text) ?? [];
  return day === undefined ? "" : `${day}T${time ?? "00:00"}`;
}

const NAMES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** A name for one more of what is kept by name. */
export function freshName(taken: readonly string[]): string {
  const free = NAMES.find((name) => !taken.includes(name));
  let number = taken.length + 1;
  while (free === undefined && taken.includes(`n${number}`)) {
    number += 1;
  }
  return free ?? `n${number}`;
}

const OF_A_CLAUSE = new Set(["words", "chosen_by", "signed_by_counsel"]);

/** The readings of a clause by their ids; one that is written flat has the reading `plain`. */
export function readingsOf(clause: unknown): Record<string, Form> {
  if (!isFields(clause)) {
    return {};
  }
  if (isFields(clause.readings)) {
    return Object.fromEntries(
      Object.entries(clause.readings).map(([id, one]) => [id, isFields(one) ? one : {}]),
    );
  }
  const plain = Object.entries(clause).filter(([field]) => !OF_A_CLAUSE.has(field));
  return { plain: Object.fromEntries(plain) };
}

/** The clause with these readings: flat where there is one, by their ids where there are more. */
export function withReadings(clause: unknown, readings: Record<string, Form>, chosen: string): Form {
  const own = isFields(clause)
    ? Object.fromEntries(Object.entries(clause).filter(([field]) => OF_A_CLAUSE.has(field)))
    : {};
  const ids = Object.keys(readings);
  const [first] = ids;
  if (ids.length === 1 && first !== undefined) {
    return { ...own, ...readings[first] };
  }
  return { ...own, readings, chosen: ids.includes(chosen) ? chosen : (first ?? "") };
}

/** Where the fields of a reading stand: in the clause itself where it is flat. */
export function readingPath(clause: Path, form: unknown, reading: string): Path {
  const fields = valueAt(form, clause);
  return isFields(fields) && isFields(fields.readings)
    ? [...clause, "readings", reading]
    : clause;
}

export const UNITS = ["months", "days", "business_days", "court_days"] as const;
export type Unit = (typeof UNITS)[number];
export type Ends =
  | { kind: "never" }
  | { kind: "instant"; at: string }
  | { kind: "period"; count: string; unit: Unit; after: string; rolls: boolean };

/** How an end is given: not at all, as an instant, or counted. */
export function endsAt(value: unknown): Ends {
  if (typeof value === "string") {
    return { kind: "instant", at: value };
  }
  if (!isFields(value)) {
    return { kind: "never" };
  }
  const unit = UNITS.find((one) => value[one] !== undefined) ?? "months";
  return {
    kind: "period",
    count: textAt(value, [unit]),
    unit,
    after: textAt(value, ["after"]) || "effective",
    rolls: value.rolls === true,
  };
}

/** The same as the form holds it. A count that is no number stays as it was written. */
export function endsValue(ends: Ends): unknown {
  switch (ends.kind) {
    case "never":
      return undefined;
    case "instant":
      return ends.at;
    case "period":
      return {
        [ends.unit]: /^\d+$/.test(ends.count) ? Number(ends.count) : ends.count,
        after: ends.after,
        ...(ends.rolls ? { rolls: true } : {}),
      };
  }
}

/** The fields that differ between two versions of a form, by their paths, outermost first. */
export function differences(mine: unknown, theirs: unknown, path: Path = []): Path[] {
  if (JSON.stringify(mine) === JSON.stringify(theirs)) {
    return [];
  }
  if (isFields(mine) && isFields(theirs)) {
    const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
    return fields.flatMap((field) => differences(mine[field], theirs[field], [...path, field]));
  }
  return [path];
}
