// Why a capture could not begin, from what the kernel and libbpf said.
import { expect, test } from 'vitest'
import { explain } from '../../../src/source/live-error.js'

const failure = (step: string, errno: number, log: string) =>
  Object.assign(new Error(`${step}: no`), { step, errno, log })

/** What a kernel said of a program of ours that handed a pointer to a function that takes a number. */
const REFUSED = `libbpf: prog 'on_done': BPF program load failed: Invalid argument
libbpf: prog 'on_done': -- BEGIN PROG LOAD LOG --
0: R1=ctx() R10=fp0
67: (85) call pc+4321
R2 type=trusted_ptr_ expected=scalar
Caller passes invalid args into func#1 ('emit_file')
processed 128 insns (limit 1000000) max_states_per_insn 0 total_states 8
-- END PROG LOAD LOG --
libbpf: failed to load object 'ksys'
`

test('a verifier log becomes a sentence with its last word, and is kept for a report', () => {
  const e = explain(failure('load', 22, REFUSED))
  expect(e.code).toBe('EVERIFIER')
  expect(e.message).toMatch(
    /^this kernel \(.*\) refuses ksys's BPF programs \(Caller passes invalid args into func#1 \('emit_file'\)\): please report it\./,
  )
  expect(e.message).not.toContain('\n')
  expect(e.detail).toBe(REFUSED)
})

test('what a log says never drives the terminal', () => {
  expect(explain(failure('load', 22, '\x1b[2Jevil\nprocessed 1 insns')).message).not.toMatch(/[\x00-\x1f]/)
})

test('no memory and no permission say what to do', () => {
  expect(explain(failure('rings', 12, '')).message).toMatch(/smaller --buffer/)
  expect(explain(failure('load', 1, '')).message).toMatch(/as root/)
})
