// The expected alerts of captures: a file beside each capture, with a line for each rule and how often it fires.
import { closeSync, readFileSync, writeFileSync } from 'node:fs'
import { openToReplace, unwritable } from '../../source/files.js'
import { CliError, EXIT } from '../errors/exit.js'

/** How often each rule fires, by its name. */
export type Counts = ReadonlyMap<string, number>

/** The path of the file beside a capture. */
export const expectedFile = (capture: string) => `${capture}.alerts`

const MOST_BYTES = 4 << 20

/** Reads the file beside a capture; undefined: there is none. Throws CliError (input) if it is invalid. */
export function readExpected(capture: string): Counts | undefined {
  const path = expectedFile(capture)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new CliError(EXIT.input, `${path} cannot be read: ${(e as Error).message}`)
  }
  if (text.length > MOST_BYTES) throw new CliError(EXIT.input, `${path} is not a list of alerts: it has more than 4 MB`)
  return parseExpected(text, path)
}

/** Parses lines `NAME: COUNT`; empty lines and comments (#) are ignored. Throws CliError (input). */
export function parseExpected(text: string, path: string): Counts {
  const counts = new Map<string, number>()
  text.split('\n').forEach((line, i) => {
    if (/^\s*(#|$)/.test(line)) return
    const [, name, count] = /^\s*(.*\S)\s*:\s*(\d{1,15})\s*$/.exec(line) ?? []
    if (name === undefined)
      throw new CliError(
        EXIT.input,
        `${path}:${i + 1}: expected 'RULE: COUNT', as in 'Write below etc: 2', not '${line}'`,
      )
    if (counts.has(name)) throw new CliError(EXIT.input, `${path}:${i + 1}: '${name}' occurs twice`)
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

/** Rules whose number of alerts differs from the expected one, by name. */
export function unexpected(wanted: Counts, found: Counts): { name: string; wanted: number; found: number }[] {
  const names = [...new Set([...wanted.keys(), ...found.keys()])].sort()
  return names
    .map((name) => ({ name, wanted: wanted.get(name) ?? 0, found: found.get(name) ?? 0 }))
    .filter((x) => x.wanted !== x.found)
}
