import { type Int64Column, int64At, isZeroAt } from "./columns.js";
import { memoized } from "./memo.js";
import type { Profile } from "./profile.js";

/**
 * Returns, by function, the column where it begins, from 1; 0 if unknown. profile.proto has no field
 * for it. In profile.proto, a line at the beginning of a function has the column of the beginning.
 */
export const startColumns = memoized(({ functions, lines }: Profile): Int64Column => {
  const columns = functions.startColumn.slice();
  for (let row = 0; row < lines.length; row++) {
    if (isZeroAt(lines.column, row)) continue;
    const fn = lines.function[row];
    if (!isZeroAt(columns, fn)) continue;
    if (int64At(lines.line, row) !== int64At(functions.startLine, fn)) continue;
    const column = Number(int64At(lines.column, row));
    if (columns instanceof Float64Array && Number.isSafeInteger(column)) columns[fn] = column;
  }
  return columns;
});
