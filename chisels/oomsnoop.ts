// Processes that the OOM killer ended. The evidence is the kernel's event; without it the kernel's log if a program reads it, else a
// SIGKILL without a sender.
import { bytesText, defineChisel, type Event, eventLines, type Values } from '../src/chisel/index.js'

const FIELDS = {
  type: 'evt.type',
  pid: 'proc.pid',
  vpid: 'proc.vpid',
  comm: 'proc.name',
  command: 'proc.exeline',
  truncated: 'proc.is_args_truncated',
  container: 'container.name',
  containerId: 'container.id',
  rss: 'proc.vmrss',
  signal: 'evt.rawarg.sig',
  to: 'evt.rawarg.pid',
  data: 'evt.buffer',
  invoker: 'evt.rawarg.invoker',
  anon: 'evt.rawarg.anon_rss',
  file: 'evt.rawarg.file_rss',
  shmem: 'evt.rawarg.shmem_rss',
  adjusted: 'evt.rawarg.oom_score_adj',
  limit: 'evt.rawarg.limit',
} as const
type Fields = Values<typeof FIELDS>

/** Arguments of an oomkill event. */
interface Oom {
  readonly invoker: number
  /** bytes of anonymous memory */
  readonly anon: number
  readonly oomScoreAdj: number
  /** the cgroup whose limit was reached; undefined: the machine was out of memory, or it was not recorded */
  readonly cgroup: string | undefined
}

/** A process that the OOM killer has chosen, or that was ended by a SIGKILL without a captured sender. */
interface Killed {
  readonly oom?: Oom
  readonly time: number
  readonly pid: number
  readonly comm: string
  readonly command: string | undefined
  readonly truncated: true | undefined
  readonly container: string | undefined
  readonly rss: number | undefined
}

/** A kill in the kernel's log. */
interface Logged {
  readonly time: number
  /** bytes of anonymous memory */
  readonly anon: number | undefined
  /** the cgroup whose limit was reached; undefined: the machine was out of memory */
  readonly cgroup: string | undefined
}

export default defineChisel({
  description: 'Shows processes that the OOM killer ended, and their memory.',
  details:
    'WHY is "OOM killer" if the kernel reported it (evt.type=oomkill), with the cgroup whose limit was reached, if any. If the ' +
    'kernel or the capture does not have this event, WHY is one of: "kernel log", if a program (journald, rsyslog, dmesg -w) ' +
    'read the line about it from /dev/kmsg; the name of a daemon that kills to free memory ' +
    '(systemd-oomd, earlyoom, oomd, nohang); or "no sender seen", if SIGKILL ended the process and no call sent it. That is ' +
    'the OOM killer, a CPU limit (RLIMIT_CPU), or the end of the parent (PR_SET_PDEATHSIG). RSS is the memory of the process. ' +
    'Lines are delayed by up to two seconds to wait for the log. A filter must pass the senders of signals; otherwise their ' +
    'kills have no sender.',
  category: 'System State',
  fields: FIELDS,
  filter:
    'evt.type=oomkill or evt.type=procexit and thread.ismain=true and (evt.rawarg.sig=9 or proc.vpid=1) or evt.failed=false and (' +
    'evt.type in (kill, tkill, tgkill, pidfd_send_signal, rt_sigqueueinfo, rt_tgsigqueueinfo) and evt.rawarg.sig=9 or ' +
    'evt.is_io_write=true and fd.name endswith /cgroup.kill or evt.is_io_read=true and fd.name in (/dev/kmsg, /proc/kmsg))',
  needs: { snaplen: 512 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const watch = new KillWatch((k, evidence, why, log) => {
      if (c.json) {
        c.emit({ time: c.epoch(k.time), ...valuesOf(k, log), evidence, why })
        return
      }
      const memory = k.rss === undefined ? log?.anon : k.rss
      out.row([c.timeOfDay(k.time), `${k.pid}`, k.comm, memory === undefined ? '<NA>' : bytesText(memory), why])
    })
    return {
      start: () => out.titles(),
      event: (v, e) => watch.event(v, e),
      interval: (time) => watch.endWaits(time - PATIENCE),
      end: () => watch.endWaits(Number.POSITIVE_INFINITY),
    }
  },
})

type Evidence = 'event' | 'log' | 'daemon' | 'unsent'

/** Matches kills with their evidence; `show` is called with each kill. */
class KillWatch {
  /** kills that wait for a line of the log, oldest first */
  private readonly waiting: Killed[] = []
  private readonly logged = new Map<number, Logged>()
  private readonly cgroups = new Map<number, string>()
  /** processes that the OOM killer has chosen and that have not ended */
  private readonly chosen = new Set<number>()
  /** sender of SIGKILL, by process id; and the last sender to several processes at once */
  private readonly sent = new Map<number, string>()
  private broadcast: { time: number; comm: string } | undefined
  /** containers whose first process ended: the kernel then kills the others */
  private readonly ended = new Map<string, number>()

  constructor(private readonly show: (k: Killed, evidence: Evidence, why: string, log?: Logged) => void) {}

  event(v: Fields, e: Event): void {
    if (v.type === 'oomkill') this.choose(v, e)
    else if (v.type === 'procexit') {
      if (v.vpid === 1 && v.pid !== 1) remember(this.ended, v.containerId ?? '', e.time)
      if (v.signal === 9) this.died(v, e)
    } else if (e.def.category === 'io_read') this.reads(v.data, e.time)
    else if (e.def.category === 'io_write') this.broadcast = { time: e.time, comm: v.comm ?? '<NA>' }
    else this.kills(v, e)
  }

