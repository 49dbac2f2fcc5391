// Synthetic files of every event: passing events are printed as without the filter, and as from a trace.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ksys } from '../../helpers/ksys.js'
import { scratchDir } from '../../helpers/live.js'
import { synthesize } from './synthesize.js'

const dir = scratchDir('synthesized')
const file = join(dir, 'x.scap')
writeFileSync(file, synthesize(1, 6000))

const FIELDS = `evt.num evt.rawtime evt.type evt.dir evt.args evt.res evt.latency evt.buflen evt.category fd.num fd.type
fd.name fd.cip fd.sport proc.name proc.pid proc.ppid proc.cmdline proc.cwd proc.fdopencount proc.nthreads proc.vmsize
proc.vmrss thread.pfmajor thread.exectime thread.totexectime thread.cgroups user.name user.loginuid container.id`
const format = `*${FIELDS.split(/\s+/)
  .map((f) => `%${f}`)
  .join('|')}`

function lines(path: string, ...more: string[]): Map<string, string> {
  const r = ksys(['-r', path, '-p', format, ...more], { env: { TZ: 'UTC' } })
  expect(r).toMatchObject({ code: 0, stderr: '' })
  expect(r.stdout).not.toMatch(/undefined|NaN|\[object/)
  return new Map(r.stdout.split('\n').map((l) => [l.slice(0, l.indexOf('|')), l]))
}

test.each([
  [['--enter'], 'evt.type in (getuid, read, inotify_init) or evt.failed=true'],
  [[], 'evt.dir=< and evt.type!=switch'],
  [[], 'evt.type=procexit or fd.type=ipv4'],
] as [string[], string][])(
  '%j: the state is the same whatever a filter passes (%s)',
  (option: string[], filter: string) => {
    const all = lines(file, ...option)
    const passed = lines(file, ...option, filter)
    expect(passed.size).toBeGreaterThan(100)
    // a call on two descriptors is shown from the side that passes
    const sided = /\|(sendfile|splice|tee|copy_file_range|io_uring_complete)\|/
    for (const [number, line] of passed) if (!sided.test(line)) expect(line).toBe(all.get(number))
  },
)

test('the file prints the same after conversion into a trace', () => {
  const trace = join(dir, 'x.ksys')
  expect(ksys(['-r', file, '-w', trace])).toMatchObject({ code: 0, stderr: '' })
  const direct = lines(file)
  for (const [number, line] of lines(trace)) expect(line).toBe(direct.get(number))
})
