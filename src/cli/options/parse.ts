// Command line words to checked settings.
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
  /** the trace, or the capture of other tools, that is written */
  write: string | undefined
  /** the file of another format that is written in its place */
  exported: Exported | undefined
  /** what a .scap file that is written follows; undefined: the default */
  scapSchema: ScapSchema | undefined
  /** a file that is read is of several hosts */
  hosts: boolean
  /** when -w begins another file; undefined: it writes one */
  rotation: Rotation | undefined
  /** what is kept in memory, and when it is written to -w; undefined: all is written as it comes */
  recording: Recording | undefined
  /** whose the files of -w are */
  belonging: Belonging
  /** all words that are no options, joined with one blank; '' without a filter */
  filter: string
  /** command to run and trace */
  command: string[] | undefined
  /** chisels to run, with the words that follow their names */
  chisels: readonly ChiselCall[]
  listChisels: boolean
  /** name of the chisel to tell about */
  chiselInfo: string | undefined
  limit: number | undefined
  seconds: number | undefined
  /** the part of a file that is read: conditions of the filter language */
  from: string | undefined
  to: string | undefined
  /** tell the calls in flight instead of events */
  inFlight: boolean
  quiet: boolean
  progress: boolean
  unbuffered: boolean
  /** what is read is a capture that goes on: it is shown as a live one is */
  follow: boolean
  /** a live capture ends with standard input */
  untilEof: boolean
  snaplen: number
  suppress: string[]
  enter: boolean
  switches: boolean
  pageFaults: boolean
  /** which stacks are recorded; undefined: those that something asks for */
  stacks: Which | undefined
  self: boolean
  /** bytes of all rings together */
  buffer: number | undefined
  /** what the capture may cost; undefined: nothing is said of it */
  ceilings: Ceilings | undefined
  /** sockets and addresses of container runtimes, besides those that are found */
  cri: string[]
  dockerHost: string[]
  /** whether runtimes are asked at all */
  containerMetadata: boolean
  /** what is kept out of everything: files, output, filters */
  redaction: Redaction | undefined
  /** files and folders of rules that events are asked */
  rulesFiles: readonly string[]
  /** those that are enabled, once they were read (rules/given.ts); undefined without any files */
  rules: readonly Rule[] | undefined
  format: string | undefined
  /** name of the format of output (format/outputs) */
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
  /** the file for other tools is to be compressed, though its name does not say so */
  compress: boolean
  /** a sentence for each option that was given and is not needed */
  unneeded: readonly string[]
}

const BUFFER_STYLES: Readonly<Record<string, BufferStyle>> = {
  'print-ascii': 'ascii',
  'print-hex': 'hex',
  'print-hex-ascii': 'hexAscii',
  'print-base64': 'base64',
}

/** Parses the words after `ksys`. Throws CliError (usage) with a sentence and, for a misspelt option, the nearest one. */
export function parseArgs(argv: readonly string[]): Settings {
  const { words: all, command } = splitArgv(argv)
  const { words, chisels } = takeChisels(all)
  const unknown = (word: string, usual: string) => `${usual}${hintFor(word)}`
  const parsed = parseWords<Raw>([...OPTIONS, ...UNNEEDED], words, { command: 'ksys', unknown })
  if (command !== undefined && command.length === 0)
    throw new CliError(EXIT.usage, 'a command to run is expected after --, as in: ksys -- ls -l')
  return settingsOf(parsed.options, parsed.words, command, chisels)
}

/** What to write for an option that there is not. */
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

/** A point in a file as a condition of the filter language; other: the other end of the part. */
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
    `'${value}' is no point in a file: write 14:05:00, "2026-01-31 14:05:00", 90s or the number of an event${hint(text)}`,
  )
}

/** A time of day at an end of a part, which may go on over midnight, as a value of the filter language. */
function timeOfDay(text: string, time: TimeOfDay, operator: '>=' | '<=', other: Raw[string]): string {
  const ends = operator === '<='
  const others = typeof other === 'string' ? other.trim() : ''
  const begins = parseTime(others)
  // the number of an event is a whole number, too
  if (ends && typeof begins === 'bigint' && !/^\d+$/.test(others)) return String(time.nextFrom(begins))
  const beside = begins instanceof TimeOfDay ? ` ${ends ? 'from' : 'to'} ${others}` : ''
  return `"${ends ? 'to' : 'from'} ${text}${beside}"`
}

/** Nothing can lie between two points in the wrong order; times of day may be those of two days. */
function checkOrder(from: Raw[string], to: Raw[string]): void {
  for (const read of [(text: string) => (/^\d+$/.test(text) ? Number(text) : undefined), parseDuration]) {
    const [begin, end] = [from, to].map((text) => (typeof text === 'string' ? read(text.trim()) : undefined))
    if (begin !== undefined && end !== undefined && begin > end)
      throw new CliError(EXIT.usage, `--to ${to} is before --from ${from}: nothing lies between them`)
  }
}

