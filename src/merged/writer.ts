// Writes traces of several hosts. The trace of each host is first written to an unnamed temporary file, and at the end
// all are copied into the file. Until then an existing file keeps its contents. If copying fails, the file is empty.
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  readSync,
  statSync,
  write,
} from 'node:fs'
import { access } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Snapshot } from '../model/snapshot.js'
import type { EventDef } from '../schema/types.js'
import type { Belonging } from '../source/belonging.js'
import { openToWrite, unwritable, type Waiting } from '../source/files.js'
import { OutputTree } from '../source/output-tree.js'
import { openUnnamed } from '../source/owner-rights.js'
import { reason, systemCode } from '../source/reason.js'
import type { CaptureInfo } from '../source/source.js'
import { pathOf, walk } from '../source/walk.js'
import { TraceError, TraceWriter } from '../trace/index.js'
import { Output } from '../trace/output.js'
import { headOf } from './format.js'

/** The start of a host's trace. */
export interface MemberHeader {
  readonly info: CaptureInfo
  readonly snapshot: Snapshot
  /** definitions of the rows, if the source has its own */
  readonly defs: readonly (EventDef | undefined)[] | undefined
}

/** The file to write, and how it is opened. */
interface Target {
  /** '-': standard output */
  readonly path: string
  /** used while waiting for the reader of a FIFO */
  readonly waiting: Waiting
  readonly belonging: Belonging | undefined
  /** the folder of the file, opened while ksys still has all its privileges; undefined for streams */
  readonly tree: OutputTree | undefined
}

const COPY_BYTES = 1 << 20
/** size of writes to a pipe or device, which return when the reader has taken the data */
const PIPE_BYTES = 64 << 10
const writeTo = promisify(write)

export class MergedWriter {
  /**
   * identifies the write that waits for the pipe's reader, by a number that grows with the bytes written; 0: none waits
   */
  awaited = 0
  /** bytes written so far; of a pipe: those that its reader has taken */
  private written = 0

  private constructor(
    private readonly target: Target,
    /** folder of the temporary files */
    private readonly tempFolder: string,
    /** one writer for each host, in order */
    readonly hosts: readonly TraceWriter[],
    /** descriptors of the temporary files, also open for reading */
    private readonly fds: readonly number[],
    /** the output, if it is not a file: it is open from the start */
    private readonly stream: Output | undefined,
  ) {}

  /**
   * Starts a temporary trace for each host, beside the file at `path` ('-': standard output), or in the system's folder for
   * temporary files if that folder is not writable. Throws TraceError, also if the file itself cannot be written. waiting: used
   * while waiting for the reader of a FIFO.
   */
  static async open(
    path: string,
    headers: readonly MemberHeader[],
    waiting: Waiting,
    belonging?: Belonging,
  ): Promise<MergedWriter> {
    const stream = await openStream({ path, waiting, belonging })
    const { tempFolder, create } = await tempFilesFor(path, stream !== undefined)
    const tree = stream === undefined ? await treeOf(path) : undefined
    const hosts: TraceWriter[] = []
    const fds: number[] = []
    try {
      for (const { info, snapshot, defs } of headers) {
        const fd = await create()
        fds.push(fd)
        hosts.push(await TraceWriter.start(Output.forFd(path, fd, true), { info, existing: snapshot, defs }))
      }
      return new MergedWriter({ path, waiting, belonging, tree }, tempFolder, hosts, fds, stream)
    } catch (e) {
      for (const fd of fds) closeSync(fd)
      await stream?.close()
      await tree?.close()
      throw failure(path, tempFolder, e)
    }
  }

  /** The error to report when the trace of a host could not be written. */
  failure(e: unknown): unknown {
    return failure(this.target.path, this.tempFolder, e)
  }

