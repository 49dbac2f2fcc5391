// Converts parsed options to the settings of a run: a function for each section of the table, which reads all options of its section.

import { isScapName } from '../../scap/kind.js'
import { type ScapSchema, schemaNamed } from '../../scap/write/schemas.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type CeilingOptions, ceilingsOf } from './ceilings.js'
import type { ChiselCall } from './chisel-arguments.js'
import { refuseTogether } from './conflicts.js'
import { compresses, exportedOf, partsOfTo, refuseBesideExport } from './exported.js'
import { allRead, type Exactly, type OptionsIn } from './option-types.js'
import { chosenBufferStyle, chosenOutput } from './output-format.js'
import { type PrivacyOptions, redactionOf } from './redaction.js'
import { type SeveralFilesOptions, severalFilesOf } from './rotation.js'
import type { Settings } from './settings.js'
import { unneededIn } from './sysdig.js'
import type { OptionDef } from './table.js'
import { rangeOf } from './time-range.js'

type FileOptions = Omit<OptionsIn<'Input and output'>, 'to'> & {
  /** formats, or points at which reading ends */
  readonly to?: string | readonly string[]
}
type CapturedOptions = OptionsIn<'What is captured'>
type ChiselOptions = OptionsIn<'Chisels'>
type PrintOptions = OptionsIn<'How events print'>
type InformationOptions = OptionsIn<'Information'>

/** The options that settings derive from. */
export type RunOptions = FileOptions &
  SeveralFilesOptions &
  CapturedOptions &
  CeilingOptions &
  PrivacyOptions &
  ChiselOptions &
  PrintOptions &
  InformationOptions

/** What the command line contains besides options and the filter. */
interface Beside {
  /** the command after -- */
  readonly command?: readonly string[] | undefined
  readonly chisels?: readonly ChiselCall[]
  /** options of sysdig that were given and have no effect */
  readonly unneeded?: readonly OptionDef[]
  /** further messages about options that have no effect */
  readonly warnings?: readonly string[]
}

/**
 * Converts parsed options to settings, also for a subcommand, which handles its own options itself. filter: the arguments that
 * form the filter. Throws CliError (usage) for options that cannot be combined.
 */
export function settingsOf<O extends RunOptions>(
  options: Exactly<RunOptions, O>,
  filter: readonly string[],
  { command, chisels = [], unneeded = [], warnings = [] }: Beside = {},
): Settings {
  const o: RunOptions = options
  const compress = unneeded.some(({ long }) => long === 'compress') && compresses(o)
  const s: Settings = {
    ...filesOf(o, compress),
    ...severalFilesOf(o),
    ...capturedOf(o),
    ...chiselsOf(o),
    ...printedOf(o),
    ...informationOf(o),
    filter: filter.join(' ').trim(),
    command,
    chisels,
    ceilings: ceilingsOf(o),
    redaction: redactionOf<PrivacyOptions>(o),
    hosts: false,
    recording: undefined,
    rules: undefined,
    compress,
    unneeded: [...unneededIn(unneeded.filter(({ long }) => long !== 'compress' || !compress)), ...warnings],
  }
  refuseTogether(s)
  refuseBesideExport(s, { written: o.write !== undefined, timed: o.timetype !== undefined })
  if (s.read.length === 0 && (s.since ?? s.until) !== undefined)
    throw new CliError(EXIT.usage, '--since and --until require -r FILE: they select a range of a file')
  return s
}

function filesOf(o: FileOptions, compress: boolean) {
  const { read = [], write, numevents: limit, seconds, since, until, to, partition, ...more } = o
  const { scapSchema, rules = [], ...switches } = more
  const { inflight, quiet, progress, follow, untilEof, unbuffered, ...others } = switches
  allRead(others)
  const { format, end } = partsOfTo(to, until)
  const exported = exportedOf(format, write, compress, partition)
  return {
    read,
    write: exported === undefined ? write : undefined,
    exported,
    scapSchema: scapSchemaOf(scapSchema, write, format),
    limit,
    seconds,
    ...rangeOf(since, end),
    rulesFiles: rules,
    inFlight: inflight === true,
    quiet: quiet === true,
    progress: progress === true,
    follow: follow === true,
    untilEof: untilEof === true,
    unbuffered: unbuffered === true,
  }
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

function capturedOf(o: CapturedOptions) {
  const {
    snaplen = 80,
    suppressComm: suppress = [],
    structs,
    enter,
    switches,
    pageFaults,
    stacks,
    attach,
    self,
    buffer,
    ...runtimes
  } = o
  const { cri = [], dockerHost = [], containerMetadata, ...others } = runtimes
  allRead(others)
  return {
    snaplen,
    structs: structs !== false,
    suppress,
    enter: enter === true,
    switches: switches === true,
    pageFaults: pageFaults === true,
    stacks,
    attach,
    self: self === true,
    buffer,
    cri,
    dockerHost,
    containerMetadata: containerMetadata !== false,
  }
}

function chiselsOf({ listChisels, chiselInfo, ...others }: Omit<ChiselOptions, 'chisel'>) {
  allRead(others)
  return { listChisels: listChisels === true, chiselInfo }
}

function printedOf(o: PrintOptions) {
  const { print, json, printAscii, printHex, printHexAscii, printBase64, timetype = 'h', ...more } = o
  const { resolvePorts, summary, verbose, color = 'auto', ...others } = more
  allRead(others)
  return {
    format: print,
    output: chosenOutput({ json }),
    bufferStyle: chosenBufferStyle({ printAscii, printHex, printHexAscii, printBase64 }),
    timeStyle: timetype,
    resolvePorts: resolvePorts === true,
    summary: summary === true,
    verbose: verbose === true,
    color,
  }
}

function informationOf(o: InformationOptions) {
  const { list, listMarkdown, listEvents, jsonSchema, explain, completion, man, help, version, ...others } = o
  allRead(others)
  return {
    list: list === true,
    listMarkdown: listMarkdown === true,
    listEvents: listEvents === true,
    jsonSchema: jsonSchema === true,
    explain: explain === true,
    completion,
    man: man === true,
    help: help === true,
    version: version === true,
  }
}
