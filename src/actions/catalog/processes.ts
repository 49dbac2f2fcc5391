// Actions on processes and threads.
import type { Action } from '../define.js'

const PID = '{proc.pid}'

export const PROCESS_ACTIONS: readonly Action[] = [
  {
    id: 'kill',
    title: 'kill',
    doc: 'Terminates the process (SIGTERM).',
    argv: ['kill', '-TERM', PID],
    signal: 'SIGTERM',
    changes: true,
  },
  {
    id: 'kill-9',
    title: 'kill -9',
    doc: 'Kills the process immediately (SIGKILL); it cannot save anything.',
    argv: ['kill', '-KILL', PID],
    signal: 'SIGKILL',
    changes: true,
  },
  {
    id: 'nicer',
    title: 'renice +1',
    doc: 'Lowers the scheduling priority of the process by one step.',
    argv: ['renice', '--relative', '1', '-p', PID],
    changes: true,
    quiet: true,
  },
  {
    id: 'less-nice',
    title: 'renice -1',
    doc: 'Raises the scheduling priority of the process by one step.',
    argv: ['renice', '--relative', '-1', '-p', PID],
    changes: true,
    quiet: true,
  },
  {
    id: 'strace',
    title: 'strace',
    doc: 'Traces the system calls of the process and its children, until Ctrl-C. They run much slower meanwhile.',
    argv: ['strace', '-f', '-p', PID],
  },
  {
    id: 'strace-thread',
    title: 'strace this thread',
    doc: 'Traces the system calls of the thread, until Ctrl-C. It runs much slower meanwhile.',
    argv: ['strace', '-p', '{thread.tid}'],
  },
  {
    id: 'ltrace',
    title: 'ltrace',
    doc: 'Traces the library calls of the process, until Ctrl-C.',
    argv: ['ltrace', '-p', PID],
  },
  {
    id: 'lsof',
    title: 'lsof',
    doc: 'Lists the open files of the process.',
    argv: ['lsof', '-n', '-p', PID],
  },
  {
    id: 'stack',
    title: 'stacks',
    doc: 'The stack of each thread, with local variables. The process is paused meanwhile.',
    argv: ['gdb', '-p', PID, '--batch', '--quiet', '-nx', '-ex', 'thread apply all bt full'],
  },
  {
    id: 'kernel-stack',
    title: 'kernel stack',
    doc: 'The kernel stack of the process.',
    argv: ['cat', `/proc/${PID}/stack`],
  },
  {
    id: 'kernel-stack-thread',
    title: 'its kernel stack',
    doc: 'The kernel stack of the thread.',
    argv: ['cat', '/proc/{thread.tid}/stack'],
  },
  {
    id: 'gdb',
    title: 'gdb',
    doc: 'Attaches the debugger. The process is paused until you quit.',
    argv: ['gdb', '-nx', '-p', PID],
    changes: true,
  },
  {
    id: 'gcore',
    title: 'gcore',
    doc: "Writes the memory of the process to core.PID; when run from here, in root's home folder. The process is paused meanwhile, and the file contains its secrets.",
    argv: ['gcore', PID],
    changes: true,
  },
  {
    id: 'pstree',
    title: 'pstree',
    doc: 'The ancestors and children of the process.',
    argv: ['pstree', '-aps', PID],
  },
]
