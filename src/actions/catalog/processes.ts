// Actions on processes and threads.
import type { Action } from '../define.js'

const PID = '{proc.pid}'

export const PROCESS_ACTIONS: readonly Action[] = [
  {
    id: 'kill',
    title: 'kill',
    doc: 'Asks the process to end (SIGTERM).',
    argv: ['kill', '-TERM', PID],
    signal: 'SIGTERM',
    changes: true,
  },
  {
    id: 'kill-9',
    title: 'kill -9',
    doc: 'Ends the process at once (SIGKILL); it cannot save anything.',
    argv: ['kill', '-KILL', PID],
    signal: 'SIGKILL',
    changes: true,
  },
  {
    id: 'nicer',
    title: 'renice +1',
    doc: 'Has the process give way to others a little more.',
    argv: ['renice', '--relative', '1', '-p', PID],
    changes: true,
    quiet: true,
  },
  {
    id: 'less-nice',
    title: 'renice -1',
    doc: 'Has the process give way to others a little less.',
    argv: ['renice', '--relative', '-1', '-p', PID],
    changes: true,
    quiet: true,
  },
  {
    id: 'strace',
    title: 'strace',
    doc: 'Follows the system calls of the process and its children, until Ctrl-C. It runs much slower meanwhile.',
    argv: ['strace', '-f', '-p', PID],
  },
  {
    id: 'strace-thread',
    title: 'strace this thread',
    doc: 'Follows the system calls of the thread, until Ctrl-C. It runs much slower meanwhile.',
    argv: ['strace', '-p', '{thread.tid}'],
  },
  {
    id: 'ltrace',
    title: 'ltrace',
    doc: 'Follows the calls of the process into libraries, until Ctrl-C.',
    argv: ['ltrace', '-p', PID],
  },
  {
    id: 'lsof',
    title: 'lsof',
    doc: 'Lists what the process has open.',
    argv: ['lsof', '-n', '-p', PID],
  },
  {
    id: 'stack',
    title: 'stacks',
    doc: 'Where each thread of the process is, with local variables. It stands still meanwhile.',
    argv: ['gdb', '-p', PID, '--batch', '--quiet', '-nx', '-ex', 'thread apply all bt full'],
  },
  {
    id: 'kernel-stack',
    title: 'kernel stack',
    doc: 'Where the process is in the kernel.',
    argv: ['cat', `/proc/${PID}/stack`],
  },
  {
    id: 'kernel-stack-thread',
    title: 'its kernel stack',
    doc: 'Where the thread is in the kernel.',
    argv: ['cat', '/proc/{thread.tid}/stack'],
  },
  {
    id: 'gdb',
    title: 'gdb',
    doc: 'Attaches the debugger. The process stands still until it is left.',
    argv: ['gdb', '-nx', '-p', PID],
    changes: true,
  },
  {
    id: 'gcore',
    title: 'gcore',
    doc: "Writes the memory of the process to core.PID: run from here, in root's home folder. It stands still meanwhile, and the file has its secrets in it.",
    argv: ['gcore', PID],
    changes: true,
  },
  {
    id: 'pstree',
    title: 'pstree',
    doc: 'Its parents and children.',
    argv: ['pstree', '-aps', PID],
  },
]
