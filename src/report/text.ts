// A page as text.
import { escapeText } from '../render/escape.js'
import type { Page } from './page.js'
import type { Phrase } from './page-parts.js'

/** The text of a page, which ends with a line end. */
export function pageText({ title, summary, sections }: Page): string {
  const lines = [line(title), '', ...summary.map(line)]
  for (const { title: heading, note, rows, more } of sections) {
    lines.push('', note === undefined ? heading : `${heading} (${line(note)})`)
    for (const { depth, parts } of rows) lines.push(`${'  '.repeat(depth + 1)}${line(parts)}`)
    if (more > 0) lines.push(`  and ${more.toLocaleString('en')} more`)
  }
  return `${lines.join('\n')}\n`
}

/** Escaped again, as names of files of the command line are not those of a report. */
function line(parts: readonly Phrase[]): string {
  return escapeText(parts.map((part) => (typeof part === 'string' ? part : part.name)).join(''))
}
