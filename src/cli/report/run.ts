// A run that collects what a report shows, over a live capture or over several files in sequence.
import { missingNames } from '../../fields/name-lookups.js'
import type { Event } from '../../model/event.js'
import { redactedHost } from '../../redact/rules.js'
import { Collector } from '../../report/collector.js'
import type { RunFacts } from '../../report/finish.js'
import type { CaptureRun } from '../../run/capture-run.js'
import type { Sink } from '../../run/sink.js'
import { type CaptureSource, type CaptureStats, NO_ENV } from '../../source/source.js'
import type { ReportSettings } from '../options/report.js'
import type { Query } from '../query/query.js'
import type { Receiver } from '../run/receiver.js'
import { dataLost, lossWords, number, stateLost } from '../run/report.js'
import { reportQuery } from './query.js'

export class ReportRun implements Receiver {
  readonly query: Query
  readonly warnings: readonly string[]
  readonly collector: Collector
  private readonly hosts = new Set<string>()
  private readonly incomplete = new Set<string>()
  private ns = 0

  constructor(private readonly s: ReportSettings) {
    const { query, warnings } = reportQuery(s.capture)
    this.query = query
    this.warnings = warnings
    this.collector = new Collector({ folder: folderOf(s), secrets: s.secrets })
  }

  open(run: CaptureRun): Sink {
    const { collector } = this
    const { source } = run
    for (const { info } of source.members ?? [source]) this.hosts.add(info.hostname)
    // a report contains no environments anyway
    const spared = (run.info.spared ?? []).filter((what) => what !== NO_ENV)
    if (spared.length > 0) this.incomplete.add(`data was removed for privacy (${spared.join('; ')})`)
    collector.attach(run.ctx)
    let last = 0
    return {
      show: (e: Event) => {
        last = e.time
        collector.show(e)
      },
      end: () => {
        this.ns += Math.max(0, last - (run.first.time ?? last))
        const unnamed = missingNames(run.states)
        for (const sentence of [...missing(run.stats(), source), ...(unnamed === undefined ? [] : [unnamed])])
          this.incomplete.add(sentence)
      },
    }
  }

  /** What is known after the run. code: the exit code of the command; undefined: none was run. */
  facts(code: number | undefined): RunFacts {
    const { capture, secrets } = this.s
    const { command, filter, since, until, redaction } = capture
    const part = since === undefined && until === undefined ? [] : ['only the part of --since and --until was read']
    const timed =
      command !== undefined && capture.seconds !== undefined ? ['the capture ended after the time of -M'] : []
    return {
      command,
      folder: folderOf(this.s),
      exitCode: code,
      hosts: [...this.hosts].map((host) => redactedHost(host, redaction) ?? ''),
      seconds: this.ns / 1e9,
      filter: filter === '' ? undefined : filter,
      secrets,
      incomplete: [...part, ...timed, ...this.incomplete],
    }
  }
}

/** The working folder, if it is known before the run: --folder, or that of the command. */
function folderOf({ folder, capture }: ReportSettings): string | undefined {
  return folder ?? (capture.command === undefined ? undefined : process.cwd())
}

/** Why a capture may lack something, as clauses. */
function missing({ lost, losses, leftOut = 0 }: CaptureStats, source: CaptureSource): string[] {
  const clauses: string[] = []
  if (lost > 0)
    clauses.push(losses === undefined ? `${number(lost)} events were lost` : `${lossWords(losses)} were lost`)
  if (losses !== undefined && losses.state > 0) clauses.push(stateLost(losses))
  if (losses !== undefined && losses.data > 0) clauses.push(dataLost(losses))
  if (leftOut > 0) clauses.push(`${number(leftOut)} events were only counted because of a ceiling`)
  if (source.damage.length > 0) clauses.push('a capture file is damaged')
  return clauses
}
