// Converts command line arguments to checked settings.
import { exportOfName } from '../../export/formats.js'
import { nearest } from '../../filter/suggest.js'
import { parseDuration, parseTime, TimeOfDay } from '../../filter/time.js'
import { OUTPUTS, type OutputFormat } from '../../format/outputs.js'
import type { Redaction } from '../../redact/redaction.js'
import type { Rule } from '../../rules/rule.js'
import { isScapName } from '../../scap/kind.js'
import { type ScapSchema, schemaNamed } from '../../scap/write/schemas.js'
import type { Belonging } from '../../source/belonging.js'
import type { Ceilings } from '../../source/ceilings/ceilings.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { Recording } from '../record/recording.js'
import type { Rotation } from '../run/rotation.js'
import { splitArgv } from './argv.js'
import { ceilingsOf } from './ceilings.js'
import { type ChiselCall, takeChisels } from './chisel-arguments.js'
import { type Exported, exportedOf, formatHint, type PartitionKey, partsOfTo, refuseBesideExport } from './exported.js'
import { redactionOf } from './redaction.js'
import { belongingOf, rotationOf } from './rotation.js'
import type { Which } from './stacks.js'
import { insteadOf, REPLACED, UNNEEDED } from './sysdig.js'
import { OPTIONS } from './table.js'
import { parseWords, propertyOf } from './words.js'

export type TimeStyle = 'h' | 'a' | 'r' | 'd' | 'D'
export type BufferStyle = 'dots' | 'hex' | 'hexAscii' | 'ascii' | 'base64'

export interface Settings {
  /** files to read, in order; empty for a live capture */
  read: string[]
  /** the file to write: a trace, or a .scap file */
  write: string | undefined
  /** the file in an export format that is written instead */
  exported: Exported | undefined
  /** the libs schema of a written .scap file; undefined: the default */
  scapSchema: ScapSchema | undefined
  /** a file that is read contains several hosts */
  hosts: boolean
  /** when -w starts a new file; undefined: it writes one file */
  rotation: Rotation | undefined
  /** how much is retained in memory, and when it is written to -w; undefined: events are written as they arrive */
  recording: Recording | undefined
  /** owner, group and mode of the files of -w */
  belonging: Belonging
  /** all arguments that are not options, joined by a space; '' without a filter */
  filter: string
  /** command to run and trace */
  command: string[] | undefined
  /** chisels to run, with the arguments that follow their names */
  chisels: readonly ChiselCall[]
  listChisels: boolean
  /** name of the chisel to describe */
  chiselInfo: string | undefined
  limit: number | undefined
  seconds: number | undefined
  /** the range of a file that is read, as filter conditions */
  from: string | undefined
  to: string | undefined
  /** list the calls in progress instead of events */
  inFlight: boolean
  quiet: boolean
  progress: boolean
  unbuffered: boolean
  /** the input is still being written: it is shown like a live capture */
  follow: boolean
  /** a live capture ends when standard input closes */
  untilEof: boolean
  snaplen: number
  suppress: string[]
  enter: boolean
  switches: boolean
  pageFaults: boolean
  /** which stacks are recorded; undefined: those that a filter or format needs */
  stacks: Which | undefined
  self: boolean
  /** total bytes of all kernel ring buffers */
  buffer: number | undefined
  /** limits on the cost of the capture; undefined: none given */
  ceilings: Ceilings | undefined
  /** sockets and addresses of container runtimes, in addition to those that are found automatically */
  cri: string[]
  dockerHost: string[]
  /** whether container runtimes are queried */
  containerMetadata: boolean
  /** data that is hidden from files, output and filters */
  redaction: Redaction | undefined
  /** files and folders of the rules that are evaluated */
  rulesFiles: readonly string[]
  /** the enabled rules, once they have been read (rules/given.ts); undefined without rules files */
  rules: readonly Rule[] | undefined
  format: string | undefined
  /** name of the output format (format/outputs) */
  output: string
  bufferStyle: BufferStyle
  timeStyle: TimeStyle
  resolvePorts: boolean
  summary: boolean
  verbose: boolean
  color: 'auto' | 'always' | 'never'
  list: boolean
  listMarkdown: boolean
  listEvents: boolean
  jsonSchema: boolean
  explain: boolean
  completion: 'bash' | 'zsh' | 'fish' | undefined
  man: boolean
  help: boolean
  version: boolean
  /** compress the export file although its name has no extension of compressed files */
  compress: boolean
  /** a message for each given option that has no effect */
  unneeded: readonly string[]
}

