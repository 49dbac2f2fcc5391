// The report of an earlier run, read from its JSON. The file may have been edited or may come from elsewhere: everything is checked.

import { JSON_VERSION } from '../render/json-version.js'
import type { Compared } from './report.js'

/** What the earlier run did, as names. */
export type Baseline = Readonly<Record<Compared, readonly string[]>>

/** Maximum depth of its tree of programs. */
const DEEPEST = 200

/** The file is not the JSON of a report; the message says why, as a clause. */
export class BaselineError extends Error {}

/** Reads the JSON of a report. Throws BaselineError. */
export function parseBaseline(text: string): Baseline {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BaselineError('it is not JSON')
  }
  if (!isObject(value) || value.kind !== 'report')
    throw new BaselineError('it is not a report: write one with ksys report --to json -o FILE')
  if (value.schema !== JSON_VERSION)
    throw new BaselineError(
      `it has version ${String(value.schema)} of the JSON schema, and this ksys reads ${JSON_VERSION}`,
    )
  const named = (section: Compared, key: string) => list(value, section).map((row) => requiredText(row, key, section))
  return {
    secrets: named('secrets', 'what'),
    privileges: named('privileges', 'what'),
    refused: named('refused', 'what'),
    hosts: named('hosts', 'host'),
    requests: named('requests', 'what'),
    listening: named('listening', 'what'),
    lookups: named('lookups', 'what'),
    written: named('written', 'path'),
    removed: named('removed', 'path'),
    read: named('read', 'path'),
    programs: programsIn(value, 0),
  }
}

function programsIn(value: object, depth: number): string[] {
  if (depth > DEEPEST) throw new BaselineError('its programs are nested too deeply')
  return list(value, 'programs').flatMap((row) => {
    const program = requiredText(row, 'program', 'programs')
    const script = isObject(row) && row.script !== undefined ? ` ${requiredText(row, 'script', 'programs')}` : ''
    return [`${program}${script}`, ...programsIn(row as object, depth + 1)]
  })
}

function list(value: object, section: string): readonly unknown[] {
  const rows = (value as Record<string, unknown>)[section]
  if (!Array.isArray(rows)) throw new BaselineError(`its '${section}' is not a list`)
  return rows
}

function requiredText(row: unknown, key: string, section: string): string {
  const text = isObject(row) ? row[key] : undefined
  if (typeof text !== 'string') throw new BaselineError(`an entry of its '${section}' has no '${key}'`)
  return text
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
