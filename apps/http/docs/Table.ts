import { type Content, type Html, html } from "./Html.ts"

/** A table whose first column names the row. */
export const table = (
  columns: ReadonlyArray<string>,
  rows: ReadonlyArray<readonly [name: Content, ...cells: ReadonlyArray<Content>]>
): Html =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`
        )}
      </tbody>
    </table>
  </div>`
