// Messages on standard error: losses, damage, statistics, progress.

import type { Loop } from '../../run/loop.js'
import { megabytes } from '../../run/memory.js'
import { ABI } from '../../schema/abi.js'
import type { Losses } from '../../schema/losses.js'
import type { ThrottledEvents } from '../../source/ceilings/source.js'
import type { LiveSource } from '../../source/live.js'
import type { Confined } from '../../source/privilege.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'

/** maximum number of cgroups listed at the end */
const MAX_CGROUPS = 5

/** Prints a line on standard error, with control characters escaped. */
export function printMessage(line: string): void {
  say(`${visible(line)}\n`)
}

/** Reports privileges that ksys could not drop; those that the user cannot influence only with --verbose. */
export function reportPrivileges({ stays, unfiltered, kept }: Confined, verbose: boolean): void {
  if (kept !== undefined) printMessage(`ksys: ${kept}`)
  if (unfiltered !== undefined) printMessage(`ksys: ${unfiltered}`)
  if (stays !== undefined && verbose) printMessage(`ksys: ${stays}`)
}

/** Reports all problems of a capture that was read; returns whether it is damaged. files: the files that it consists of. */
export function reportRead(
  source: CaptureSource,
  stats: CaptureStats,
  files: readonly CaptureSource[] = [source],
): boolean {
  reportUnknown(source)
  reportRepeated(...files)
  const damaged = reportDamage(source)
  reportLosses(stats, false)
  reportLeftOut(stats)
  return damaged
}

/** Reports losses, if any. live: also suggests how to lose less. */
export function reportLosses({ events, lost, losses, buffers }: CaptureStats, live: boolean): void {
  if (lost > 0) {
    const share = ((lost / (events + lost)) * 100).toFixed(lost > (events + lost) / 100 ? 0 : 2)
    const of = losses === undefined ? '' : `: ${lossWords(losses)}`
    const full = live && lost > (losses?.skipped ?? 0)
    const size = buffers === undefined ? '' : ` (it has ${megabytes(buffers)} MB)`
    const advice = full ? `; a larger --buffer${size} or a filter loses fewer` : ''
    printMessage(`ksys: ${number(lost)} ${lost === 1 ? 'event was' : 'events were'} lost (${share} %)${of}${advice}`)
  }
  if (losses !== undefined && losses.state > 0) printMessage(`ksys: ${stateLost(losses)}`)
  if (losses !== undefined && losses.data > 0) {
    const advice = live ? '; a larger --buffer, a filter or a smaller -s truncates fewer' : ''
    printMessage(`ksys: ${dataLost(losses)}${advice}`)
  }
}

/** Reports events that were counted instead of recorded; of: the cgroups they belong to, if known. */
export function reportLeftOut({ events, leftOut = 0 }: CaptureStats, of: readonly ThrottledEvents[] = []): void {
  if (leftOut === 0 && of.length === 0) return
  const share = leftOut === 0 ? '0' : ((leftOut / (events + leftOut)) * 100).toFixed(1)
  const options = [...new Set(of.flatMap((x) => [...x.ceilings]))].map((option) => `--${option}`)
  const by = options.length === 0 ? 'a ceiling' : options.join(' and ')
  const cgroups = of.slice(0, MAX_CGROUPS).map((x) => `${x.cgroup} ${number(x.leftOut)} in ${x.lasted.toFixed(1)} s`)
  if (of.length > MAX_CGROUPS) cgroups.push(`and ${of.length - MAX_CGROUPS} other cgroups`)
  const whose = cgroups.length === 0 ? '' : `: ${cgroups.join(', ')}`
  printMessage(
    `ksys: ${number(leftOut)} ${leftOut === 1 ? 'event was' : 'events were'} only counted because of ${by} (${share} %)${whose}`,
  )
}

/** The kinds of lost events: `1,200 calls, 3 other events`. */
export function lossWords({ calls, enters, others, skipped }: Losses): string {
  const kinds = [
    [calls, 'call', 'calls'],
    [enters, 'enter event', 'enter events'],
    [others, 'other event', 'other events'],
    [skipped, 'call at most that the kernel did not report', 'calls at most that the kernel did not report'],
  ] as const
  return kinds.flatMap(([n, one, many]) => (n > 0 ? [`${number(n)} ${n === 1 ? one : many}`] : [])).join(', ')
}

/** A message about lost state records. */
export function stateLost({ state }: Losses): string {
  return `${number(state)} state ${state === 1 ? 'record was' : 'records were'} lost; names of threads and descriptors may be missing or outdated`
}

