/**
 * A text cut where marks begin and end. Offsets count characters as the server does: by code
 * points, of which a JavaScript string may need two units for one.
 */

export interface Mark {
  /** What the mark is of: a draft's or a claim's id. */
  id: string;
  start: number;
  end: number;
  /** Whether what it is of is numbered here. */
  head: boolean;
}

export interface Segment {
  text: string;
  /** What the words are of; none for plain text. */
  ids: readonly string[];
  /** What is numbered here. */
  begins: readonly string[];
}

/** The text in segments that each lie wholly inside or outside of every mark. */
export function segments(text: string, marks: readonly Mark[]): Segment[] {
  const points = Array.from(text);
  const cuts = new Set([0, points.length]);
  for (const { start, end } of marks) {
    cuts.add(Math.min(Math.max(start, 0), points.length));
    cuts.add(Math.min(Math.max(end, 0), points.length));
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1] ?? points.length;
    const inside = marks.filter(({ start, end }) => start <= from && to <= end);
    return {
      text: points.slice(from, to).join(""),
      ids: [...new Set(inside.map(({ id }) => id))],
      begins: [...new Set(marks.filter(({ start, head }) => head && start === from).map(({ id }) => id))],
    };
  });
}
