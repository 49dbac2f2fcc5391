// The trace that a run writes: checks whether it can be written, and describes how it was captured.
import { statSync } from 'node:fs'
import type { CaptureRun } from '../../run/capture-run.js'
import { type FileFormat, refusedHosts } from '../../run/write/file-format.js'
import { isScapName } from '../../scap/kind.js'
import type { Waiting } from '../../source/files.js'
import { type CaptureInfo, describedAs, type Making, UNKNOWN_FILTER } from '../../source/source.js'
import { TraceWriter } from '../../trace/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import { suppressFilter } from '../query/query.js'
import { VERSION } from '../version.js'
import { refuseSameFile } from './same-file.js'

/** Throws CliError if the run cannot write to what -w names. */
export function checkWritten(s: Settings): void {
  if (s.exported === undefined) refuseTerminal(s.write)
  else refuseExportedTo(s.exported)
  if (pathOf(s) === '-' && s.command !== undefined)
    throw new CliError(EXIT.usage, '-w - and -- CMD would both write to standard output: name a file with -w')
  if (s.hosts && s.rotation !== undefined)
    throw new CliError(
      EXIT.usage,
      'captures of several hosts are written to one file: remove -C, -G and -e, or select a host with ksys cut FILE -w OUT host.name=NAME',
    )
  const hosts = s.hosts ? refusedHosts(fileFormat(s)) : undefined
  if (hosts !== undefined)
    throw new CliError(EXIT.usage, `${hosts}: first select a host with ksys cut FILE -w OUT.ksys host.name=NAME`)
  refuseBelonging(s)
  refuseSameFile({ ...s, write: pathOf(s) })
}

function fileFormat({ write, exported }: Settings): FileFormat {
  if (exported !== undefined) return formatOf(exported)
  return write !== undefined && isScapName(write) ? 'scap' : 'trace'
}

/** The file that the run writes; undefined: none, or the run sends to a server. */
function pathOf({ write, exported }: Settings): string | undefined {
  return write ?? (isServer(exported) ? undefined : exported?.path)
}

function isServer(exported: Exported | undefined): boolean {
  return exported !== undefined && formatOf(exported).server !== undefined
}

/** Refuses to write binary data to a terminal. */
function refuseExportedTo(exported: Exported): void {
  const { name, text } = formatOf(exported)
  if (exported.path === '-' && process.stdout.isTTY && (text !== true || exported.packed))
    throw new CliError(
      EXIT.usage,
      `${exported.packed ? 'compressed data' : name} cannot be written to a terminal: redirect standard output, or name a file with -w`,
    )
}

/** Refuses --owner, --group and --mode for output other than a regular file. */
function refuseBelonging(s: Settings): void {
  const { belonging, rotation, recording } = s
  const { uid, gid, mode } = belonging
  const write = s.write ?? s.exported?.path
  if (write === undefined || (uid ?? gid ?? mode) === undefined || (rotation ?? recording) !== undefined) return
  const is = write === '-' ? '-w - is standard output' : isServer(s.exported) ? `${write} is a server` : noFile(write)
  if (is !== undefined) throw new CliError(EXIT.usage, `--owner, --group and --mode require a file, but ${is}`)
}

/** Describes an existing path that is not a file; undefined: it is a file, does not exist or cannot be examined (opening it reports why). */
function noFile(path: string): string | undefined {
  try {
    const stat = statSync(path)
    return stat.isFIFO() ? `${path} is a FIFO` : stat.isCharacterDevice() ? `${path} is a device` : undefined
  } catch {
    return undefined
  }
}

/** Throws CliError if -w is a terminal. */
export function refuseTerminal(write: string | undefined): void {
  if (write === '-' && process.stdout.isTTY)
    throw new CliError(
      EXIT.usage,
      'a trace cannot be written to a terminal: redirect standard output, or name a file with -w',
    )
}

/** Starts a trace with the state at the start of a source's capture. Rejects with TraceError. */
export function openTraceWriter(
  path: string,
  s: Settings,
  { source: { info, tables }, snapshot }: CaptureRun,
  waiting: Waiting,
): Promise<TraceWriter> {
  const start = { info: describedInfo(info, s), existing: snapshot, defs: tables?.defs }
  return TraceWriter.open(path, { ...start, waiting, belonging: s.belonging })
}

/** The description of the capture that is stored in a trace. */
export function describedInfo(info: CaptureInfo, s: Settings): CaptureInfo {
  return describedAs(info, makingOf(s))
}

/** How the run makes a trace: a range of time limits it, but leaves out no call within. */
export function makingOf(s: Settings): Making {
  const filter = [s.filter, suppressFilter(s)]
    .filter(Boolean)
    .map((part) => `(${part})`)
    .join(' and ')
  return { note: noteOf(s), filter: filter === '' ? undefined : s.redaction === undefined ? filter : UNKNOWN_FILTER }
}

/** The note in a trace about how it was captured. With redaction the filter is omitted: it may contain redacted values. */
function noteOf({ filter, snaplen, structs, redaction }: Settings): string {
  const filtered = filter === '' ? '' : redaction === undefined ? `, filter: ${filter}` : ', with a filter'
  return `ksys ${VERSION}${filtered}, snaplen ${redaction?.noBuffers ? 0 : snaplen}${structs ? '' : ', no structures'}`
}
