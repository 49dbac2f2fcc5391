// A source without what is not to be told: it stands between a capture, live or a file, and everything else, so that state,
// filters, chisels, output and files have nothing else to see.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import type { CaptureInfo, CaptureSource, Overview } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'
import { ContainerEditor } from './container.js'
import { NamespaceSource } from './namespace-source.js'
import type { NamespaceState } from './namespace-state.js'
import { ProcessFiles } from './process-files.js'
import { followsFiles, type Redaction, sparedBy } from './redaction.js'
import { RowEditor } from './rows.js'
import { Rules } from './rules.js'
import { SnapshotEditor } from './snapshot.js'
import { TARGET } from './targets.js'

/** The source without what is to be kept out of its rows; its namespace is a stage of its own, before this one. */
export function redacted(source: CaptureSource, redaction: Redaction): CaptureSource {
  return source.withMembers?.((member) => redacted(member, redaction)) ?? new RedactedSource(source, redaction)
}

/** The state of all that a source has, where only a part of it may be told; undefined: that of what it tells. */
export function stateOfAll(source: CaptureSource): NamespaceState | undefined {
  return source instanceof RedactedSource ? source.stateOfAll : undefined
}

class RedactedSource extends WrappedSource {
  readonly stateOfAll: NamespaceState | undefined
  private readonly rows: RowEditor
  private readonly snapshots: SnapshotEditor
  private readonly containers: ContainerEditor
  /** of a file; undefined where nothing has to be known of descriptors */
  private readonly files: ProcessFiles | undefined

  constructor(source: CaptureSource, redaction: Redaction) {
    const rules = new Rules(redaction)
    super(source, infoWithout(source.info, redaction, rules))
    this.stateOfAll = source instanceof NamespaceSource ? source.state : undefined
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.containers = new ContainerEditor(redaction, rules)
    this.rows = new RowEditor(redaction, rules, this.containers, defs, layouts)
    this.snapshots = new SnapshotEditor(redaction, rules, this.containers)
    if (source.info.kind !== 'live' && followsFiles(redaction))
      this.files = new ProcessFiles(source.info, source.tables, redaction)
  }

  override get lateNames(): CaptureSource['lateNames'] {
    return this.source.lateNames?.flatMap((json) => this.containers.text(json) ?? [])
  }

  override async snapshot(): Promise<Snapshot> {
    const snapshot = await this.source.snapshot()
    this.files?.load(snapshot)
    return this.snapshots.over(snapshot)
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    if (batch === undefined) return undefined
    const files = this.files?.in(batch)
    if (batch.resync !== undefined) batch.resync = this.snapshots.over(batch.resync)
    return this.rows.over(batch, files)
  }

  async overview(tick: () => void): Promise<Overview | undefined> {
    return this.source.overview?.(tick)
  }
}

/** The capture's description; what its recorder noted (a filter, say) may have anything in it. */
function infoWithout(info: CaptureInfo, redaction: Redaction, rules: Rules): CaptureInfo {
  const { note: _, ...rest } = info
  const host = rules.editor(TARGET.HOST)
  const address = rules.editor(TARGET.ADDRESS)
  return {
    ...rest,
    hostname: host === undefined ? info.hostname : (host.text(info.hostname) ?? ''),
    addresses: address === undefined ? info.addresses : info.addresses.flatMap((ip) => address.address(ip) ?? []),
    spared: [...new Set([...(info.spared ?? []), ...sparedBy(redaction)])],
  }
}
