// What is told on standard error beside the data: losses, damage, statistics, progress.
import type { Loop } from '../../run/loop.js'
import { ABI } from '../../schema/abi.js'
import type { Losses } from '../../schema/losses.js'
import type { ThrottledEvents } from '../../source/ceilings/source.js'
import type { Confined } from '../../source/privilege.js'
import type { CaptureSource, CaptureStats } from '../../source/source.js'
import { say } from '../output/stderr.js'
import { visible } from '../output/visible.js'

/** cgroups that are named at the end */
const MOST_CGROUPS = 5

/** Prints a line on standard error. */
export function tell(line: string): void {
  say(`${visible(line)}\n`)
}

/** Tells where ksys gives up less than usual: what a person could not choose only to those who want to know all. */
export function tellConfined({ stays, unfiltered }: Confined, verbose: boolean): void {
  if (unfiltered !== undefined) tell(`ksys: ${unfiltered}`)
  if (stays !== undefined && verbose) tell(`ksys: ${stays}`)
}

/** Tells all that is to be known of a capture that was read; returns whether it is damaged. files: those that it was made of. */
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

/** Tells losses whenever there were any. live: the capture can be repeated in another way. */
export function reportLosses({ events, lost, losses }: CaptureStats, live: boolean): void {
  if (lost > 0) {
    const share = ((lost / (events + lost)) * 100).toFixed(lost > (events + lost) / 100 ? 0 : 2)
    const of = losses === undefined ? '' : `: ${lossWords(losses)}`
    const full = live && lost > (losses?.skipped ?? 0)
    const advice = full ? '; a larger --buffer or a filter loses fewer' : ''
    tell(`ksys: ${number(lost)} ${lost === 1 ? 'event was' : 'events were'} lost (${share} %)${of}${advice}`)
  }
  if (losses !== undefined && losses.state > 0) tell(`ksys: ${stateLost(losses)}`)
  if (losses !== undefined && losses.data > 0) {
    const advice = live ? '; a larger --buffer, a filter or a smaller -s cuts fewer' : ''
    tell(`ksys: ${dataLost(losses)}${advice}`)
  }
}

/** Tells what was counted instead of recorded; of: of which cgroups, where that is known. */
export function reportLeftOut({ events, leftOut = 0 }: CaptureStats, of: readonly ThrottledEvents[] = []): void {
  if (leftOut === 0 && of.length === 0) return
  const share = leftOut === 0 ? '0' : ((leftOut / (events + leftOut)) * 100).toFixed(1)
  const options = [...new Set(of.flatMap((x) => [...x.ceilings]))].map((option) => `--${option}`)
  const by = options.length === 0 ? 'a ceiling' : options.join(' and ')
  const cgroups = of.slice(0, MOST_CGROUPS).map((x) => `${x.cgroup} ${number(x.leftOut)} in ${x.lasted.toFixed(1)} s`)
  if (of.length > MOST_CGROUPS) cgroups.push(`and ${of.length - MOST_CGROUPS} other cgroups`)
  const whose = cgroups.length === 0 ? '' : `: ${cgroups.join(', ')}`
  tell(
    `ksys: ${number(leftOut)} ${leftOut === 1 ? 'event was' : 'events were'} counted instead of recorded for ${by} (${share} %)${whose}`,
  )
}

/** What the lost events were: `1,200 calls, 3 other events`. */
export function lossWords({ calls, enters, others, skipped }: Losses): string {
  const kinds = [
    [calls, 'call', 'calls'],
    [enters, 'enter event', 'enter events'],
    [others, 'other event', 'other events'],
    [skipped, 'call at most that the kernel did not show', 'calls at most that the kernel did not show'],
  ] as const
  return kinds.flatMap(([n, one, many]) => (n > 0 ? [`${number(n)} ${n === 1 ? one : many}`] : [])).join(', ')
}

/** What is lost beside events. */
export function stateLost({ state }: Losses): string {
  return `${number(state)} ${state === 1 ? 'record was' : 'records were'} lost that ${state === 1 ? 'tells' : 'tell'} of threads and descriptors: their names may be missing or old for a while`
}

/** Of how many calls data was cut. */
export function dataLost({ data }: Losses): string {
  return `the data of ${number(data)} ${data === 1 ? 'call' : 'calls'} was cut at ${number(ABI.KSYS_FIRST_DATA)} bytes, as the buffer was full`
}

/** Tells of containers whose names came late or not at all; filtered: the filter asks for what was missing. */
export function reportNaming(source: CaptureSource, filtered: boolean): void {
  const { late, never } = source.naming ?? { late: 0, never: 0 }
  const parts = [
    late > 0 && `${containers(late)} named late: what was shown before has the id alone`,
    never > 0 && `${containers(never)} never named: no runtime and no file knew ${never === 1 ? 'it' : 'them'}`,
  ].filter((part) => part !== false)
  const missed = filtered ? '; the filter asks for more than their ids and may have left out what they did' : ''
  if (parts.length > 0) tell(`ksys: ${parts.join('; ')}${missed}`)
}

const containers = (n: number): string => (n === 1 ? '1 container was' : `${number(n)} containers were`)

/** Tells what was unreadable; returns whether anything was. */
export function reportDamage(source: CaptureSource): boolean {
  for (const d of source.damage.slice(0, 10)) tell(`ksys: ${d.file} is damaged at byte ${number(d.offset)}: ${d.what}`)
  if (source.damage.length > 10) tell(`ksys: and ${source.damage.length - 10} more damaged places`)
  return source.damage.length > 0
}

/** Tells what this ksys is too old for. */
export function reportUnknown(source: CaptureSource): void {
  const { events, blocks } = source.unknown ?? { events: 0, blocks: 0 }
  const parts = [
    events === 1 ? '1 event' : `${number(events)} events`,
    blocks === 1 ? '1 block' : `${number(blocks)} blocks`,
  ].filter((_, i) => (i === 0 ? events : blocks) > 0)
  if (parts.length === 0) return
  tell(
    `ksys: ${parts.join(' and ')} of kinds that this version does not know ${events + blocks === 1 ? 'was' : 'were'} left out`,
  )
}

/** Tells what is in several files. */
export function reportRepeated(...sources: CaptureSource[]): void {
  if (sources.some((source) => source.repeated === true))
    tell('ksys: some events are in several of the files: each was taken once')
}

/** The statistics of -v. `seconds` is the time the run took. */
export function reportStatistics(p: Loop, seconds: number): void {
  const { events, lost, late } = p.stats()
  const span = Math.max(0, p.lastTime - (p.first.time ?? p.lastTime)) / 1e9
  tell(
    `events: ${number(events)} captured, ${number(p.shown)} shown, ${number(lost)} lost, ${number(late)} out of order`,
  )
  const rate = seconds > 0 ? Math.round(p.seen / seconds) : 0
  tell(`time: ${span.toFixed(3)} s captured, ${seconds.toFixed(3)} s elapsed, ${number(rate)} events/s`)
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

  /** To be called often; draws a few times a second. */
  tick(): void {
    if (!this.on) return
    const now = performance.now()
    if (now - this.last < 200 || (!this.forced && now - this.from < 1000)) return
    const done = this.source.progress()
    if (done === undefined) return
    this.last = now
    this.draw(done)
  }

  /** Removes the line, or completes it when it was requested. A second time nothing happens. */
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
