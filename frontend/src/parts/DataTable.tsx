import { Table } from "@trussworks/react-uswds";
import type { ReactNode } from "react";

export interface Row {
  id: string;
  /** One cell for each column; the first names the row. */
  cells: ReactNode[];
}

interface Properties {
  caption: string;
  columns: string[];
  rows: Row[];
}

/** A table whose rows become labelled blocks on a narrow screen. */
export function DataTable({ caption, columns, rows }: Properties) {
  return (
    <Table caption={caption} fullWidth stackedStyle="default">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {row.cells.map((cell, index) =>
              index === 0 ? (
                <th key={index} scope="row" data-label={columns[index]}>
                  {cell}
                </th>
              ) : (
                <td key={index} data-label={columns[index]}>
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
