// Writes traces of several hosts. A trace for each is written aside, into files that have no name any more, and all of them into the
// file at the end: until then a file that was there keeps what it has, and where it cannot be written then, it is empty.
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

/** What a host's trace begins with. */
export interface MemberHeader {
  readonly info: CaptureInfo
  readonly snapshot: Snapshot
  /** definitions of the rows that will come, when the source has its own */
  readonly defs: readonly (EventDef | undefined)[] | undefined
}

/** What is written, and how it is opened. */
interface Target {
  /** '-': standard output */
  readonly path: string
  /** for the reader of a FIFO */
  readonly waiting: Waiting
  readonly belonging: Belonging | undefined
  /** the folder of the file, opened while ksys may still do all; undefined for streams */
  readonly tree: OutputTree | undefined
}

const PIECE = 1 << 20
/** bytes that are written at once into what is no file: the call returns when its reader has taken them */
const PIPE_PIECE = 64 << 10
const writeTo = promisify(write)

export class MergedWriter {
  /** the write that waits for its reader, as a number that grows with what was taken; 0: none does */
  awaited = 0
  /** bytes that readers have taken */
  private taken = 0

  private constructor(
    private readonly target: Target,
    /** where the traces of the hosts are until the end */
    private readonly aside: string,
    /** a writer for each host, in order */
    readonly hosts: readonly TraceWriter[],
    /** what they write, to be read too */
    private readonly fds: readonly number[],
    /** what is no file is open from the beginning */
    private readonly stream: Output | undefined,
  ) {}

  /**
   * Begins a trace for each host beside the file at `path` ('-': standard output), or where temporary files are when that folder
   * takes none. Throws TraceError, also where the file could not be written at the end. waiting: for the reader of a FIFO.
   */
  static async open(
    path: string,
    beginnings: readonly MemberHeader[],
    waiting: Waiting,
    belonging?: Belonging,
  ): Promise<MergedWriter> {
    const stream = await tried({ path, waiting, belonging })
    const { aside, make } = await asideFor(path, stream !== undefined)
    const tree = stream === undefined ? await treeOf(path) : undefined
    const hosts: TraceWriter[] = []
    const fds: number[] = []
    try {
      for (const { info, snapshot, defs } of beginnings) {
        const fd = await make()
        fds.push(fd)
        hosts.push(await TraceWriter.start(Output.forFd(path, fd, true), { info, existing: snapshot, defs }))
      }
      return new MergedWriter({ path, waiting, belonging, tree }, aside, hosts, fds, stream)
    } catch (e) {
      for (const fd of fds) closeSync(fd)
      await stream?.close()
      await tree?.close()
      throw failure(path, aside, e)
    }
  }

  /** Why the file will not be there, when the trace of a host could not be written. */
  failure(e: unknown): unknown {
    return failure(this.target.path, this.aside, e)
  }

  /**
   * Writes the file, once the trace of each host is closed, with the hosts at these places: of one alone just its trace. Rejects
   * with TraceError.
   */
  async finish(places: readonly number[]): Promise<void> {
    const { path, waiting, belonging, tree } = this.target
    const fds = places.map((i) => this.fds[i] as number)
    try {
      const output =
        this.stream ??
        (await Output.open(path, waiting, belonging, (_path, how, whose) =>
          (tree as OutputTree).openToReplace(basename(path), how, whose),
        ))
      try {
        if (fds.length > 1) await this.put(output, headOf(fds.map((fd) => fstatSync(fd).size)))
        const piece = Buffer.alloc(PIECE)
        for (const fd of fds)
          for (let at = 0, got = 1; got > 0; at += got) {
            got = readSync(fd, piece, 0, PIECE, at)
            await this.put(output, piece.subarray(0, got))
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

  /** Leaves the file as it is; the traces of the hosts are gone then. */
  async abandon(): Promise<void> {
    for (const fd of this.fds) closeSync(fd)
    await this.stream?.close()
    await this.target.tree?.close()
  }

  private async put(output: Output, bytes: Uint8Array): Promise<void> {
    const most = output.regular ? bytes.length : PIPE_PIECE
    for (let at = 0; at < bytes.length; ) {
      this.awaited = output.regular ? 0 : 1 + this.taken
      try {
        const { bytesWritten } = await writeTo(output.fd, bytes, at, Math.min(most, bytes.length - at))
        at += bytesWritten
        this.taken += bytesWritten
      } catch (e) {
        // somebody else made this pipe non-blocking, and it is full
        if (systemCode(e) !== 'EAGAIN') throw e
        await new Promise((done) => setTimeout(done, 5))
      }
    }
    this.awaited = 0
  }
}

/** Opens what is no file. Of a file only tells whether it can be opened, and leaves in it what is there. Throws TraceError. */
async function tried({ path, waiting, belonging }: Omit<Target, 'tree'>): Promise<Output | undefined> {
  try {
    const there = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false })
    if (there === undefined && path !== '-') {
      if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) await follow(path)
      return undefined
    }
    if (!there?.isFile()) return await Output.open(path, waiting, belonging)
    closeSync((await openToWrite(path, waiting, belonging)).fd)
    return undefined
  } catch (e) {
    throw e instanceof TraceError ? e : new TraceError('EWRITE', path, unwritable(path, e), e)
  }
}

/** Follows a link to where a file is to be made. Throws the system's error, or PathError, where none can be. */
async function follow(path: string): Promise<void> {
  const place = await walk(path, 'write')
  try {
    await access(pathOf(place.folder), constants.W_OK)
  } finally {
    await place.close()
  }
}

/** The folder of a file that is opened at the end. Throws TraceError. */
async function treeOf(path: string): Promise<OutputTree> {
  try {
    return await OutputTree.open(dirname(path))
  } catch (e) {
    throw new TraceError('EWRITE', path, unwritable(path, e), e)
  }
}

/** Where a file without a name can be made for each host, and how. Throws TraceError. */
async function asideFor(path: string, isStream: boolean): Promise<{ aside: string; make: () => Promise<number> }> {
  const at = async (aside: string) => {
    const make = () => openUnnamed(aside)
    closeSync(await make())
    return { aside, make }
  }
  try {
    if (!isStream) return await at(dirname(path))
  } catch (e) {
    // a file that is there already may be in a folder that takes no others
    if (!existsSync(path)) throw new TraceError('EWRITE', path, unwritable(path, e), e)
  }
  try {
    return await at(tmpdir())
  } catch (e) {
    throw new TraceError(
      'EWRITE',
      path,
      `there is no place for the traces of the hosts in ${tmpdir()}: ${reason(e)}`,
      e,
    )
  }
}

/** The error of a host's trace as one of the file that is to be written. */
function failure(path: string, aside: string, e: unknown): unknown {
  if (!(e instanceof TraceError) || e.code !== 'EWRITE') return e
  const why = `the traces of its hosts, in ${aside} until all are whole, cannot be written any further: ${reason(e.cause)}`
  return new TraceError('EWRITE', path, `${path === '-' ? 'standard output' : path} is not written: ${why}`, e.cause)
}
