// What people write where a filter is expected: files without their -r, options without their dashes.
import { statSync } from 'node:fs'
import { OPTIONS } from '../options/table.js'

const CAPTURE = /\.(ksys|scap)(\.\w+)?$/

/** A sentence for a text that is no filter because it is something else; undefined when it is just a wrong filter. */
export function notAFilter(text: string): string | undefined {
  const words = [text, ...text.split(' ')]
  const [, first = ''] = words
  const file = words.find((w) => (w === text || w === first || w.includes('/') || CAPTURE.test(w)) && isFile(w))
  if (file !== undefined) return `'${file}' is a file, not a filter; -r reads files: ksys -r ${quoted(file)}`
  const missing = words.find((w) => /^[^\s=<>!~]+$/.test(w) && CAPTURE.test(w))
  if (missing !== undefined) return `'${missing}' is no filter, and no file either; -r reads files: ksys -r FILE`
  if (OPTIONS.some((o) => o.long === first)) return `'${first}' is no filter (did you mean --${first}?)`
  return undefined
}

function isFile(path: string): boolean {
  try {
    const found = statSync(path)
    return found.isFile() || found.isFIFO()
  } catch {
    return false
  }
}

/** A word as the shell takes it. */
function quoted(word: string): string {
  return /^[\w./@%+,:-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`
}
