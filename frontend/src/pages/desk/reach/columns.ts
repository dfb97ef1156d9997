/** The picture of what is touched: parties, services, routes and makers in columns, joined. */

import type { ReachPage } from "../../../api/schema";
import type { Language } from "../../../i18n/language";

export interface Node {
  key: string;
  text: string;
  column: number;
  row: number;
  /** The gravest outcome of what passes through it. */
  outcome: "allow" | "notice" | "refuse" | null;
}

export interface Edge {
  from: Node;
  to: Node;
  outcome: "allow" | "notice" | "refuse";
}

const GRAVITY = ["allow", "notice", "refuse"] as const;

/** Nodes in the order in which they are met, and the edges between neighbouring columns. */
export function columnsOf(page: ReachPage, language: Language): { nodes: Node[]; edges: Edge[] } {
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  const rows = [0, 0, 0, 0];
  const { names } = page;
  const node = (column: number, id: string, text: string, outcome: Edge["outcome"]): Node => {
    const key = `${column} ${id}`;
    const known = nodes.get(key);
    if (known !== undefined) {
      known.outcome = graver(known.outcome, outcome);
      return known;
    }
    const row = rows[column] ?? 0;
    rows[column] = row + 1;
    const made = { key, text, column, row, outcome };
    nodes.set(key, made);
    return made;
  };
  for (const slot of page.found.slots) {
    const { outcome, route } = slot;
    const maker = page.makers[route] ?? "";
    const chain = [
      node(0, slot.party, names.parties[slot.party]?.[language] ?? slot.party, outcome),
      node(1, slot.service, names.services[slot.service]?.[language] ?? slot.service, outcome),
      node(2, route, route, outcome),
      node(3, maker, names.vendors[maker]?.[language] ?? maker, outcome),
    ];
    chain.slice(1).forEach((to, index) => {
      const from = chain[index];
      if (from !== undefined) {
        const key = `${from.key} ${to.key}`;
        const known = edges.get(key);
        edges.set(key, { from, to, outcome: graver(known?.outcome ?? null, outcome) });
      }
    });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

function graver(one: Edge["outcome"] | null, other: Edge["outcome"]): Edge["outcome"] {
  return one !== null && GRAVITY.indexOf(one) > GRAVITY.indexOf(other) ? one : other;
}
