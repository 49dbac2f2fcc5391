// The hosts of `ksys merge`: their names, and the corrections of their clocks.

import { basename } from 'node:path'
import { parseDuration } from '../../filter/time.js'
import { MAX_HOSTS } from '../../merged/format.js'
import { RebasedSource } from '../../merged/rebased.js'
import { type EpochNs, startOf } from '../../model/time.js'
import type { CaptureSource } from '../../source/source.js'
import { CliError, EXIT } from '../errors/exit.js'
import { printMessage } from '../run/report.js'

/** A capture of one host, and its file. */
export interface Member {
  readonly source: CaptureSource
  readonly file: string
}

/** maximum ns that a batch time can represent exactly: 104 days */
const LONGEST = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The sources of all hosts, with unique names and times that have the same origin. names: in the order of the hosts; shifts: see
 * shiftsOf(). Throws CliError.
 */
export function hostsOf(
  members: readonly Member[],
  names: readonly string[],
  shifts: ReadonlyMap<string, number>,
): CaptureSource[] {
  const [first] = members as [Member, ...Member[]]
  if (members.length > MAX_HOSTS)
    throw new CliError(EXIT.usage, `${members.length} hosts exceed the maximum of a trace: ${MAX_HOSTS}`)
  if (names.length > members.length)
    throw new CliError(
      EXIT.usage,
      `--host ${names[members.length]} does not correspond to a host: there are only ${members.length}`,
    )
  const { recorder } = first.source.info.has
  const other = members.find((m) => m.source.info.has.recorder !== recorder)
  if (other !== undefined)
    throw new CliError(
      EXIT.usage,
      `${first.file} and ${other.file} were recorded by different tools and cannot be merged`,
    )
  const called = namesOf(members, names)
  for (const host of shifts.keys())
    if (!called.includes(host))
      throw new CliError(EXIT.usage, `--shift ${host}: no such host; the hosts are ${called.join(', ')}`)
  const starts = members.map((m, i) => startOf(m.source.info) + BigInt(shifts.get(called[i] as string) ?? 0))
  const [start] = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) as [EpochNs]
  const late = starts.findIndex((s) => s - start > LONGEST)
  if (late >= 0)
    throw new CliError(
      EXIT.usage,
      `${members[late]?.file} started more than 104 days after the first capture and cannot be merged with it`,
    )
  return members.map((m, i) => rebased(m, called[i] as string, start, shifts))
}

function rebased({ source }: Member, name: string, start: EpochNs, shifts: ReadonlyMap<string, number>): CaptureSource {
  return new RebasedSource(source, name, start, shifts.get(name) ?? 0)
}

/** The names of the hosts: those of --host, otherwise those of the captures. Equal names get a suffix, which is reported. */
function namesOf(members: readonly Member[], names: readonly string[]): string[] {
  const called: string[] = []
  for (const [i, { source, file }] of members.entries()) {
    const name = names[i] ?? (source.info.hostname || basename(file).replace(/\.[^.]*$/, ''))
    let own = name
    for (let n = 2; called.includes(own); n++) own = `${name}-${n}`
    if (own !== name)
      printMessage(`ksys: the host of ${file} is also named ${name}; it is renamed to ${own} (--host names hosts)`)
    called.push(own)
  }
  return called
}

/** ns by which the clock of each host is corrected. Throws CliError (usage). */
export function shiftsOf(words: readonly string[]): Map<string, number> {
  const shifts = new Map<string, number>()
  for (const word of words) {
    const at = word.lastIndexOf('=')
    const ns = at <= 0 ? undefined : parseDuration(word.slice(at + 1))
    if (ns === undefined || !Number.isSafeInteger(ns))
      throw new CliError(EXIT.usage, `--shift ${word}: expected a host and a time, such as db1=-1.5s or web=250ms`)
    shifts.set(word.slice(0, at), ns)
  }
  return shifts
}