const BUFFER_STYLES: Readonly<Record<string, BufferStyle>> = {
  'print-ascii': 'ascii',
  'print-hex': 'hex',
  'print-hex-ascii': 'hexAscii',
  'print-base64': 'base64',
}

/** Parses the arguments after `ksys`. Throws CliError (usage); for a misspelt option the message suggests the nearest one. */
export function parseArgs(argv: readonly string[]): Settings {
  const { words: all, command } = splitArgv(argv)
  const { words, chisels } = takeChisels(all)
  const unknown = (word: string, usual: string) => `${usual}${hintFor(word)}`
  const parsed = parseWords<Raw>([...OPTIONS, ...UNNEEDED], words, { command: 'ksys', unknown })
  if (command !== undefined && command.length === 0)
    throw new CliError(EXIT.usage, 'missing command after --, as in: ksys -- ls -l')
  return settingsOf(parsed.options, parsed.words, command, chisels)
}

/** A suggestion for an unknown option. */
function hintFor(unknown: string): string {
  const instead = insteadOf(unknown)
  if (instead !== undefined) return `: ${instead}`
  const given = unknown.split('=')[0] as string
  if (!given.startsWith('--')) return ''
  const own = OPTIONS.flatMap((o) => [o.long, ...(o.aliases ?? [])]).map((name) => `--${name}`)
  const near = nearest(given, [...own, ...REPLACED])
  if (near === undefined) return ''
  return REPLACED.includes(near) ? ` (for ${near}: ${insteadOf(near)})` : ` (did you mean ${near}?)`
}

/** A point in a file as a filter condition; other: the other end of the range. */
function when(
  value: Raw[string],
  operator: '>=' | '<=',
  other: Raw[string],
  hint = (_: string) => '',
): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^\d+$/.test(text)) return `evt.num ${operator} ${text}`
  if (parseDuration(text) !== undefined) return `evt.reltime ${operator} ${text}`
  const time = parseTime(text)
  if (time instanceof TimeOfDay) return `evt.rawtime ${operator} ${timeOfDay(text, time, operator, other)}`
  if (time !== undefined) return `evt.rawtime ${operator} "${text}"`
  throw new CliError(
    EXIT.usage,
    `'${value}' is not a point in a file: use 14:05:00, "2026-01-31 14:05:00", 90s or an event number${hint(text)}`,
  )
}

/** A time of day at one end of a range, which may extend past midnight, as a value of the filter language. */
function timeOfDay(text: string, time: TimeOfDay, operator: '>=' | '<=', other: Raw[string]): string {
  const ends = operator === '<='
  const others = typeof other === 'string' ? other.trim() : ''
  const otherTime = parseTime(others)
  // parseTime() also accepts a plain integer, which here is an event number
  if (ends && typeof otherTime === 'bigint' && !/^\d+$/.test(others)) return String(time.nextFrom(otherTime))
  const otherEnd = otherTime instanceof TimeOfDay ? ` ${ends ? 'from' : 'to'} ${others}` : ''
  return `"${ends ? 'to' : 'from'} ${text}${otherEnd}"`
}

/** Rejects two points in the wrong order. Times of day are not compared: they may belong to two days. */
function checkOrder(from: Raw[string], to: Raw[string]): void {
  for (const read of [(text: string) => (/^\d+$/.test(text) ? Number(text) : undefined), parseDuration]) {
    const [start, end] = [from, to].map((text) => (typeof text === 'string' ? read(text.trim()) : undefined))
    if (start !== undefined && end !== undefined && start > end)
      throw new CliError(EXIT.usage, `--to ${to} is before --from ${from}: the range is empty`)
  }
}

