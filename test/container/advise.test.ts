// Seccomp profiles in use: a workload is recorded, its profile is applied, and the same load and a restart must run without a refused
// call, while an attacker's calls fail. `npm run advise` runs all workloads in all settings, `npm test` the quick ones in one setting.
// KSYS_ADVISE_IN='podman, crun' selects settings, KSYS_ADVISE_OF=nginx,java workloads.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ksys, privileged } from '../helpers/ksys.js'
import { scratchDir } from '../helpers/live.js'
import { Capture } from './capture.js'
import { ALL_REFUSED, ATTACKS, missing, type Setting, settingName, Trial } from './trial.js'
import { install, WORKLOADS, type Workload } from './workloads.js'

const ALL = process.env.KSYS_ADVISE === 'all'
const OF = process.env.KSYS_ADVISE_OF?.split(',')
const IN = process.env.KSYS_ADVISE_IN

/** docker gives its containers the privilege to gain privileges, as podman does, unless it is told otherwise. */
const SETTINGS: readonly Setting[] = [
  { runtime: 'docker', oci: 'runc', noNewPrivs: false },
  { runtime: 'docker', oci: 'runc', noNewPrivs: true },
  { runtime: 'podman', oci: 'runc', noNewPrivs: false },
  { runtime: 'podman', oci: 'runc', noNewPrivs: true },
  { runtime: 'podman', oci: 'crun', noNewPrivs: false },
  { runtime: 'podman', oci: 'crun', noNewPrivs: true },
  { runtime: 'containerd', oci: 'runc', noNewPrivs: false },
  { runtime: 'containerd', oci: 'runc', noNewPrivs: true },
]

/** ctr starts commands without the options of docker, and no servers that are stopped and restarted. */
const possibleIn = ({ runtime }: Setting, w: Workload): boolean =>
  runtime !== 'containerd' || (w.query === undefined && w.options === undefined)

const testedIn = (setting: Setting): Workload[] => selectedIn(setting).filter((w) => possibleIn(setting, w))

/** In `npm test`: the quick workloads with docker, one with crun. */
function selectedIn(setting: Setting): Workload[] {
  if (IN !== undefined && settingName(setting) !== IN) return []
  if (OF !== undefined) return WORKLOADS.filter(({ name }) => OF.includes(name))
  if (ALL) return [...WORKLOADS]
  if (setting.runtime === 'docker') return setting.noNewPrivs ? [] : WORKLOADS.filter((w) => w.quick === true)
  return setting.oci === 'crun' && setting.noNewPrivs ? WORKLOADS.filter(({ name }) => name === 'httpd') : []
}

describe
  .skipIf(!privileged())
  .each(SETTINGS.filter((s) => testedIn(s).length > 0).map((s) => [settingName(s), s] as const))(
  'a profile in use: %s',
  (_, setting) => {
    const dir = scratchDir('advise')
    let trial: Trial

    beforeAll(() => {
      trial = Trial.up(setting, dir)
    }, 200_000)
    afterAll(() => trial?.down())
    afterAll(() => Capture.stopAll())

    test.each(testedIn(setting))(
      '$name: the recorded load and a restart run as before with no refused call',
      async (w) => {
        install(w)
        let before = ''
        const first = await trial.recorded(`${w.name}-1`, w, async () => {
          before = await trial.run(w, 'recorded')
        })
        expect(before).not.toBe('')
        const { file, text } = trial.profileOf(w, first)
        expect(ksys(['advise', 'check', file, '-r', first])).toMatchObject({ code: 0, stdout: '' })
        const second = await trial.recorded(`${w.name}-2`, w, async () => {
          expect(await trial.twice(w, 'recorded', file)).toEqual([before, before])
        })
        expect(missing(file, second).filter((m) => !m.absent)).toEqual([])
        const third = await trial.recorded(`${w.name}-3`, w, () => trial.run(w, 'held back', file))
        const names = new Set(missing(file, third).map(({ name }) => name))
        console.log(
          `${settingName(setting)}: ${w.name}: ${sizes(file, text)}; a load that was held back lacks ${[...names].join(' ') || 'none'}`,
        )
      },
      300_000,
    )

    test.runIf(testedIn(setting).some(({ name }) => name === 'httpd'))(
      'calls of an attacker are refused, and healing does not add them',
      async () => {
        const w = WORKLOADS.find(({ name }) => name === 'httpd') as Workload
        const { file } = trial.profileOf(w, await trial.recorded('attack-1', w, () => trial.run(w, 'recorded')))
        let said = ''
        const trace = await trial.recorded('attack-2', w, () =>
          trial.run(w, 'recorded', file, () => {
            said = trial.runtime.cli('exec', trial.called(w), '/attack')
          }),
        )
        expect(said).toBe(ALL_REFUSED)
        const refused = missing(file, trace, 'proc.name=attack')
        expect(refused.map((m) => m.name)).toEqual(expect.arrayContaining(ATTACKS))
        expect(refused.filter((m) => m.add && ATTACKS.includes(m.name))).toEqual([])
        const allowed = ksys(['advise', 'heal', file, '-r', trace, '--allow', 'mount']).stdout
        expect(allowed).toMatch(/^ {2}\{"names":\[.*"mount".*\],"action":"SCMP_ACT_ALLOW"\}$/m)
        expect(allowed).toContain('--allow ptrace adds it')
      },
      120_000,
    )
  },
)

/** The number of names that a profile allows, and the text's comparison with RuntimeDefault. */
function sizes(file: string, text: string): string {
  const { syscalls } = JSON.parse(readFileSync(file, 'utf8')) as { syscalls: { names: string[]; action: string }[] }
  const allowed = new Set(syscalls.filter((r) => r.action === 'SCMP_ACT_ALLOW').flatMap((r) => r.names))
  return `${allowed.size} names allowed; ${text.split('\n')[0]}`
}
