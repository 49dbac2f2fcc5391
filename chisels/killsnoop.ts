// Signals that programs send: sender, target and result.
import { defineChisel, type Event, eventLines, type Values } from '../src/chisel/index.js'

const FIELDS = {
  time: 'evt.time.s',
  rawtime: 'evt.rawtime',
  type: 'evt.type',
  ret: 'evt.rawres',
  res: 'evt.res',
  pid: 'proc.pid',
  comm: 'proc.name',
  container: 'container.name',
  sig: 'evt.arg.sig',
  signo: 'evt.rawarg.sig',
  to: 'evt.rawarg.pid',
  toName: 'evt.arg.pid',
  thread: 'evt.rawarg.tid',
  threadName: 'evt.arg.tid',
  pidfd: 'evt.rawarg.pidfd',
} as const
type Fields = Values<typeof FIELDS>

/** Target of a signal. number: in the pid namespace of the sender. */
interface Target {
  readonly kind: 'process' | 'thread' | 'group' | 'own group' | 'all' | 'pidfd'
  readonly number: number
  readonly name?: string | undefined
}

export default defineChisel({
  description: 'Shows signals that programs send: sender, target and result.',
  details:
    'Shows the calls kill, tkill, tgkill, pidfd_send_signal, rt_sigqueueinfo and rt_tgsigqueueinfo. RESULT is ok or the error: ' +
    'ESRCH means that the target does not exist, EPERM that the sender lacks the permission. SIGNAL is 0 if the call only tests ' +
    'whether the target exists; add evt.rawarg.sig!=0 to exclude these. Process ids are those of the pid namespace of the ' +
    'sender. Signals from the kernel (SIGCHLD, SIGSEGV, SIGPIPE, those of a terminal or the OOM killer) are not calls: ' +
    'evt.type=signaldeliver shows them. The runtime of Go interrupts its own threads with SIGURG, up to thousands of times a second: ' +
    'these are only counted, unless which=all. -pc adds the container.',
  category: 'System State',
  args: {
    which: {
      type: 'string',
      doc: 'signals to show: most (all but SIGURG from programs to their own threads), or all',
      choices: ['most', 'all'],
      optional: true,
      default: 'most',
    },
  },
  fields: FIELDS,
  filter: `evt.dir=< and evt.type in (kill, tkill, tgkill, pidfd_send_signal, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_open)`,
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    /** targets of pidfds, by process and descriptor */
    const pidfds = new Map<string, Target>()
    let preemptions = 0

    /** The name of a process by its id in the container of the sender. */
    const nameWithin = (e: Event, number: number): string | undefined => {
      let name: string | undefined
      c.threads(undefined, (_, t) => {
        if (t.vtid === number && t.container?.id === e.thread?.container?.id) name = t.comm
      })
      return name
    }
    const targetOf = (v: Fields, e: Event): Target => {
      if (v.pidfd !== undefined) {
        const number = Number(v.pidfd)
        return pidfds.get(`${e.pid}/${number}`) ?? { kind: 'pidfd', number }
      }
      const ofThread = v.thread !== undefined || v.type === 'rt_tgsigqueueinfo'
      const number = Number(v.thread ?? v.to ?? 0)
      if (!ofThread && number <= 0) return groupOf(number)
      const { thread } = e
      const inside = thread !== undefined && thread.vpid !== thread.pid
      const known = v.threadName ?? v.toName
      const name = inside ? nameWithin(e, number) : known === `${number}` ? undefined : known
      return { kind: ofThread ? 'thread' : 'process', number, name }
    }
    const opened = (v: Fields, e: Event) => {
      if ((v.ret ?? -1) < 0) return
      if (pidfds.size >= MOST) pidfds.clear()
      pidfds.set(`${e.pid}/${v.ret}`, targetOf(v, e))
    }

    return {
      start: () => out.titles(),
      event(values, e) {
        // copied, as looking up a name replaces the current event
        const v = { ...values }
        if (v.type === 'pidfd_open') return opened(v, e)
        if (c.args.which !== 'all' && isPreemption(v, e)) {
          preemptions++
          return
        }
        const target = targetOf(v, e)
        const error = (v.ret ?? 0) < 0 ? v.res : undefined
        const signal = signalText(v)
        if (c.json) {
          const { rawtime: time, pid, comm, container, type: call } = v
          c.emit({ time, pid, comm, container, call, signal, signo: Number(v.signo ?? 0), target, error })
          return
        }
        out.row([
          v.time ?? '',
          `${v.pid ?? '<NA>'}`,
          v.comm ?? '<NA>',
          v.container ?? '',
          signal,
          error ?? 'ok',
          targetText(target),
        ])
      },
      end() {
        if (preemptions > 0)
          c.tell(
            `${preemptions} SIGURG from programs to their own threads not shown (preemption in Go): -c killsnoop all shows them`,
          )
      },
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 17],
  ['CONTAINER', 14, 'containers'],
  ['SIGNAL', 12],
  ['RESULT', 8],
  ['TO', 0],
] as const

/** Maximum number of pidfds to remember. */
const MOST = 10_000

const SIGURG = 23

/** Whether a program signals one of its own threads as the runtime of Go does to preempt a goroutine. */
function isPreemption(v: Fields, e: Event): boolean {
  return v.type === 'tgkill' && Number(v.signo) === SIGURG && Number(v.to) === (e.thread?.vpid ?? e.pid)
}

/** The target of a number that is not a process id. */
function groupOf(number: number): Target {
  if (number === 0) return { kind: 'own group', number }
  return number === -1 ? { kind: 'all', number } : { kind: 'group', number: -number }
}

function signalText(v: Fields): string {
  return v.sig === undefined || v.sig === '' ? `${v.signo ?? '<NA>'}` : v.sig
}

function targetText({ kind, number, name }: Target): string {
  switch (kind) {
    case 'all':
      return 'all processes'
    case 'own group':
      return 'its own group'
    case 'process':
      return `${number} ${name ?? ''}`.trimEnd()
    default:
      return `${kind} ${number} ${name ?? ''}`.trimEnd()
  }
}
