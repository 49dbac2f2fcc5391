// Comments, messages and names use plain English and the terms of the field: the words of a former private vocabulary must not return.
// Names that users script with, and those of protocols and files, do not change; each is listed here.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../helpers/ksys.js'

/** Vague words. Use the name of what is meant, such as report, request, query, reader or caller. */
const VAGUE = /\b(told|untold|tells|telling|asked|asking|asks|whoever|whom|somebody|anew|becomes of)\b/gi
/** Names of types and functions that do not state their subject. */
const NAMELESS =
  /\b(?:interface|type|class) (Found|Part|Told|Asked|Kept|Begun)\b|\bfunction (textOf|told|tell|asked|ask|said)\b/g

/** Exceptions by file: keys of messages and JSON, names of rules, titles of columns. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/views/http.ts': ['ASKED'],
  'src/views/dns.ts': ['ASKED'],
  'src/rules/alerts/internal.ts': ['anew'],
  'src/rules/load/result-json.ts': ['untold'],
  'chisels/dnslog.ts': ['asked'],
}

const sources = ['src', 'chisels'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(folder, path)),
)

test.each([
  ['vague words', VAGUE],
  ['names without a subject', NAMELESS],
])('no %s', (_, pattern) => {
  const found = sources.flatMap((path) => {
    const words = [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].map((m) => m[0])
    const left = words.filter((word) => !ALLOWED[path]?.includes(word))
    return left.length === 0 ? [] : [`${path}: ${left.join(', ')}`]
  })
  expect(found).toEqual([])
})
