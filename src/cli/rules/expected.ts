// What captures are expected to make rules fire: files beside them, a line for each rule with how often it fires.
import { closeSync, readFileSync, writeFileSync } from 'node:fs'
import { openToReplace, unwritable } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'

/** How often each rule fires, by its name. */
export type Counts = ReadonlyMap<string, number>

/** Of such a file beside a capture. */
export const expectedFile = (capture: string) => `${capture}.alerts`

const MOST_BYTES = 4 << 20

/** The counts of the file beside a capture; undefined: there is none. Throws CliError (input) where it is wrong. */
export function readExpected(capture: string): Counts | undefined {
  const path = expectedFile(capture)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CliError(EXIT.input, `${path} cannot be read: ${(e as Error).message}`)
  }
  if (text.length > MOST_BYTES) throw new CliError(EXIT.input, `${path} is no list of alerts: it has more than 4 MB`)
  return parseExpected(text, path)
}

/** Lines `NAME: COUNT`; empty ones and such that begin with # say nothing. Throws CliError (input). */
export function parseExpected(text: string, path: string): Counts {
  const counts = new Map<string, number>()
  text.split('\n').forEach((line, i) => {
    if (/^\s*(#|$)/.test(line)) return
    const [, name, count] = /^\s*(.*\S)\s*:\s*(\d{1,15})\s*$/.exec(line) ?? []
    if (name === undefined)
      throw new CliError(
        EXIT.input,
        `${path}:${i + 1}: 'RULE: COUNT' is expected, as in 'Write below etc: 2', not '${line}'`,
      )
    if (counts.has(name)) throw new CliError(EXIT.input, `${path}:${i + 1}: '${name}' is there twice`)
    counts.set(name, Number(count))
  })
  return counts
}

/** Writes the file beside a capture. */
export async function writeExpected(capture: string, counts: Counts): Promise<void> {
  const path = expectedFile(capture)
  try {
    const { fd } = await openToReplace(path, {}, { mode: 0o644 })
    try {
      writeFileSync(fd, printExpected(counts))
    } finally {
      closeSync(fd)
    }
  } catch (e) {
    throw new CliError(EXIT.output, unwritable(path, e))
  }
}

export function printExpected(counts: Counts): string {
  return [...counts].map(([name, count]) => `${name}: ${count}\n`).join('')
}

/** Rules that fired otherwise than expected, in order of their names. Those that neither fire nor are expected to are alike. */
export function unexpected(wanted: Counts, found: Counts): { name: string; wanted: number; found: number }[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort()
  return names
    .map((name) => ({ name, wanted: wanted.get(name) ?? 0, found: found.get(name) ?? 0 }))
    .filter((x) => x.wanted !== x.found)
}
