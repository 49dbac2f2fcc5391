// A step in a guest: shell commands, and what their results must be.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { missing, type Said, type Seen } from '../helpers/account.js'
import { readRows } from '../helpers/live.js'

/** The results of a step. */
export interface Left {
  stdout: string
  stderr: string
  code: number
  /** the accounts of the programs of known calls */
  said: string
  /** the path of a file that the step created */
  file(name: string): string
  /** the contents of such a file; '' if it does not exist */
  text(name: string): string
}

export interface Guest {
  /** of the kernel: 6.12.117+deb13-cloud-amd64 */
  release: string
  arch: 'amd64' | 'arm64'
  cpus: number
}

export interface Step {
  /** as in the table's column */
  name: string
  /** one of those in every test run */
  short: boolean
  /** in such a run on one kernel only, because the emulated processors need long for it */
  once?: true
  /** the limit for its commands, if it is not that of all steps */
  seconds?: number
  /** shell commands; ksys, known and states are in the path, functions are in guest.sh. Without: it checks the results of `of` */
  run?: string
  /** the step whose results it checks, if it is another */
  of?: string
  check(left: Left, guest: Guest): void
}

/** Options of every capture: there is no runtime of containers to query. */
export const CAPTURE = '--no-container-metadata'

/** Reads the results of a step in its folder. */
export function left(results: string, name: string): Left {
  const dir = join(results, name)
  const text = (file: string) => (existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8') : '')
  const code = Number(text('code') || -1)
  return {
    stdout: text('stdout'),
    stderr: text('stderr'),
    code,
    said: text('said'),
    file: (name) => join(dir, name),
    text,
  }
}

export const OF_KNOWN = ['proc.name', 'in', '(known, exe, states)']

/**
 * The message of ksys about calls that the kernel did not show, at the end and with the counts before: kernels omit some since
 * 7.2, if threads often take turns.
 */
export const SKIPPED =
  /^ksys: [\d,]+ events? (?:was|were) lost \(.*\): ([\d,]+) calls? at most that the kernel did not report\n/gm
const SKIPPED_SO_FAR = /^ksys: [\d,]+ events? (?:was|were) lost: numbers up to here are too small\n/gm

/** Standard error without that message, if the end reports only such calls as missing. */
export function otherWords(stderr: string): string {
  return stderr.search(SKIPPED) >= 0 ? stderr.replace(SKIPPED, '').replace(SKIPPED_SO_FAR, '') : stderr
}

/** It exited successfully, without other messages. */
export function ended(l: Left): void {
  expect({ code: l.code, stderr: otherWords(l.stderr) }).toEqual({ code: 0, stderr: '' })
}

/** Claims that were not recorded are at most as many as ksys itself reports as missing. */
export function allSeen(l: Left, said: readonly Said[], seen: readonly Seen[]): void {
  const unseen = missing(said, seen)
  if (unseen.length > skipped(l)) expect(unseen.join('\n')).toBe('')
}

/** The maximum number of calls that the kernel did not show, by all messages of ksys. */
export function skipped(l: Left): number {
  const counts = Array.from(l.stderr.matchAll(SKIPPED), ([, count = '']) => Number(count.replaceAll(',', '')))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Events of a trace, to compare with a program's account. */
export function recorded(trace: string, filter: string[]): Seen[] {
  const rows = readRows(trace, ['evt.type', 'evt.rawres', 'evt.args'], filter, ['-v'])
  return rows.map((r) => ({
    type: String(r['evt.type']),
    ret: r['evt.rawres'] as number | null,
    args: String(r['evt.args']),
  }))
}