/** A message for each parsed option that has no effect. */
export function unneededIn(raw: Raw): string[] {
  return UNNEEDED.filter((o) => raw[propertyOf(o)] !== undefined && !compresses(raw, o.long)).map(
    (o) => `${o.short === undefined ? '' : `-${o.short}, `}--${o.long} is not needed: ${o.doc}`,
  )
}

/** Whether that option compresses an export file, whatever its name is. */
function compresses(raw: Raw, long: string): boolean {
  if (long !== 'compress' || raw.compress !== true) return false
  if (partsOfTo(raw.to).format !== undefined) return true
  return typeof raw.write === 'string' && (isScapName(raw.write) || exportOfName(raw.write) !== undefined)
}

/** Name of the output format that the parsed options select. Throws CliError (usage) for several. */
export function chosenOutput(raw: Raw): string {
  const long = oneOf(
    OUTPUTS.flatMap((o) => o.option?.long ?? []),
    raw,
  )
  return (OUTPUTS.find((o) => o.option?.long === long) as OutputFormat).name
}

/** The one of these options that was given; undefined: none. Throws CliError (usage) for several. */
function oneOf(longs: readonly string[], raw: Raw): string | undefined {
  const defs = OPTIONS.filter((o) => longs.includes(o.long))
  const given = defs.filter((o) => raw[propertyOf(o)] === true)
  if (given.length > 1) {
    const all = defs.map((o) => (o.short === undefined ? `--${o.long}` : `-${o.short}`))
    throw new CliError(EXIT.usage, `only one of ${all.slice(0, -1).join(', ')} and ${all.at(-1)} can be used at a time`)
  }
  return given[0]?.long
}

/** Throws CliError (usage) if standard input is named more than once among the files to read. */
export function refuseStdinTwice(files: readonly string[]): void {
  if (files.filter((f) => f === '-').length > 1)
    throw new CliError(EXIT.usage, 'standard input (-) can be read only once')
}

/** Parsed options by commander's property names. */
export type Raw = Record<string, string | number | boolean | string[] | undefined>

/**
 * Converts parsed options to settings, also for a subcommand, which handles its own options itself. filter: the arguments that
 * form the filter. Throws CliError (usage) for options that cannot be combined.
 */
