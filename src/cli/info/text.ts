// The result of `ksys info` as text.
import type { Losses } from '../../schema/losses.js'
import { visible } from '../output/visible.js'
import { dataLost, localDate, lossWords, number, stateLost } from '../run/report.js'

/** The description of a capture. */
export interface Facts {
  file: string
  /** size of the file; missing for standard input */
  bytes?: number
  format: string
  /** version of the format, where it has one for the whole file */
  version?: string
  host?: string
  /** the names of the hosts of a trace of several hosts */
  hosts?: readonly string[]
  kernel?: string
  arch: string
  cpus: number
  /** a note of the recording program */
  note?: string
  /** descriptions of omitted data */
  spared?: readonly string[]
  /** ns since the epoch of the first and the last event, and seconds between them; missing without events */
  start?: string
  end?: string
  seconds?: number
  /** number of events without a filter */
  events: number
  /** number of events that the capture lost */
  lost: number
  /** kinds of losses; missing if the capture does not record them */
  losses?: Losses
  /** events that were only counted because of a ceiling */
  leftOut?: number
  /** number of events that were delivered after later ones */
  late: number
  processes: { atStart: number; active: number }
  threads: { atStart: number }
  /** events by category, most first */
  categories: Record<string, number>
  /** how the file was checked for damage: by the checksum of every block, or by reading every event */
  checked: 'checksums' | 'events'
  /** file: the damaged one, if there are several */
  damage: { file?: string; offset: number; what: string }[]
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
/** maximum number of damaged places listed */
const MOST_DAMAGE = 10

/** Lines of `name   value`, with a line end after the last. */
export function factsText(f: Facts): string {
  const rows: (readonly [string, string])[] = [
    ['file', `${f.file}${f.bytes === undefined ? '' : `, ${size(f.bytes)}`}`],
    ['format', `${f.format}${f.version === undefined ? '' : ` ${f.version}`}`],
    [
      'host',
      [f.host, f.kernel && `Linux ${f.kernel}`, f.arch, f.cpus > 0 && many(f.cpus, 'CPU')].filter(Boolean).join(', '),
    ],
    ...(f.note === undefined ? [] : [['made by', f.note] as const]),
    ...(f.spared ?? []).map((what, i) => [i === 0 ? 'spared' : '', what] as const),
    [
      'span',
      f.start === undefined
        ? 'no events'
        : `${localDate(BigInt(f.start))} to ${localDate(BigInt(f.end as string))}, ${seconds(f.seconds as number)}`,
    ],
    ['events', `${number(f.events)}${rate(f)}`],
    ...Object.entries(f.categories).map(
      ([name, n], i) => [i === 0 ? '  of these' : '', `${number(n)} ${name}`] as const,
    ),
    ['lost', f.lost === 0 ? 'none' : lost(f)],
    ...(f.losses !== undefined && f.losses.state > 0 ? [['', stateLost(f.losses)] as const] : []),
    ...(f.losses !== undefined && f.losses.data > 0 ? [['', dataLost(f.losses)] as const] : []),
    ...(f.leftOut === undefined
      ? []
      : [
          ['left out', `${number(f.leftOut)}, only counted because of a ceiling (details: evt.type=throttle)`] as const,
        ]),
    ...(f.late === 0 ? [] : [['out of order', number(f.late)] as const]),
    [
      'processes',
      `${number(f.processes.atStart)} at the start (${many(f.threads.atStart, 'thread')}), ${number(f.processes.active)} with events`,
    ],
    ['damage', damage(f)],
    ...f.damage
      .slice(0, MOST_DAMAGE)
      .map(
        (d) => ['', `at byte ${number(d.offset)}${d.file === undefined ? '' : ` of ${d.file}`}: ${d.what}`] as const,
      ),
  ]
  const widest = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(widest)}  ${visible(value)}\n`).join('')
}

function lost({ lost, events, losses }: Facts): string {
  const share = ((lost / (lost + events)) * 100).toFixed(2)
  return `${number(lost)} (${share} %)${losses === undefined ? '' : `: ${lossWords(losses)}`}`
}

function damage({ damage: { length }, checked }: Facts): string {
  if (length > 0) return many(length, 'place')
  return checked === 'events' ? 'none, every event was read' : 'none, every checksum is right (--deep reads the events)'
}

function size(bytes: number): string {
  let n = bytes
  let unit = 0
  for (; n >= 1024 && unit < UNITS.length - 1; unit++) n /= 1024
  return unit === 0 ? many(bytes, 'byte') : `${n.toFixed(1)} ${UNITS[unit]}`
}

function seconds(s: number): string {
  if (s < 120) return `${s.toFixed(3)} s`
  const h = Math.floor(s / 3600)
  const m = Math.floor((s % 3600) / 60)
  return `${h > 0 ? `${h} h ` : ''}${m} min ${Math.floor(s % 60)} s`
}

function rate(f: Facts): string {
  return f.seconds === undefined || f.seconds <= 0 ? '' : `, ${number(Math.round(f.events / f.seconds))} a second`
}

function many(n: number, what: string): string {
  return `${number(n)} ${what}${n === 1 ? '' : 's'}`
}
