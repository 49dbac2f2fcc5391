// Opens a capture file of any kind, which is determined by its first bytes.
import { close, read } from 'node:fs'
import { promisify } from 'node:util'
import { mergedKind } from '../merged/kind.js'
import { scapKind } from '../scap/kind.js'
import { awaitWriter, openToRead, type Waiting } from '../source/files.js'
import { type FileKind, type OpenOptions, SNIFFED } from '../source/kind.js'
import { reason } from '../source/reason.js'
import { namedFiles } from '../source/rotation-files.js'
import type { CaptureSource } from '../source/source.js'
import { TraceError } from '../trace/error.js'
import { ksysKind, RotationSource } from '../trace/index.js'

const KINDS: readonly FileKind[] = [mergedKind, ksysKind, scapKind]
const STDIN = 0

/**
 * Opens a capture file, a pipe or standard input ('-') according to its contents; the traces in a folder, or those that match a
 * pattern, as one capture. Throws TraceError if it cannot be read, is empty or is not a capture. Each kind throws its own errors
 * for unusable contents.
 */
export async function openTrace(
  path: string,
  options: Omit<OpenOptions, 'opened'> & Waiting = {},
): Promise<CaptureSource> {
  const several = namedFiles(path)
  if (several !== undefined) return RotationSource.open(path, several, options)
  const name = path === '-' ? 'standard input' : path
  let fd = STDIN
  let first: Buffer
  let rereadable = false
  try {
    if (path !== '-') {
      const opened = await openToRead(path)
      fd = opened.fd
      rereadable = opened.stat.isFile()
      if (opened.stat.isFIFO()) await awaitWriter(fd, options)
    }
    first = await firstBytes(fd)
  } catch (e) {
    if (fd !== STDIN) await promisify(close)(fd)
    throw new TraceError('EOPEN', path, `${name} cannot be read: ${reason(e)}`, e)
  }
  const kind = KINDS.find((k) => k.matches(first))
  if (fd !== STDIN && (rereadable || kind === undefined)) await promisify(close)(fd)
  if (kind !== undefined) {
    const openOptions: OpenOptions = rereadable ? options : { ...options, opened: { fd, first } }
    return kind.open(path, openOptions)
  }
  if (first.length === 0) throw new TraceError('EEMPTY', path, `${name} is empty`)
  throw new TraceError(
    'ENOTTRACE',
    path,
    `${name} is not a capture: it is none of ${KINDS.map((k) => k.name).join(', ')}`,
  )
}

async function firstBytes(fd: number): Promise<Buffer> {
  const bytes = Buffer.alloc(SNIFFED)
  let got = 0
  while (got < SNIFFED) {
    const n = await some(fd, bytes, got)
    if (n === 0) break
    got += n
  }
  return bytes.subarray(0, got)
}

/** Reads once, and waits if a non-blocking pipe has no data. */
async function some(fd: number, bytes: Buffer, at: number): Promise<number> {
  for (;;) {
    try {
      return (await promisify(read)(fd, bytes, at, bytes.length - at, null)).bytesRead
    } catch (e) {
      if ((e as NodeJS.ErrnoException).code !== 'EAGAIN') throw e
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}
