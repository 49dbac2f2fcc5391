// Names of signals.

const NAMES = [
  '',
  'SIGHUP',
  'SIGINT',
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGUSR1',
  'SIGSEGV',
  'SIGUSR2',
  'SIGPIPE',
  'SIGALRM',
  'SIGTERM',
  'SIGSTKFLT',
  'SIGCHLD',
  'SIGCONT',
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGURG',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGVTALRM',
  'SIGPROF',
  'SIGWINCH',
  'SIGIO',
  'SIGPWR',
  'SIGSYS',
]

const SIGRTMIN = 34
const SIGRTMAX = 64

/** Name of a signal, undefined if it has none; real-time signals are numbered from SIGRTMIN as in the C library. */
export function signalName(n: number): string | undefined {
  if (n > 0 && n < NAMES.length) return NAMES[n]
  if (n < SIGRTMIN || n > SIGRTMAX) return undefined
  return n === SIGRTMIN ? 'SIGRTMIN' : `SIGRTMIN+${n - SIGRTMIN}`
}

/** Names of the signals in the lower half of a kernel signal set: bit 0 is signal 1. */
export function signalSet(mask: number): string[] {
  const names: string[] = []
  for (let bit = 0; bit < 31; bit++) if ((mask & (1 << bit)) !== 0) names.push(NAMES[bit + 1] as string)
  return names
}
