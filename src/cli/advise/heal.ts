// `ksys advise heal`: the calls that a profile lacks, from captures of runs under it. It changes no profile.

import { isCallName } from '../../advise/calls/names.js'
import { refusalTest } from '../../advise/needs/refusal.js'
import type { Profile } from '../../advise/profile/profile.js'
import { MissingCalls } from '../../advise/test/missing.js'
import { healText, leftOutOf, missingValue } from '../../advise/write/heal-text.js'
import { escapeText } from '../../render/escape.js'
import { CliError, EXIT } from '../errors/exit.js'
import type { AdviseSettings } from '../options/advise.js'
import { outputOf } from '../output/format.js'
import type { Output } from '../output/stdout.js'
import { number, printMessage } from '../run/report.js'
import { judgeCalls } from './judging.js'
import type { NamedProfile } from './profile-file.js'

/** Returns the exit code. */
export async function healProfile(named: NamedProfile, s: AdviseSettings, out: Output): Promise<number> {
  const { allow, capture } = s
  const wrong = allow.find((name) => !isCallName(name))
  if (wrong !== undefined) throw new CliError(EXIT.usage, `--allow ${wrong}: there is no call of that name`)
  let missing: MissingCalls | undefined
  const { code, captures, own, workloads } = await judgeCalls(named, s, 'all', (run) => {
    const { info, states } = run
    missing ??= new MissingCalls(refusalTest(info.kind, errorsOf(named.profile)))
    const all = missing
    return {
      judged: (e, judged) => {
        const { arch, startSec, startNsec } = states[e.host]?.info ?? info
        all.add(e, judged, arch, Math.round(startSec * 1e6 + (startNsec + e.time) / 1e3))
      },
      passed: (e) => all.pass(e),
    }
  })
  const found = missing ?? { list: [], notInForce: new Set<string>() }
  const { value } = outputOf(capture)
  const leftOut = leftOutOf({ ...captures.losses, own }, workloads)
  const { allowing } = named.profile
  if (value === undefined)
    await out.text(healText({ name: escapeText(named.name), allowing }, found, allow, captures.losses, leftOut))
  else {
    await out.text(found.list.map((m) => value(missingValue(m, allow))).join(''))
    for (const clause of leftOut) printMessage(`ksys: more calls may be missing: ${clause}`)
  }
  if (missing !== undefined && missing.omitted > 0)
    printMessage(`ksys: ${number(missing.omitted)} calls were omitted: too many different programs made them`)
  return code
}

/** The errors that a profile returns for refused calls. */
function errorsOf({ rules, defaultErrno }: Profile): number[] {
  return [...rules.map(({ errno }) => errno), defaultErrno].filter((errno) => errno !== undefined)
}
