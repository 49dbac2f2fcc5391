// A page as Markdown (CommonMark), for pull requests. Names are code spans, in which nothing but backticks has a meaning.
import { escapeText } from '../render/escape.js'
import type { Page } from './page.js'
import type { Phrase } from './page-parts.js'

/** The Markdown of a page, which ends with a line end. */
export function pageMarkdown({ title, summary, sections }: Page): string {
  const lines = [`## ${line(title)}`, '', ...summary.map((s) => `- ${line(s)}`)]
  for (const { title: heading, note, rows, more } of sections) {
    lines.push('', `### ${heading}`, '')
    if (note !== undefined) lines.push(`${line(note)}:`, '')
    for (const { depth, parts } of rows) lines.push(`${'  '.repeat(depth)}- ${line(parts)}`)
    if (more > 0) lines.push(`- and ${more.toLocaleString('en')} more`)
  }
  return `${lines.join('\n')}\n`
}

function line(parts: readonly Phrase[]): string {
  return parts.map((part) => (typeof part === 'string' ? escapedWords(part) : codeSpan(part.name))).join('')
}

/** Words of ksys contain no Markdown but `*` and `<` in masks and numbers. */
function escapedWords(text: string): string {
  return escapeText(text).replace(/[\\`*_<[\]&|]/g, '\\$&')
}

/**
 * A code span with this text: its delimiter is longer than each row of backticks in the text. Blanks protect backticks at the ends, and are
 * removed by readers. An empty span does not exist.
 */
function codeSpan(text: string): string {
  const shown = escapeText(text)
  if (shown === '') return '(empty)'
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((row) => row.length))
  const fence = '`'.repeat(longest + 1)
  // readers remove one blank at each end if both ends have one
  const padded = /^`|`$|^ .* $/.test(shown) ? ` ${shown} ` : shown
  return `${fence}${padded}${fence}`
}
