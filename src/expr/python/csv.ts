/** Rows of a text of separated values as Python's csv.excel reads them: quotes may hold the delimiter and line breaks. */
export function csvRows(text: string, delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  const endRow = (): void => {
    if (row.length > 0 || field !== '') rows.push([...row, field]);
    row = [];
    field = '';
  };
  const chars = text.replace(/\r\n?/g, '\n');
  for (let at = 0; at < chars.length; at++) {
    const char = chars.charAt(at);
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (chars.charAt(at + 1) === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && field === '') isQuoted = true;
    else if (char === delimiter) {
      row.push(field);
      field = '';
    } else if (char === '\n') endRow();
    else field += char;
  }
  endRow();
  return rows;
}
