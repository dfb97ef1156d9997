import type { ReachPage } from "../../../api/schema";

const COLUMNS = [
  "party",
  "service",
  "slot",
  "owner",
  "route",
  "outcome",
  "because",
  "deadline",
  "instruments",
  "replacement",
] as const;

/** What is touched as a table for a spreadsheet: UTF-8 with a byte-order mark, RFC 4180. */
export function csvOf({ found }: ReachPage): string {
  const rows = found.slots.map((slot) =>
    COLUMNS.map((column) => {
      const value = slot[column];
      return cell(Array.isArray(value) ? value.join(" ") : String(value ?? ""));
    }),
  );
  return `\ufeff${[COLUMNS, ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula. */
export function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${plain.replaceAll('"', '""')}"`;
}
