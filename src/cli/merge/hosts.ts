// The hosts of `ksys merge`: what each capture's is called, and how its times are to be understood.
import { basename } from 'node:path'
import { parseDuration } from '../../filter/time.js'
import { MAX_HOSTS } from '../../merged/format.js'
import { type EpochNs, RebasedSource, startOf } from '../../merged/rebased.js'
import type { CaptureSource } from '../../source/source.js'
import { CliError, EXIT } from '../errors/exit.js'
import { tell } from '../run/report.js'

/** A capture of one host, and the file that it is in. */
export interface Member {
  readonly source: CaptureSource
  readonly file: string
}

/** ns between two moments that batch times can tell apart to the ns: 104 days. */
const LONGEST = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * The sources of all hosts, with names of their own and times that count from the same moment. names: in their order; shifts: see
 * shiftsOf. Throws CliError.
 */
export function hostsOf(
  members: readonly Member[],
  names: readonly string[],
  shifts: ReadonlyMap<string, number>,
): CaptureSource[] {
  const [first] = members as [Member, ...Member[]]
  if (members.length > MAX_HOSTS)
    throw new CliError(EXIT.usage, `${members.length} hosts are more than one trace can have: ${MAX_HOSTS}`)
  if (names.length > members.length)
    throw new CliError(EXIT.usage, `--host ${names[members.length]} names no host: there are ${members.length}`)
  const { recorder } = first.source.info.has
  const other = members.find((m) => m.source.info.has.recorder !== recorder)
  if (other !== undefined)
    throw new CliError(
      EXIT.usage,
      `${first.file} and ${other.file} were not both recorded by ksys: captures of different tools know different things, and are not merged`,
    )
  const called = namesOf(members, names)
  for (const host of shifts.keys())
    if (!called.includes(host))
      throw new CliError(EXIT.usage, `--shift ${host}: there is no such host; there are ${called.join(', ')}`)
  const starts = members.map((m, i) => startOf(m.source.info) + BigInt(shifts.get(called[i] as string) ?? 0))
  const [start] = [...starts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) as [EpochNs]
  const late = starts.findIndex((s) => s - start > LONGEST)
  if (late >= 0)
    throw new CliError(
      EXIT.usage,
      `${members[late]?.file} began more than 104 days after the first of the others: what is so far apart is not merged`,
    )
  return members.map((m, i) => rebased(m, called[i] as string, start, shifts))
}

function rebased({ source }: Member, name: string, start: EpochNs, shifts: ReadonlyMap<string, number>): CaptureSource {
  return new RebasedSource(source, name, start, shifts.get(name) ?? 0)
}

/** What the hosts are called: as was said, else as the captures say. Two of one name are told apart, which is told. */
function namesOf(members: readonly Member[], names: readonly string[]): string[] {
  const called: string[] = []
  for (const [i, { source, file }] of members.entries()) {
    const name = names[i] ?? (source.info.hostname || basename(file).replace(/\.[^.]*$/, ''))
    let own = name
    for (let n = 2; called.includes(own); n++) own = `${name}-${n}`
    if (own !== name)
      tell(`ksys: ${file} is of a host that is called ${name} too: it is ${own} here (--host names hosts)`)
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
      throw new CliError(EXIT.usage, `--shift ${word}: expected is a host and a time, such as db1=-1.5s or web=250ms`)
    shifts.set(word.slice(0, at), ns)
  }
  return shifts
}
