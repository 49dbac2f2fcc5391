// Wraps words into lines, for listings.

/** Splits text into lines of at most `width` characters; a longer word gets a line of its own. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  lines.push(line)
  return lines
}

/** A term and its explanation in two columns; a term longer than its column gets a line of its own. */
export function entry(term: string, text: string, column: number, columns: number): string {
  const indent = ' '.repeat(column)
  const lines = wrap(text, Math.max(columns - column, 20)).map((l) => indent + l)
  if (term.length + 1 > column) return [term, ...lines].join('\n')
  lines[0] = term.padEnd(column) + (lines[0] as string).slice(column)
  return lines.join('\n')
}
