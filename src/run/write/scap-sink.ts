// Writes passing events to .scap files, in two passes if the input can be read twice.
import type { EventBatch } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import type { ScapSchema } from '../../scap/write/schemas.js'
import type { ScapWriter } from '../../scap/write/writer.js'
import { CODE } from '../../schema/codes.js'
import type { CaptureSource } from '../../source/source.js'
import type { State } from '../../state/state.js'
import type { CaptureRun, RunOptions } from '../capture-run.js'
import type { Sink } from '../sink.js'

/** Writes events to a .scap file. */
export class ScapSink implements Sink {
  constructor(
    private readonly writer: ScapWriter,
    private readonly state: State,
  ) {}

  /** Threads start with an internal event. */
  hidden(e: Event): void {
    if (e.type !== CODE.ks_fork) return
    const thread = this.state.threads.get(e.numberOf('tid') ?? -1)
    if (thread !== undefined) this.writer.birth(e, thread)
  }

  batch(batch: EventBatch, keep: Uint8Array): Promise<void> | undefined {
    return this.writer.write(batch, keep)
  }

  flush(): void {
    this.writer.flush()
  }

  get awaited(): number {
    return this.writer.awaited
  }

  end(): Promise<void> {
    return this.writer.close()
  }
}

/**
 * Passes all rows of a capture to a writer before they are written. A row represents a call that has ended; its enter
 * event, which
 * is separate in .scap files, may have to be written long before it.
 */
export class Scout {
  constructor(
    private readonly writer: ScapWriter,
    private readonly run: CaptureRun,
  ) {}

  /** Scouts every row. */
  async all(): Promise<void> {
    const { run } = this
    while (!run.isStopped) {
      const batch = await run.source.next()
      if (batch === undefined) return
      this.writer.scout(batch, undefined)
    }
  }

  /** Scouts the rows that pass. */
  async passing(options: Omit<RunOptions, 'sinks'>): Promise<void> {
    const { run, writer } = this
    await run.begin()
    await run.run({ ...options, sinks: [{ batch: (batch, keep) => writer.scout(batch, keep) }] })
  }
}

/** How a .scap file is written. */
interface ScapOptions {
  /** enter events are separate rows, if the input has them */
  readonly bothDirections: boolean
  readonly packed?: boolean
  readonly schema?: ScapSchema | undefined
}

/** Creates a writer for a source's events; nothing is opened yet. Throws WriteError. */
export async function scapWriterFor(
  path: string,
  { info, tables }: CaptureSource,
  { bothDirections, packed = false, schema }: ScapOptions,
): Promise<ScapWriter> {
  const { ScapWriter } = await import('../../scap/write/writer.js')
  return ScapWriter.for(path, {
    info,
    ...(tables && { tables }),
    portable: info.has.recorder === 'scap',
    bothDirections: bothDirections && info.kind === 'scap',
    packed,
    schema,
  })
}

/** Notes about what a .scap file cannot contain: sentences without full stops. */
export function omissionNotes(path: string, { omitted: { rows, bytes } }: Pick<ScapWriter, 'omitted'>): string[] {
  const [events, it] = rows === 1 ? ['1 event was', 'it'] : [`${rows} events were`, 'them']
  return [
    ...(rows > 0 ? [`${events} omitted from ${path}: .scap has no event for ${it}`] : []),
    ...(bytes > 0 ? [`${bytes} bytes of arguments were omitted from ${path}: its events have at most 64 KB`] : []),
  ]
}
