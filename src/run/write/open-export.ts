// A file for other tools while it is written: what makes its bytes, and where these go.
import type { Export, ExportChoice, ExportFormat } from '../../export/format.js'
import { openAtomic } from '../../source/atomic-file.js'
import type { Belonging } from '../../source/belonging.js'
import type { Opener, Waiting } from '../../source/files.js'
import { WrittenFile } from '../../source/written-file.js'

/** Bytes that may wait for a slow reader. */
const MOST_WAITING = 16 << 20

/** How a file for other tools is written. */
export interface ExportSpec extends ExportChoice {
  readonly format: ExportFormat
  /** it is compressed, whatever its name is */
  readonly packed: boolean
  readonly belonging: Belonging
}

export class OpenExport {
  private ended = false

  private constructor(
    readonly made: Export,
    readonly file: WrittenFile,
  ) {}

  /** Begins a file. Rejects with WriteError. */
  static async open(
    path: string,
    spec: ExportSpec,
    waiting: Waiting,
    { made, opener }: { readonly made?: Export; readonly opener?: Opener } = {},
  ): Promise<OpenExport> {
    const making = made ?? (await makerOf(spec))()
    const packed = spec.packed || /\.gz$/i.test(path)
    const { compressed, readAtEnd } = spec.format
    const opens = opener ?? (readAtEnd === true ? openAtomic : undefined)
    return new OpenExport(
      making,
      await WrittenFile.open(path, packed, waiting, spec.belonging, {
        readable: compressed !== true,
        ...(opens && { opener: opens }),
      }),
    )
  }

  /** Writes what has gathered. Rejects with the WriteError of what was written before. */
  async flush(): Promise<void> {
    const { file, made } = this
    if (made.out.length === 0) return
    const bytes = made.out.view()
    for (let at = 0; at < bytes.length; ) {
      const buffer = file.buffer()
      const part = bytes.subarray(at, at + buffer.length)
      buffer.set(part)
      file.writeFrom(buffer, part.length)
      at += part.length
    }
    made.out.clear()
    if (file.waiting > MOST_WAITING) await file.drained(MOST_WAITING / 2)
  }

  get awaited(): number {
    return this.file.awaited
  }

  /**
   * Ends the file, once; returns what is to be known about it: sentences without their dots. Rejects with WriteError where any of it could
   * not be written.
   */
  async close(): Promise<readonly string[]> {
    if (this.ended) return []
    this.ended = true
    try {
      this.made.finish?.()
      await this.flush()
    } catch (e) {
      await this.file.abandon()
      throw e
    }
    await this.file.close()
    return this.made.notes()
  }

  /** Ends the file of a run that failed: what was written is kept, unless a file of an earlier run has the name. Rejects with WriteError. */
  async closeFailed(): Promise<readonly string[]> {
    if (!this.file.replaces) return this.close()
    this.ended = true
    await this.file.abandon()
    return []
  }
}

/** What makes files of the format. */
export async function makerOf({ format, line, program }: ExportSpec): Promise<() => Export> {
  const make = await format.load()
  return () => make({ line, program })
}

/** Ends files after a run, also after one that failed. Rejects with WriteError. */
export async function closeAfter(
  run: Promise<number>,
  close: () => Promise<void>,
  closeFailed = close,
): Promise<number> {
  const code = await run.catch(async (e: unknown) => {
    await closeFailed().catch(() => undefined)
    throw e
  })
  await close()
  return code
}
