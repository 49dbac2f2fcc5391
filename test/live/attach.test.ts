// Where the programs of a capture run: `info --host`, --explain and -v say it in the same sentence. Kernels that can attach programs to single
// calls are in test/kernels.
import { describe, expect, test } from 'vitest'
import { hostFeatures } from '../../src/source/features.js'
import { ksys, privileged } from '../helpers/ksys.js'

const EVERYWHERE = 'BPF programs run at every call of the machine: '
const NOT_HERE = `${EVERYWHERE}this kernel cannot attach programs to single functions`
const sentences = (text: string) => text.match(/BPF programs run .*/g) ?? []
const possible = hostFeatures()?.get('single calls') === true
const many = hostFeatures()?.get('many single calls') === true

/** The sentences of --explain, and of a capture with -v. */
function told(filter: string, ...options: string[]): string[] {
  const live = ksys(['-v', '-q', ...options, filter, '--', '/bin/true'])
  expect(live.code).toBe(0)
  return [...sentences(ksys(['--explain', ...options, filter]).stdout), ...sentences(live.stderr)]
}

describe.skipIf(!privileged())('where programs run', () => {
  test.skipIf(possible)(
    'a kernel without programs at functions: the same sentence for the machine, a plan and a capture',
    () => {
      expect(sentences(ksys(['info', '--host']).stdout)).toEqual([NOT_HERE])
      expect(JSON.parse(ksys(['info', '--host', '-j']).stdout)).toMatchObject({ attach: NOT_HERE })
      expect(told('evt.type=renameat2')).toEqual([NOT_HERE, NOT_HERE])
      const ran = ksys(['--attach', 'calls', 'evt.type=renameat2', '--', '/bin/true'])
      expect(ran).toMatchObject({ code: 3, stdout: '' })
      expect(ran.stderr).toMatch(/^ksys: --attach calls is not possible: this kernel cannot attach/)
    },
  )

  test.skipIf(!possible)('--attach is the reason elsewhere; without -v nothing is said', () => {
    const asked = `${EVERYWHERE}requested with --attach tracepoints`
    expect(told('evt.type=renameat2', '--attach', 'tracepoints')).toEqual([asked, asked])
    const chosen = many
      ? 'BPF programs run at the wanted calls alone: few kinds of calls are wanted'
      : `${EVERYWHERE}this kernel reports only some of the calls that wait at the same time, so --attach calls must be given`
    expect(told('evt.type=renameat2')).toEqual([chosen, chosen])
    expect(ksys(['-q', 'evt.type=renameat2', '--', '/bin/true']).stderr).toBe('')
  })
})
