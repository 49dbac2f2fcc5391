// Makes NOTICES: the licences of all software of others in the shipped files.
import { readFileSync, realpathSync } from 'node:fs'
import type { Notice } from './component.js'

const RULE = '='.repeat(79)
const COMMON = /\/usr\/share\/common-licenses\/([\w.-]*\w)/g
const HEAD = 'ksys is under the Apache License 2.0 (LICENSE). Inside of what is downloaded is work of others:\n\n'

/** The texts of common licences (/usr/share/common-licenses) that the notices reference. */
function commonOf(notices: readonly Notice[]): Notice[] {
  const names = notices.flatMap(({ text }) => [...text.matchAll(COMMON)].map((m) => m[1] as string))
  const files = new Set(names.map((n) => realpathSync(`/usr/share/common-licenses/${n}`)))
  return [...files].sort().map((file) => ({
    title: file.slice(file.lastIndexOf('/') + 1),
    text: readFileSync(file, 'utf8'),
  }))
}

/** Prints components with the same text once, under all their names. */
function printed(notices: readonly Notice[]): string {
  const titles = new Map<string, string[]>()
  for (const { title, text } of notices) {
    const body = text.trim()
    const known = titles.get(body)
    if (known === undefined) titles.set(body, [title])
    else if (!known.includes(title)) known.push(title)
  }
  return [...titles].map(([text, of]) => `${RULE}\n${of.join('\n')}\n${RULE}\n\n${text}\n`).join('\n')
}

/** The text of NOTICES for these components. */
export function noticesOf(components: readonly Notice[]): string {
  return HEAD + printed([...components, ...commonOf(components)])
}