/** A message about calls with truncated data. */
export function dataLost({ data }: Losses): string {
  return `the data of ${number(data)} ${data === 1 ? 'call' : 'calls'} was truncated to ${number(ABI.KSYS_FIRST_DATA)} bytes because the buffer was full`
}

/** Reports containers whose names were resolved late or never; filtered: the filter depends on container metadata. */
export function reportNaming(source: CaptureSource, filtered: boolean): void {
  const { late, never } = source.naming ?? { late: 0, never: 0 }
  const parts = [
    late > 0 && `${containers(late)} named late: earlier events show only the id`,
    never > 0 && `${containers(never)} never named: unknown to all runtimes and files`,
  ].filter((part) => part !== false)
  const missed = filtered ? '; the filter needs more than container ids and may have missed events' : ''
  if (parts.length > 0) printMessage(`ksys: ${parts.join('; ')}${missed}`)
}

const containers = (n: number): string => (n === 1 ? '1 container was' : `${number(n)} containers were`)

/** Reports damaged places; returns whether there are any. */
export function reportDamage(source: CaptureSource): boolean {
  for (const d of source.damage.slice(0, 10))
    printMessage(`ksys: ${d.file} is damaged at byte ${number(d.offset)}: ${d.what}`)
  if (source.damage.length > 10) printMessage(`ksys: and ${source.damage.length - 10} more damaged places`)
  return source.damage.length > 0
}

/** Reports events and blocks that this version of ksys is too old to read. */
export function reportUnknown(source: CaptureSource): void {
  const { events, blocks } = source.unknown ?? { events: 0, blocks: 0 }
  const parts = [
    events === 1 ? '1 event' : `${number(events)} events`,
    blocks === 1 ? '1 block' : `${number(blocks)} blocks`,
  ].filter((_, i) => (i === 0 ? events : blocks) > 0)
  if (parts.length === 0) return
  printMessage(`ksys: skipped ${parts.join(' and ')} of types that this version does not know`)
}

/** Reports events that several files contain. */
export function reportRepeated(...sources: CaptureSource[]): void {
  if (sources.some((source) => source.repeated === true))
    printMessage('ksys: some events are in several of the files: each was read once')
}

/** The statistics of -v. `seconds` is the time the run took. */
export function reportStatistics(p: Loop, seconds: number): void {
  const { events, lost, late } = p.stats()
  const span = Math.max(0, p.lastTime - (p.first.time ?? p.lastTime)) / 1e9
  printMessage(
    `events: ${number(events)} captured, ${number(p.shown)} shown, ${number(lost)} lost, ${number(late)} out of order`,
  )
  const rate = seconds > 0 ? Math.round(p.seen / seconds) : 0
  printMessage(`time: ${span.toFixed(3)} s captured, ${seconds.toFixed(3)} s elapsed, ${number(rate)} events/s`)
}

/**
 * The buffers of a live capture, for -v. One thread reads those of all processors: it merges them faster than the rest of ksys takes
 * records, also of 256 (test/bench/README.md).
 */
export function reportBuffers({ presentCpus: present, info: { cpus: possible } }: LiveSource, bytes = 0): void {
  const processors = possible > present ? `${present} of ${possible} possible processors` : `${present} processors`
  printMessage(`buffers: ${megabytes(bytes)} MB for ${processors}, read by one thread`)
}

/** Digits in groups of three. */
export function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Percent of the input on one line of standard error, for reads that take longer than a second or when forced. */
export class Progress {
  private readonly from = performance.now()
  private last = 0
  private drawn = ''
  private ended = false
  private readonly on: boolean

  constructor(
    private readonly source: CaptureSource,
    private readonly forced: boolean,
    /** events are printed on the same terminal */
    mixed: boolean,
  ) {
    this.on = forced || (process.stderr.isTTY && !mixed)
  }

  /** Call often; draws a few times a second. */
  tick(): void {
    if (!this.on) return
    const now = performance.now()
    if (now - this.last < 200 || (!this.forced && now - this.from < 1000)) return
    const done = this.source.progress()
    if (done === undefined) return
    this.last = now
    this.draw(done)
  }

  /** Removes the line, or completes it if it was requested. A second call has no effect. */
  end(finished: boolean): void {
    if (!this.on || this.ended) return
    this.ended = true
    if (this.forced && finished) this.draw(1)
    if (this.forced) say('\n')
    else if (this.drawn !== '') say('\r\x1b[K')
  }

  private draw(done: number): void {
    const text = `${(done * 100).toFixed(2)}%`
    if (text === this.drawn) return
    say(`\r${text}`)
    this.drawn = text
  }
}

/** Epoch ns as a local date and time. */
export function localDate(ns: bigint): string {
  const at = new Date(Number(ns / 1_000_000n))
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