export function settingsOf(
  raw: Raw,
  filter: readonly string[],
  command?: string[],
  chisels: readonly ChiselCall[] = [],
): Settings {
  const flag = (name: string) => raw[name] === true
  const style = oneOf(Object.keys(BUFFER_STYLES), raw)
  const to = partsOfTo(raw.to)
  const write = raw.write as string | undefined
  const partition = raw.partition as PartitionKey[] | undefined
  const exported = exportedOf(to.format, write, compresses(raw, 'compress'), partition)
  const s: Settings = {
    read: (raw.read as string[] | undefined) ?? [],
    write: exported === undefined ? write : undefined,
    exported,
    scapSchema: scapSchemaOf(raw.scapSchema as string | undefined, write, to.format),
    hosts: false,
    rotation: rotationOf(raw),
    recording: undefined,
    belonging: belongingOf(raw),
    filter: filter.join(' ').trim(),
    command,
    chisels,
    listChisels: flag('listChisels'),
    chiselInfo: raw.chiselInfo as string | undefined,
    limit: raw.numevents as number | undefined,
    seconds: raw.seconds as number | undefined,
    from: when(raw.from, '>=', to.when),
    to: when(to.when, '<=', raw.from, formatHint),
    inFlight: flag('inflight'),
    quiet: flag('quiet'),
    progress: flag('progress'),
    unbuffered: flag('unbuffered'),
    follow: flag('follow'),
    untilEof: flag('untilEof'),
    snaplen: (raw.snaplen as number | undefined) ?? 80,
    suppress: (raw.suppressComm as string[] | undefined) ?? [],
    enter: flag('enter'),
    switches: flag('switches'),
    pageFaults: flag('pageFaults'),
    stacks: raw.stacks as Settings['stacks'],
    self: flag('self'),
    buffer: raw.buffer as number | undefined,
    cri: (raw.cri as string[] | undefined) ?? [],
    dockerHost: (raw.dockerHost as string[] | undefined) ?? [],
    containerMetadata: raw.containerMetadata !== false,
    ceilings: ceilingsOf(raw),
    redaction: redactionOf(raw),
    rulesFiles: (raw.rules as string[] | undefined) ?? [],
    rules: undefined,
    format: raw.print as string | undefined,
    output: chosenOutput(raw),
    bufferStyle: (style && BUFFER_STYLES[style]) || 'dots',
    timeStyle: (raw.timetype as TimeStyle | undefined) ?? 'h',
    resolvePorts: flag('resolvePorts'),
    summary: flag('summary'),
    verbose: flag('verbose'),
    color: (raw.color as Settings['color'] | undefined) ?? 'auto',
    list: flag('list'),
    listMarkdown: flag('listMarkdown'),
    listEvents: flag('listEvents'),
    jsonSchema: flag('jsonSchema'),
    explain: flag('explain'),
    completion: raw.completion as Settings['completion'],
    man: flag('man'),
    help: flag('help'),
    version: flag('version'),
    compress: compresses(raw, 'compress'),
    unneeded: unneededIn(raw),
  }
  refuseTogether(s)
  refuseBesideExport(s, { written: write !== undefined, timed: raw.timetype !== undefined })
  checkOrder(raw.from, to.when)
  if (s.read.length === 0 && (s.from ?? s.to) !== undefined)
    throw new CliError(EXIT.usage, '--from and --to require -r FILE: they select a range of a file')
  return s
}

/** Throws CliError (usage) if a libs version is given without a .scap file to write. */
function scapSchemaOf(
  name: string | undefined,
  write: string | undefined,
  format: string | undefined,
): ScapSchema | undefined {
  if (name === undefined) return undefined
  if (write === undefined || format !== undefined || !isScapName(write))
    throw new CliError(EXIT.usage, '--scap-schema requires -w NAME.scap')
  return schemaNamed(name)
}

/** Whether the events of a run are written to a file, in any format. */
export function writesFile({ write, exported }: Pick<Settings, 'write' | 'exported'>): boolean {
  return (write ?? exported) !== undefined
}

/** Throws CliError (usage) for options that exclude each other. */
function refuseTogether(s: Settings): void {
  const files = s.read.length
  const named = s.redaction?.namespace !== undefined
  const pairs: readonly (readonly [together: boolean, sentence: string])[] = [
    [files > 0 && s.command !== undefined, '-r reads a file and -- runs a command: use one of them'],
    [
      named && s.command !== undefined,
      '--only-namespace selects pods, and the command after -- is in none: use one of them',
    ],
    [s.follow && s.read.join() !== '-', '--follow requires a capture from a pipe: ksys -r - --follow'],
    [s.untilEof && files > 0, '--until-eof applies to live captures; -r reads a file to its end'],
    [
      s.untilEof && s.command !== undefined,
      '--until-eof watches standard input, which belongs to the command after --: use one of them',
    ],
    [
      s.chisels.length > 0 && s.write !== undefined,
      '-c cannot be used with -w: write a file first, then use ksys -r FILE -c NAME',
    ],
    [
      s.stacks !== undefined && files > 0,
      '--stacks applies to live captures; a file has the stacks that were recorded with it',
    ],
    [s.stacks !== undefined && s.summary, '--stacks cannot be used with -S, which sums up calls: use -c stacks'],
    [
      named && s.stacks !== undefined,
      '--stacks cannot be used with --only-namespace: stacks are shared between processes',
    ],
    [files > 1 && s.write !== undefined, '-w accepts the events of one file: use -r once with -w'],
  ]
  const wrong = pairs.find(([together]) => together)
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong[1])
  refuseStdinTwice([...s.read, ...s.rulesFiles])
}
