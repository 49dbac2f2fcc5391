// Writes traces of several hosts. A trace for each is written aside, into files that have no name any more, and all of them into the
// file at the end: it is whole or not there.
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, write } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Snapshot } from '../model/snapshot.js'
import type { EventDef } from '../schema/types.js'
import type { Belonging, Waiting } from '../source/files.js'
import { reason, systemCode } from '../source/reason.js'
import type { CaptureInfo } from '../source/source.js'
import { TraceError, TraceWriter } from '../trace/index.js'
import { Output } from '../trace/output.js'
import { headOf } from './format.js'

/** What a host's trace begins with. */
export interface Beginning {
  readonly info: CaptureInfo
  readonly snapshot: Snapshot
  /** definitions of the rows that will come, when the source has its own */
  readonly defs: readonly (EventDef | undefined)[] | undefined
}

const PIECE = 1 << 20
const writeTo = promisify(write)

export class MergedWriter {
  /** whoever reads the file takes no more of it at present */
  blocked = false

  private constructor(
    /** a writer for each host, in order */
    readonly hosts: readonly TraceWriter[],
    /** what they write, to be read */
    private readonly fds: readonly number[],
    private readonly output: Output,
  ) {}

  /**
   * Opens the file at `path` ('-': standard output), and begins a trace for each host beside it, or where temporary files are when
   * that folder takes none. Throws TraceError. waiting: for the reader of a FIFO.
   */
  static async open(
    path: string,
    beginnings: readonly Beginning[],
    waiting: Waiting,
    belonging?: Belonging,
  ): Promise<MergedWriter> {
    const output = await Output.open(path, waiting, belonging)
    const folder = folderFor(path)
    const hosts: TraceWriter[] = []
    const fds: number[] = []
    try {
      for (const [i, { info, snapshot, defs }] of beginnings.entries()) {
        const name = join(folder, String(i))
        hosts.push(await TraceWriter.open(name, info, snapshot, defs))
        fds.push(openSync(name, 'r'))
      }
      return new MergedWriter(hosts, fds, output)
    } catch (e) {
      for (const fd of fds) closeSync(fd)
      await output.close()
      throw e
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /**
   * Writes the file, once the trace of each host is closed, with the hosts at these places: of one alone just its trace. Rejects
   * with TraceError.
   */
  async finish(places: readonly number[]): Promise<void> {
    const fds = places.map((i) => this.fds[i] as number)
    try {
      if (fds.length > 1) await this.put(headOf(fds.map((fd) => fstatSync(fd).size)))
      const piece = Buffer.alloc(PIECE)
      for (const fd of fds)
        for (let at = 0, got = 1; got > 0; at += got) {
          got = readSync(fd, piece, 0, PIECE, at)
          await this.put(piece.subarray(0, got))
        }
    } catch (e) {
      const { path } = this.output
      throw new TraceError('EWRITE', path, `${path} cannot be written: ${reason(e)}`, e)
    } finally {
      for (const fd of this.fds) closeSync(fd)
      await this.output.close()
    }
  }

  private async put(bytes: Uint8Array): Promise<void> {
    this.blocked = !this.output.regular
    for (let at = 0; at < bytes.length; ) {
      try {
        at += (await writeTo(this.output.fd, bytes, at)).bytesWritten
      } catch (e) {
        // somebody else made this pipe non-blocking, and it is full
        if (systemCode(e) !== 'EAGAIN') throw e
        await new Promise((done) => setTimeout(done, 5))
      }
    }
    this.blocked = false
  }
}

function folderFor(path: string): string {
  const beside = path === '-' ? undefined : dirname(path)
  try {
    if (beside !== undefined) return mkdtempSync(join(beside, '.ksys-'))
  } catch {
    // a pipe, or a file in a folder that takes no others
  }
  return mkdtempSync(join(tmpdir(), 'ksys-'))
}
