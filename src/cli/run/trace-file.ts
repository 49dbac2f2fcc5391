// The trace that a run writes: whether it may be, and what it says of how it was made.
import { statSync } from 'node:fs'
import type { CaptureRun } from '../../run/capture-run.js'
import { isScapName } from '../../scap/kind.js'
import type { Waiting } from '../../source/files.js'
import type { CaptureInfo } from '../../source/source.js'
import { TraceWriter } from '../../trace/index.js'
import { CliError, EXIT } from '../errors/exit.js'
import { type Exported, formatOf } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import { VERSION } from '../version.js'
import { refuseSameFile } from './same-file.js'

/** Throws CliError where what -w names cannot be what the run writes. */
export function checkWritten(s: Settings): void {
  if (s.exported === undefined) refuseTerminal(s.write)
  else refuseExportedTo(s.exported)
  if (pathOf(s) === '-' && s.command !== undefined)
    throw new CliError(EXIT.usage, '-w - and -- CMD would both write to standard output: name a file after -w')
  if (s.hosts && s.rotation !== undefined)
    throw new CliError(
      EXIT.usage,
      'events of several hosts are written to one file: leave out what begins others, or write those of one host, ksys cut FILE -w OUT host.name=NAME',
    )
  if (s.hosts && s.write !== undefined && isScapName(s.write))
    throw new CliError(
      EXIT.usage,
      'a .scap file is of one host, and what is read is of several: write those of one first, ksys cut FILE -w OUT.ksys host.name=NAME',
    )
  if (s.hosts && s.exported !== undefined && formatOf(s.exported).hosts !== true)
    throw new CliError(
      EXIT.usage,
      `${s.exported.format} is of one host, and what is read is of several: write those of one first, ksys cut FILE -w OUT.ksys host.name=NAME`,
    )
  refuseBelonging(s)
  refuseSameFile({ ...s, write: pathOf(s) })
}

/** The file that the run writes; undefined also where it sends to a server. */
function pathOf({ write, exported }: Settings): string | undefined {
  return write ?? (isServer(exported) ? undefined : exported?.path)
}

function isServer(exported: Exported | undefined): boolean {
  return exported !== undefined && formatOf(exported).server !== undefined
}

/** Bytes are not for a terminal. */
function refuseExportedTo(exported: Exported): void {
  const { name, text } = formatOf(exported)
  if (exported.path === '-' && process.stdout.isTTY && (text !== true || exported.packed))
    throw new CliError(
      EXIT.usage,
      `${exported.packed ? 'what is compressed' : name} is not for a terminal: redirect standard output, or name a file after -w`,
    )
}

/** Whose it is can be said of a file only. */
function refuseBelonging(s: Settings): void {
  const { belonging, rotation, recording } = s
  const { uid, gid, mode } = belonging
  const write = s.write ?? s.exported?.path
  if (write === undefined || (uid ?? gid ?? mode) === undefined || (rotation ?? recording) !== undefined) return
  const is = write === '-' ? '-w - is standard output' : isServer(s.exported) ? `${write} is a server` : noFile(write)
  if (is !== undefined)
    throw new CliError(EXIT.usage, `--owner, --group and --mode are about files, and ${is}: leave them out`)
}

/** What a path is that is there and is no file; undefined also where whoever opens it says why it cannot be written. */
function noFile(path: string): string | undefined {
  try {
    const stat = statSync(path)
    return stat.isFIFO() ? `${path} is a FIFO` : stat.isCharacterDevice() ? `${path} is a device` : undefined
  } catch {
    return undefined
  }
}

/** Throws CliError where what -w names is a terminal. */
export function refuseTerminal(write: string | undefined): void {
  if (write === '-' && process.stdout.isTTY)
    throw new CliError(EXIT.usage, 'a trace is not for a terminal: redirect standard output, or name a file after -w')
}

/** Begins a trace with what existed when a source's capture began. Rejects with TraceError. */
export function openTraceWriter(
  path: string,
  s: Settings,
  { source: { info, tables }, snapshot }: CaptureRun,
  waiting: Waiting,
): Promise<TraceWriter> {
  const start = { info: describedInfo(info, s), existing: snapshot, defs: tables?.defs }
  return TraceWriter.open(path, { ...start, waiting, belonging: s.belonging })
}

/** What a trace tells of the capture it was made of, and of how. */
export function describedInfo(info: CaptureInfo, s: Settings): CaptureInfo {
  return { ...info, note: noteOf(s) }
}

/** What a trace says of how it was made. A filter may speak of what the trace is not to tell. */
export function noteOf({ filter, snaplen, redaction }: Settings): string {
  const asked = filter === '' ? '' : redaction === undefined ? `, filter: ${filter}` : ', with a filter'
  return `ksys ${VERSION}${asked}, snaplen ${redaction?.noBuffers ? 0 : snaplen}`
}