/** A sentence for each option among parsed ones that is not needed. */
export function unneededIn(raw: Raw): string[] {
  return UNNEEDED.filter((o) => raw[propertyOf(o)] !== undefined && !compresses(raw, o.long)).map(
    (o) => `${o.short === undefined ? '' : `-${o.short}, `}--${o.long} is not needed: ${o.doc}`,
  )
}

/** Whether that option has a file for other tools compressed, whatever its name is. */
function compresses(raw: Raw, long: string): boolean {
  if (long !== 'compress' || raw.compress !== true) return false
  if (partsOfTo(raw.to).format !== undefined) return true
  return typeof raw.write === 'string' && (isScapName(raw.write) || exportOfName(raw.write) !== undefined)
}

/** Name of the format of output that parsed options choose. Throws CliError (usage) for several. */
export function chosenOutput(raw: Raw): string {
  const long = oneOf(
    OUTPUTS.flatMap((o) => o.option?.long ?? []),
    raw,
  )
  return (OUTPUTS.find((o) => o.option?.long === long) as OutputFormat).name
}

/** Which of these options was given; undefined: none. Throws CliError (usage) for several. */
function oneOf(longs: readonly string[], raw: Raw): string | undefined {
  const defs = OPTIONS.filter((o) => longs.includes(o.long))
  const given = defs.filter((o) => raw[propertyOf(o)] === true)
  if (given.length > 1) {
    const all = defs.map((o) => (o.short === undefined ? `--${o.long}` : `-${o.short}`))
    throw new CliError(EXIT.usage, `only one of ${all.slice(0, -1).join(', ')} and ${all.at(-1)} can be used at a time`)
  }
  return given[0]?.long
}

/** Throws CliError (usage) where several of the files that are read are standard input. */
export function refuseStdinTwice(files: readonly string[]): void {
  if (files.filter((f) => f === '-').length > 1)
    throw new CliError(EXIT.usage, 'standard input (-) can be read only once')
}

/** Options as they were parsed, by the names that commander gives them. */
export type Raw = Record<string, string | number | boolean | string[] | undefined>

/**
 * Parsed options as settings, those of a subcommand too: what is not an option of every run is left to the subcommand. filter: its
 * words. Throws CliError (usage) where options do not go together.
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
    throw new CliError(EXIT.usage, '--from and --to choose a part of a file: name it with -r')
  return s
}

/** Throws CliError (usage) where a version of libs is chosen and no .scap file is written. */
function scapSchemaOf(
  name: string | undefined,
  write: string | undefined,
  format: string | undefined,
): ScapSchema | undefined {
  if (name === undefined) return undefined
  if (write === undefined || format !== undefined || !isScapName(write))
    throw new CliError(EXIT.usage, '--scap-schema is about a .scap file: name one with -w, such as -w NAME.scap')
  return schemaNamed(name)
}

/** Whether what a run captures or reads goes into a file, of whatever format. */
export function writesFile({ write, exported }: Pick<Settings, 'write' | 'exported'>): boolean {
  return (write ?? exported) !== undefined
}

/** Throws CliError (usage) for options of which each takes away what another is about. */
function refuseTogether(s: Settings): void {
  const files = s.read.length
  const named = s.redaction?.namespace !== undefined
  const pairs: readonly (readonly [together: boolean, sentence: string])[] = [
    [files > 0 && s.command !== undefined, '-r reads a file and -- runs a command: use one of them'],
    [named && s.command !== undefined, '--only-namespace is about pods, and -- runs a command that is in none'],
    [s.follow && s.read.join() !== '-', '--follow is about a capture that comes by a pipe: ksys -r - --follow'],
    [s.untilEof && files > 0, '--until-eof ends a live capture, and -r reads a file to its end'],
    [
      s.untilEof && s.command !== undefined,
      '--until-eof looks at standard input, which is that of the command behind --',
    ],
    [
      s.chisels.length > 0 && s.write !== undefined,
      '-c shows what it counts and -w keeps events: write a file first, then use ksys -r FILE -c NAME',
    ],
    [
      s.stacks !== undefined && files > 0,
      '--stacks is about a live capture: a file has the stacks that it was written with',
    ],
    [
      s.stacks !== undefined && s.summary,
      '--stacks tells where each call comes from, and -S sums calls up: use -c stacks',
    ],
    [
      named && s.stacks !== undefined,
      '--only-namespace tells nothing of other pods, and a stack is told once for all processes: leave --stacks out',
    ],
    [files > 1 && s.write !== undefined, '-w takes the events of one file: use -r once with -w'],
  ]
  const wrong = pairs.find(([together]) => together)
  if (wrong !== undefined) throw new CliError(EXIT.usage, wrong[1])
  refuseStdinTwice([...s.read, ...s.rulesFiles])
}
