// Why a capture could not start, from the messages of the kernel and libbpf.
import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { lastLines, lastWord, toLiveError } from '../../../src/source/refusal.js'

const failure = (step: string, errno: number, log: string) =>
  Object.assign(new Error(`${step}: no`), { step, errno, log })

/** The message of a kernel about a program of ksys that passed a pointer to a function that takes a number. */
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

const { ENOMEM, EMFILE, EPERM, EACCES, ENOSYS, ERANGE, EINVAL, ENOTSUP, ESRCH } = constants.errno

test("a rejection by the verifier is one sentence, with the verifier's log retained for a report", () => {
  const e = toLiveError(failure('load', EACCES, REFUSED))
  expect(e.code).toBe('EVERIFIER')
  expect(e.message).toMatch(
    /^this kernel \(.*\) rejected the BPF programs .*: capture on another kernel, and please report/,
  )
  expect(e.message).not.toMatch(/\n|on_done|emit_file|Invalid/)
  expect(e.detail).toBe(REFUSED)
})

test('every rejection is one sentence with advice, without names of steps and errors', () => {
  const refusals: [string, number, string, RegExp][] = [
    ['rings', ENOMEM, '', /smaller --buffer/],
    ['rings', EMFILE, '', /ulimit -n/],
    ['cpus', EMFILE, '', /ulimit -n/],
    ['load', EINVAL, `libbpf: map 'x': failed to create: Too many open files(-24)\nprocessed 3 insns\n`, /ulimit -n/],
    ['cpus', ERANGE, '', /at most 1024 CPUs$/],
    ['load', EPERM, '', /as root$/],
    ['rings', ENOSYS, '', /seccomp filter forbids here: .*as root$/],
    ['load', EINVAL, 'cannot use helper bpf_probe_read_kernel#113\nprocessed 3 insns\n', /kernel lockdown .*lockdown=/],
    // of Linux 6.1 and 7.3
    [
      'load',
      EINVAL,
      'callbacks are not allowed in non-JITed programs\nprocessed 3 insns\n',
      /net\.core\.bpf_jit_enable=1/,
    ],
    [
      'load',
      ENOTSUP,
      'JIT is required for calling kernel function\nprocessed 0 insns\n',
      /net\.core\.bpf_jit_enable=1/,
    ],
    [
      'load',
      ESRCH,
      "prog 'on_exit': failed to find kernel BTF type ID of 'x': -3\n",
      /another kernel, and please report/,
    ],
    ['attach', EINVAL, '', /did not attach the BPF programs: capture on another kernel/],
    ['nothing known', EINVAL, '', /a step failed: capture on another/],
  ]
  for (const [step, errno, log, says] of refusals) {
    const { message } = toLiveError(failure(step, errno, log))
    expect(message).toMatch(says)
    expect(message).not.toMatch(/\n|errno|on_exit|\bload:|No such process/)
  }
})

test("of the system's messages, the last lines of the verifier are shown", () => {
  expect(lastLines(REFUSED)).toEqual(REFUSED.split('\n').slice(2, 7))
  expect(lastLines(REFUSED, 1)).toEqual([expect.stringMatching(/^processed 128/)])
  expect(lastLines(`libbpf: a warning\n${REFUSED}`, 100)).toHaveLength(5)
  expect(lastLines('libbpf: no map\n\nrings: no\n')).toEqual(['libbpf: no map', 'rings: no'])
  expect(lastLines('')).toEqual([])
  expect(lastWord(REFUSED)).toBe("Caller passes invalid args into func#1 ('emit_file')")
  expect(lastWord('libbpf: no map\nlibbpf: failed\n')).toBe('libbpf: failed')
  expect(lastWord('')).toBe('')
})
