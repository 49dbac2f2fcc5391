// `ksys advise check`: the calls of captures that a profile would have refused, as events.

import { ABIS, abiOf } from '../../advise/calls/abi.js'
import { namesOf } from '../../advise/calls/names.js'
import { refusalTest } from '../../advise/needs/refusal.js'
import type { Judged } from '../../advise/test/judge.js'
import { ROW } from '../../model/batch.js'
import type { Event } from '../../model/event.js'
import { escapeText } from '../../render/escape.js'
import { EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import { lineTemplate } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import { number, printMessage } from '../run/report.js'
import { LineSink } from '../run/sinks.js'
import { judgeCalls } from './judging.js'
import type { NamedProfile } from './profile-file.js'
import { adviseQuery } from './query.js'

/** number of calls that the message at the end lists */
const SHOWN = 12

/** Returns the exit code: 7 if the profile refuses a call. */
export async function checkProfile(named: NamedProfile, s: AdviseSettings, out: Output): Promise<number> {
  const { capture } = s
  const found = new FoundCalls()
  /** calls that a filter refused when they were recorded */
  let before = 0
  const { query } = adviseQuery(capture)
  const result = await judgeCalls(named, s, 'refusable', async (run) => {
    const lines = capture.quiet ? undefined : new LineSink(await lineTemplate(capture, query, run.ctx), out, false)
    const refused = refusalTest(run.info.kind)
    return {
      judged: (e, judged) => {
        if (refused(e)) {
          before += e.calls
          return
        }
        found.add(e, judged)
        lines?.show(e)
      },
      get full() {
        return lines?.full === true
      },
      flush: () => lines?.flush(),
      end: async () => {
        await lines?.flush()
        await lines?.end()
      },
    }
  })
  printMessage(`ksys: ${found.sentence(named, result.own !== undefined)}`)
  if (before > 0)
    printMessage(
      `ksys: ${number(before)} more calls were refused when they were recorded: ksys advise heal lists those that the profile lacks`,
    )
  if (result.undecided > 0)
    printMessage(
      `ksys: ${number(result.undecided)} calls depend on arguments that were not recorded: they are not among them`,
    )
  return found.total > 0 && (result.code === EXIT.ok || result.code === EXIT.damaged) ? EXIT.different : result.code
}

/** The calls that were found. */
class FoundCalls {
  total = 0
  private readonly byName = new Map<string, { calls: number; readonly programs: Set<string> }>()

  add(e: Event, { outcome }: Judged): void {
    const compat = (e.flags & ROW.COMPAT) !== 0
    const name = namesOf(e.def, abiOf(e.batch.arch, compat))[0] ?? e.def.name
    const key = `${name}${compat ? ` (${ABIS[abiOf(e.batch.arch, true)].systemd})` : ''}`
    const known = this.byName.get(key) ?? { calls: 0, programs: new Set() }
    this.byName.set(key, known)
    known.calls += e.calls
    if (known.programs.size < 3) known.programs.add(e.thread?.leader.comm ?? '')
    this.total += e.calls
    this.logged ||= outcome.action === 'LOG'
  }

  /** the profile logs calls instead of refusing them */
  private logged = false

  /** filtered: only calls that pass a filter were judged */
  sentence({ name, profile }: NamedProfile, filtered: boolean): string {
    const verb = profile.defaultAction === 'LOG' || this.logged ? 'does not list' : 'refuses'
    if (this.total === 0) return `${name} allows every recorded call${filtered ? ' that passes the filter' : ''}`
    const all = [...this.byName].sort(([a, x], [b, y]) => y.calls - x.calls || (a < b ? -1 : 1))
    const some = all
      .slice(0, SHOWN)
      .map(([call, { calls, programs }]) => `${call} ${number(calls)}x (${[...programs].map(escapeText).join(', ')})`)
    const more = all.length > SHOWN ? `, and ${all.length - SHOWN} others` : ''
    return `${name} ${verb} ${number(this.total)} ${this.total === 1 ? 'call' : 'calls'}: ${some.join(', ')}${more}`
  }
}