  /**
   * Writes the file after the trace of each host was closed. hosts: indexes of the hosts to include; the file of a single one is
   * an ordinary trace. Rejects with TraceError.
   */
  async finish(hosts: readonly number[]): Promise<void> {
    const { path, waiting, belonging, tree } = this.target
    const fds = hosts.map((i) => this.fds[i] as number)
    try {
      const output =
        this.stream ??
        (await Output.open(path, waiting, belonging, (_path, waiting, whose) =>
          (tree as OutputTree).openToReplace(basename(path), waiting, whose),
        ))
      try {
        if (fds.length > 1) await this.put(output, headOf(fds.map((fd) => fstatSync(fd).size)))
        const buffer = Buffer.alloc(COPY_BYTES)
        for (const fd of fds)
          for (let at = 0, got = 1; got > 0; at += got) {
            got = readSync(fd, buffer, 0, COPY_BYTES, at)
            await this.put(output, buffer.subarray(0, got))
          }
      } catch (e) {
        if (output.regular) ftruncateSync(output.fd, 0)
        throw new TraceError('EWRITE', output.path, `${output.path} cannot be written: ${reason(e)}`, e)
      } finally {
        if (output !== this.stream) await output.close()
      }
    } finally {
      await this.abandon()
    }
  }

  /** Leaves the file unchanged and discards the traces of the hosts. */
  async abandon(): Promise<void> {
    for (const fd of this.fds) closeSync(fd)
    await this.stream?.close()
    await this.target.tree?.close()
  }

  private async put(output: Output, bytes: Uint8Array): Promise<void> {
    const pieceBytes = output.regular ? bytes.length : PIPE_BYTES
    for (let at = 0; at < bytes.length; ) {
      this.awaited = output.regular ? 0 : 1 + this.written
      try {
        const { bytesWritten } = await writeTo(output.fd, bytes, at, Math.min(pieceBytes, bytes.length - at))
        at += bytesWritten
        this.written += bytesWritten
      } catch (e) {
        // another process made this pipe non-blocking, and it is full
        if (systemCode(e) !== 'EAGAIN') throw e
        await new Promise((done) => setTimeout(done, 5))
      }
    }
    this.awaited = 0
  }
}

/**
 * Opens the output if it is not a file, else checks that the file can be opened, without changing it. Throws
 * TraceError.
 */
async function openStream({ path, waiting, belonging }: Omit<Target, 'tree'>): Promise<Output | undefined> {
  try {
    const there = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })
    if (there === undefined && path !== '-') {
      if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) await checkLinkTarget(path)
      return undefined
    }
    if (!there?.isFile()) return await Output.open(path, waiting, belonging)
    closeSync((await openToWrite(path, waiting, belonging)).fd)
    return undefined
  } catch (e) {
    throw e instanceof TraceError ? e : new TraceError('EWRITE', path, unwritable(path, e), e)
  }
}

/** Checks that a file can be created where a link points. Throws the system's error, or PathError, if not. */
async function checkLinkTarget(path: string): Promise<void> {
  const place = await walk(path, 'write')
  try {
    await access(pathOf(place.folder), constants.W_OK)
  } finally {
    await place.close()
  }
}

/** Opens the folder of a file that is opened at the end. Throws TraceError. */
async function treeOf(path: string): Promise<OutputTree> {
  try {
    return await OutputTree.open(dirname(path))
  } catch (e) {
    throw new TraceError('EWRITE', path, unwritable(path, e), e)
  }
}

/** Finds a folder for the temporary files, and returns a function that creates them. Throws TraceError. */
async function tempFilesFor(
  path: string,
  isStream: boolean,
): Promise<{ tempFolder: string; create: () => Promise<number> }> {
  const at = async (tempFolder: string) => {
    const create = () => openUnnamed(tempFolder)
    closeSync(await create())
    return { tempFolder, create }
  }
  try {
    if (!isStream) return await at(dirname(path))
  } catch (e) {
    // the file may already exist in a folder that is not writable
    if (!existsSync(path)) throw new TraceError('EWRITE', path, unwritable(path, e), e)
  }
  try {
    return await at(tmpdir())
  } catch (e) {
    throw new TraceError('EWRITE', path, `the traces of the hosts cannot be stored in ${tmpdir()}: ${reason(e)}`, e)
  }
}

/** Converts an error of a host's temporary trace to one of the file. */
function failure(path: string, tempFolder: string, e: unknown): unknown {
  if (!(e instanceof TraceError) || e.code !== 'EWRITE') return e
  const why = `the traces of its hosts, stored in ${tempFolder} until all are complete, cannot be written any further: ${reason(e.cause)}`
  return new TraceError('EWRITE', path, `${path === '-' ? 'standard output' : path} is not written: ${why}`, e.cause)
}
