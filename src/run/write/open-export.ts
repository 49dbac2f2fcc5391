// A file for other tools that is being written: the exporter that produces its bytes, and its output.
import type { Export, ExportChoice, ExportFormat } from '../../export/format.js'
import { openAtomic } from '../../source/atomic-file.js'
import type { Belonging } from '../../source/belonging.js'
import type { Opener, Waiting } from '../../source/files.js'
import { WrittenFile } from '../../source/written-file.js'

/** Limit of bytes that wait for a slow reader. */
const MAX_WAITING = 16 << 20

/** How a file for other tools is written. */
export interface ExportSpec extends ExportChoice {
  readonly format: ExportFormat
  /** it is compressed whatever its name is */
  readonly packed: boolean
  readonly belonging: Belonging
}

export class OpenExport {
  private ended = false

  private constructor(
    readonly exporter: Export,
    readonly file: WrittenFile,
  ) {}

  /** Starts a file. Rejects with WriteError. */
  static async open(
    path: string,
    spec: ExportSpec,
    waiting: Waiting,
    { exporter, opener }: { readonly exporter?: Export; readonly opener?: Opener } = {},
  ): Promise<OpenExport> {
    const used = exporter ?? (await exporterFactory(spec))()
    const packed = spec.packed || /\.gz$/i.test(path)
    const { compressed, readAtEnd } = spec.format
    const opens = opener ?? (readAtEnd === true ? openAtomic : undefined)
    return new OpenExport(
      used,
      await WrittenFile.open(path, packed, waiting, spec.belonging, {
        readable: compressed !== true,
        ...(opens && { opener: opens }),
      }),
    )
  }

  /** Writes buffered output. Rejects with the WriteError of an earlier write. */
  async flush(): Promise<void> {
    const { file, exporter } = this
    if (exporter.out.length === 0) return
    const bytes = exporter.out.view()
    for (let at = 0; at < bytes.length; ) {
      const buffer = file.buffer()
      const chunk = bytes.subarray(at, at + buffer.length)
      buffer.set(chunk)
      file.writeFrom(buffer, chunk.length)
      at += chunk.length
    }
    exporter.out.clear()
    if (file.waiting > MAX_WAITING) await file.drained(MAX_WAITING / 2)
  }

  get awaited(): number {
    return this.file.awaited
  }

  /**
   * Ends the file; later calls have no effect. Returns notes about it: sentences without full stops. Rejects with
   * WriteError if any
   * of it could not be written.
   */
  async close(): Promise<readonly string[]> {
    if (this.ended) return []
    this.ended = true
    try {
      this.exporter.finish?.()
      await this.flush()
    } catch (e) {
      await this.file.abandon()
      throw e
    }
    await this.file.close()
    return this.exporter.notes()
  }

  /**
   * Ends the file of a failed run: it is kept, unless it replaces a file of an earlier run. Rejects with WriteError.
   */
  async closeFailed(): Promise<readonly string[]> {
    if (!this.file.replaces) return this.close()
    this.ended = true
    await this.file.abandon()
    return []
  }
}

/** A function that creates exporters of the format. */
export async function exporterFactory({ format, line, program }: ExportSpec): Promise<() => Export> {
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
