// Properties of calls are declared with them: no other module has a list of their names.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evtTypeNames } from '../../../src/schema/events/index.js'

const ROOT = new URL('../../../', import.meta.url).pathname
const NAMES = new Set(evtTypeNames())

/** Lists of names that do not depend on what the calls do, by file. */
const LISTS: Readonly<Record<string, string>> = {
  'src/advise/calls/arguments.ts': 'calls that profiles restrict by an argument',
  'src/advise/calls/by-timing.ts': 'calls that threads and signals cause at some moment',
  'src/advise/calls/dangerous.ts': 'what attackers use calls for',
  'src/advise/calls/families.ts': 'calls that C libraries use in place of each other',
  'src/advise/calls/runtimes.ts': 'the calls of container runtimes',
  'src/advise/needs/steps.ts': 'events that show what a process is in its container',
  'src/advise/profile/docker-default.ts': "Docker's default profile",
  'src/fields/evt-io.ts': 'directions, which are called as calls',
  'src/fields/io.ts': 'categories, of which some are called as calls',
  'src/filter/bytype.ts': 'categories of input and output, of which some are called as calls',
  'src/filter/events.ts': 'names of events that other tools have, which is no mistake to ask for',
  'src/metrics/series.ts': 'values of a label, of which two are called as calls',
  'src/report/privileges.ts': 'what successful calls did, in words of the report',
  'src/scap/convert.ts': 'how libs recorded them at the start and at the end',
  'src/source/features.ts': 'the calls of a feature of the kernel',
}

function sources(dir: string): string[] {
  return readdirSync(join(ROOT, dir), { withFileTypes: true, recursive: true })
    .filter((f) => f.isFile() && /\.tsx?$/.test(f.name))
    .map((f) => join(f.parentPath, f.name).slice(ROOT.length))
}

/** Whether a text contains two different names of events in one list of texts, or in one text of such names. */
function lists(text: string): boolean {
  const arrays = [...text.matchAll(/\[((?:\s*'[^'\n]*',?)+\s*)\]/g)].map(([, items = '']) =>
    [...items.matchAll(/'([^']*)'/g)].map(([, item = '']) => item),
  )
  const words = [...text.matchAll(/'(\w+(?: \w+)+)'/g)].map(([, items = '']) => items.split(' '))
  return (
    arrays.some((items) => new Set(items.filter((item) => NAMES.has(item))).size > 1) ||
    words.some((items) => items.every((item) => NAMES.has(item)))
  )
}

test('only the schema lists calls by their properties', () => {
  const found = sources('src').filter((f) => !f.startsWith('src/schema/') && lists(readFileSync(join(ROOT, f), 'utf8')))
  expect(found.sort()).toEqual(Object.keys(LISTS))
})

test('a list is found however it is written', () => {
  expect(lists("new Set(['open', 'openat'])")).toBe(true)
  expect(lists("'mkdir mkdirat'.split(' ')")).toBe(true)
  expect(lists("['setuid',\n  'setgid',\n]")).toBe(true)
  expect(lists("a name alone is none: ['connect'], 'read'")).toBe(false)
})