  /** Shows the kills up to `time` that still wait for the log. */
  endWaits(time: number): void {
    const { waiting } = this
    while (waiting[0] !== undefined && waiting[0].time <= time) {
      const k = waiting.shift() as Killed
      if (k.oom === undefined) this.show(k, 'unsent', 'no sender seen')
      else this.showEvent(k, k.oom)
    }
  }

  private showEvent(k: Killed, oom: Oom, log?: Logged): void {
    this.show(k, 'event', reason('OOM killer', oom.cgroup ?? log?.cgroup), log)
  }

  private showLogged(k: Killed, log: Logged): void {
    this.logged.delete(k.pid)
    if (k.oom === undefined) this.show(k, 'log', reason('kernel log', log.cgroup), log)
    else this.showEvent(k, k.oom, log)
  }

  private choose(v: Fields, e: Event): void {
    const [anon, file, shmem] = [v.anon, v.file, v.shmem].map((kib) => Number(kib ?? 0)) as [number, number, number]
    const cgroup = v.limit === undefined ? undefined : String(v.limit)
    const oom = { invoker: Number(v.invoker), anon: anon * 1024, oomScoreAdj: Number(v.adjusted), cgroup }
    const killed = { ...killedOf(v, e, anon + file + shmem), oom }
    if (this.chosen.size >= MOST) this.chosen.clear()
    this.chosen.add(killed.pid)
    this.waiting.push(killed)
  }

  private died(v: Fields, e: Event): void {
    const killed = killedOf(v, e, v.rss)
    const { pid } = killed
    const { vpid } = v
    // already reported by its event
    if (this.chosen.delete(pid)) return
    const log = this.logged.get(pid)
    if (log !== undefined && e.time - log.time < PATIENCE) {
      this.showLogged(killed, log)
      return
    }
    const { sent, broadcast } = this
    const sender =
      sent.get(pid) ?? sent.get(vpid ?? pid) ?? (isRecent(broadcast?.time, e) ? broadcast?.comm : undefined)
    sent.delete(pid)
    if (sender !== undefined) {
      if (DAEMONS.has(sender)) this.show(killed, 'daemon', sender)
    } else if (vpid === pid || !isRecent(this.ended.get(v.containerId ?? ''), e)) this.waiting.push(killed)
  }

  private kills(v: Fields, e: Event): void {
    const number = Number(v.to ?? 0)
    const comm = v.comm ?? '<NA>'
    // a group, all processes, one thread, or the process of a pidfd
    if (number <= 0) this.broadcast = { time: e.time, comm }
    else remember(this.sent, number, comm)
  }

  private reads(data: unknown, time: number): void {
    if (!(data instanceof Uint8Array)) return
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
    const limit = LIMIT.exec(text)
    if (limit !== null) remember(this.cgroups, Number(limit[2]), limit[1] as string)
    const line = KILLED.exec(text)
    if (line === null) return
    const pid = Number(line[2])
    const cgroup = line[1] === undefined ? undefined : (this.cgroups.get(pid) ?? 'a cgroup')
    const log = { time, anon: line[3] === undefined ? undefined : Number(line[3]) * 1024, cgroup }
    const at = this.waiting.findIndex((k) => k.pid === pid)
    if (at >= 0) this.showLogged(this.waiting.splice(at, 1)[0] as Killed, log)
    else remember(this.logged, pid, log)
  }
}

/** rss: KiB */
function killedOf(v: Fields, e: Event, rss: number | undefined): Killed {
  const { pid, comm = '<NA>', command, truncated, container } = v
  return {
    time: e.time,
    pid: pid ?? e.pid,
    comm,
    command,
    truncated: truncated || undefined,
    container,
    rss: rss === undefined || rss === 0 ? undefined : rss * 1024,
  }
}

const reason = (what: string, cgroup: string | undefined) =>
  cgroup === undefined ? what : `${what}, limit of ${cgroup}`

function valuesOf({ pid, comm, command, truncated, container, rss, oom }: Killed, log: Logged | undefined): object {
  const anon = oom?.anon ?? log?.anon
  const { oomScoreAdj: oom_score_adj, invoker } = oom ?? {}
  const cgroup = oom?.cgroup ?? log?.cgroup
  return { pid, comm, command, truncated, container, rss, anon, oom_score_adj, invoker, cgroup }
}

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 17],
  ['RSS', 10],
  ['WHY', 0],
] as const

/** Maximum time (ns) between a kill and its log line. */
const PATIENCE = 1e9
const MOST = 10_000
const DAEMONS: ReadonlySet<string> = new Set(['systemd-oomd', 'earlyoom', 'oomd', 'nohang'])
/** Lines of the kernel's log. */
const KILLED = /(Memory cgroup )?[Oo]ut of memory: Killed process (\d{1,10}) (?:.*?anon-rss:(\d{1,12})kB)?/s
const LIMIT = /oom-kill:.*?oom_memcg=([^,]{1,300}),.*?pid=(\d{1,10})/s

function isRecent(time: number | undefined, e: Event): boolean {
  return time !== undefined && e.time - time < PATIENCE
}

function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (map.size >= MOST) map.clear()
  map.set(key, value)
}
