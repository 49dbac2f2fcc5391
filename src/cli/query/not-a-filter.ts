// Detects common mistakes in place of a filter: files without -r, chisels without -c, options without dashes.
import { statSync } from 'node:fs'
import { allChisels } from '../../chisel/places.js'
import { nearest } from '../../filter/suggest.js'
import { OPTIONS } from '../options/table.js'

const CAPTURE = /\.(ksys|scap)(\.\w+)?$/

/** An error message for a text that is something other than a filter; undefined if it is just an invalid filter. */
export function notAFilter(text: string): string | undefined {
  const words = [text, ...text.split(' ')]
  const [, first = ''] = words
  const file = words.find((w) => (w === text || w === first || w.includes('/') || CAPTURE.test(w)) && isFile(w))
  if (file !== undefined) return `'${file}' is a file, not a filter; -r reads files: ksys -r ${quoted(file)}`
  const missing = words.find((w) => /^[^\s=<>!~]+$/.test(w) && CAPTURE.test(w))
  if (missing !== undefined)
    return `'${missing}' is neither a filter nor an existing file; -r reads files: ksys -r FILE`
  const names = allChisels().map(({ name }) => name)
  const command = (name: string) => ['ksys', '-c', name, ...text.split(' ').slice(1)].map(quoted).join(' ')
  if (names.includes(first)) return `'${first}' is a chisel, not a filter; -c runs chisels: ${command(first)}`
  if (OPTIONS.some((o) => o.long === first)) return `'${first}' is not a filter (did you mean --${first}?)`
  const near = /^\w+$/.test(text) ? nearest(text, names) : undefined
  return near && `'${text}' is not a filter (did you mean the chisel ${near}? ${command(near)})`
}

function isFile(path: string): boolean {
  try {
    const found = statSync(path)
    return found.isFile() || found.isFIFO()
  } catch {
    return false
  }
}

/** A word quoted for the shell. */
function quoted(word: string): string {
  return /^[\w./@%+,:=-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`
}
