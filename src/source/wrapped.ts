// A source in front of another one that passes on whatever it does not override. Except overview(): whether the file's own summary still
// holds depends on what is changed.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import type { CaptureInfo, CaptureSource, CaptureStats, Damage } from './source.js'

export class WrappedSource implements CaptureSource {
  constructor(
    protected readonly source: CaptureSource,
    readonly info: CaptureInfo = source.info,
  ) {}

  get version(): CaptureSource['version'] {
    return this.source.version
  }

  get tables(): CaptureSource['tables'] {
    return this.source.tables
  }

  get firstTime(): CaptureSource['firstTime'] {
    return this.source.firstTime
  }

  get lateNames(): CaptureSource['lateNames'] {
    return this.source.lateNames
  }

  get totalBytes(): CaptureSource['totalBytes'] {
    return this.source.totalBytes
  }

  get damage(): Damage[] {
    return this.source.damage
  }

  get omitted(): CaptureSource['omitted'] {
    return this.source.omitted
  }

  get unknown(): CaptureSource['unknown'] {
    return this.source.unknown
  }

  get repeated(): CaptureSource['repeated'] {
    return this.source.repeated
  }

  get naming(): CaptureSource['naming'] {
    return this.source.naming
  }

  get denials(): CaptureSource['denials'] {
    return this.source.denials
  }

  get unmetNamespace(): CaptureSource['unmetNamespace'] {
    return this.source.unmetNamespace
  }

  get prunedTypes(): CaptureSource['prunedTypes'] {
    return this.source.prunedTypes
  }

  snapshot(): Promise<Snapshot> {
    return this.source.snapshot()
  }

  next(): Promise<EventBatch | undefined> {
    return this.source.next()
  }

  stats(): CaptureStats {
    return this.source.stats()
  }

  progress(): number | undefined {
    return this.source.progress()
  }

  stop(): void {
    this.source.stop()
  }

  close(): Promise<void> {
    return this.source.close()
  }
}
