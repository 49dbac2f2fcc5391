// A source with redacted data removed. It is placed between a capture (live or file) and everything else, so that state, filters, chisels,
// output and files never see the original data.
import type { EventBatch } from '../model/batch.js'
import type { Snapshot } from '../model/snapshot.js'
import { EVENTS, LAYOUTS } from '../schema/events/index.js'
import { type CaptureInfo, type CaptureSource, type Overview, UNKNOWN_FILTER } from '../source/source.js'
import { WrappedSource } from '../source/wrapped.js'
import { ContainerEditor } from './container.js'
import { NamespaceSource } from './namespace-source.js'
import type { NamespaceState } from './namespace-state.js'
import { ProcessFiles } from './process-files.js'
import { describeOmissions, type Redaction, tracksProcFiles } from './redaction.js'
import { RowEditor } from './rows.js'
import { Rules } from './rules.js'
import { SnapshotEditor } from './snapshot.js'
import { TARGET } from './targets.js'

/** The redacted source. Restricting it to a namespace is a separate, earlier stage. */
export function redacted(source: CaptureSource, redaction: Redaction): CaptureSource {
  return source.withMembers?.((member) => redacted(member, redaction)) ?? new RedactedSource(source, redaction)
}

/** The state of the whole capture, if the source is restricted to a namespace; undefined: the source is not restricted. */
export function unfilteredState(source: CaptureSource): NamespaceState | undefined {
  return source instanceof RedactedSource ? source.unfilteredState : undefined
}

class RedactedSource extends WrappedSource {
  readonly unfilteredState: NamespaceState | undefined
  private readonly rows: RowEditor
  private readonly snapshots: SnapshotEditor
  private readonly containers: ContainerEditor
  /** for capture files; undefined if names of descriptors do not matter */
  private readonly files: ProcessFiles | undefined

  constructor(source: CaptureSource, redaction: Redaction) {
    const rules = new Rules(redaction)
    super(source, infoWithout(source.info, redaction, rules))
    this.unfilteredState = source instanceof NamespaceSource ? source.state : undefined
    const { defs, layouts } = source.tables ?? { defs: EVENTS, layouts: LAYOUTS }
    this.containers = new ContainerEditor(redaction, rules)
    this.rows = new RowEditor(redaction, rules, this.containers, defs, layouts)
    this.snapshots = new SnapshotEditor(redaction, rules, this.containers)
    if (source.info.kind !== 'live' && tracksProcFiles(redaction))
      this.files = new ProcessFiles(source.info, source.tables, redaction)
  }

  override get lateNames(): CaptureSource['lateNames'] {
    return this.source.lateNames?.flatMap((json) => this.containers.text(json) ?? [])
  }

  override async snapshot(): Promise<Snapshot> {
    const snapshot = await this.source.snapshot()
    this.files?.load(snapshot)
    return this.snapshots.redact(snapshot)
  }

  override async next(): Promise<EventBatch | undefined> {
    const batch = await this.source.next()
    if (batch === undefined) return undefined
    const files = this.files?.rowsIn(batch)
    if (batch.resync !== undefined) batch.resync = this.snapshots.redact(batch.resync)
    return this.rows.redact(batch, files)
  }

  async overview(tick: () => void): Promise<Overview | undefined> {
    return this.source.overview?.(tick)
  }
}

/** The redacted description of the capture, without the recorder's note and the texts of filters, which may contain anything. */
function infoWithout(info: CaptureInfo, redaction: Redaction, rules: Rules): CaptureInfo {
  const { note: _, filters, ...rest } = info
  const host = rules.editor(TARGET.HOST)
  const address = rules.editor(TARGET.ADDRESS)
  return {
    ...rest,
    ...(filters !== undefined && { filters: filters.map(() => UNKNOWN_FILTER) }),
    hostname: host === undefined ? info.hostname : (host.text(info.hostname) ?? ''),
    addresses: address === undefined ? info.addresses : info.addresses.flatMap((ip) => address.address(ip) ?? []),
    spared: [...new Set([...(info.spared ?? []), ...describeOmissions(redaction)])],
  }
}
