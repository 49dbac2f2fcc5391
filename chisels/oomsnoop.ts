// What the OOM killer ended, as far as events tell: the kernel's log where a program reads it, else SIGKILL that nobody sent.
import { bytesText, defineChisel, type Event, eventLines, type Values } from '../src/chisel/index.js'

const FIELDS = {
  type: 'evt.type',
  pid: 'proc.pid',
  vpid: 'proc.vpid',
  comm: 'proc.name',
  command: 'proc.exeline',
  container: 'container.name',
  containerId: 'container.id',
  rss: 'proc.vmrss',
  signal: 'evt.rawarg.sig',
  to: 'evt.rawarg.pid',
  data: 'evt.buffer',
} as const
type Fields = Values<typeof FIELDS>

/** A process that SIGKILL has ended and that no call was seen to send it to. */
interface Killed {
  readonly time: number
  readonly pid: number
  readonly comm: string
  readonly command: string | undefined
  readonly container: string | undefined
  readonly rss: number | undefined
}

/** What the kernel's log says of a kill. */
interface Logged {
  readonly time: number
  /** bytes of anonymous memory */
  readonly anon: number | undefined
  /** the cgroup whose limit was reached; undefined: the machine's memory was short */
  readonly cgroup: string | undefined
}

export default defineChisel({
  description: 'Shows what the OOM killer ended, as far as the events tell.',
  details:
    'The kernel has no event for it. WHY is "kernel log" where a program (journald, rsyslog, dmesg -w) read the line about it from /dev/kmsg, with ' +
    'the cgroup whose limit was reached; the name of a daemon that kills for memory (systemd-oomd, earlyoom, oomd, nohang); or "no sender seen": SIGKILL ' +
    'ended the process and no call sent it, which is the OOM killer or a CPU limit (RLIMIT_CPU) or the end of a parent that ' +
    'wished it so (PR_SET_PDEATHSIG). RSS is what was known of its memory. Lines come up to two seconds late, to wait for the ' +
    "log. A filter must let the senders of signals pass, or their kills look like nobody's.",
  category: 'System State',
  fields: FIELDS,
  filter:
    'evt.type=procexit and thread.ismain=true and (evt.rawarg.sig=9 or proc.vpid=1) or evt.failed=false and (' +
    'evt.type in (kill, tkill, tgkill, pidfd_send_signal, rt_sigqueueinfo, rt_tgsigqueueinfo) and evt.rawarg.sig=9 or ' +
    'evt.is_io_write=true and fd.name endswith /cgroup.kill or evt.is_io_read=true and fd.name in (/dev/kmsg, /proc/kmsg))',
  needs: { snaplen: 512 },
  hooks(c) {
    const out = eventLines(c, COLUMNS)
    const waiting: Killed[] = []
    const logged = new Map<number, Logged>()
    const cgroups = new Map<number, string>()
    /** who sent SIGKILL to a process, by its number, and to several at once */
    const sent = new Map<number, string>()
    let broadcast: { time: number; comm: string } | undefined
    /** containers whose first process ended: the kernel kills the others then */
    const ended = new Map<string, number>()

    const show = (k: Killed, evidence: 'log' | 'daemon' | 'unsent', why: string, log?: Logged) => {
      if (c.json) {
        const { pid, comm, command, container, rss } = k
        c.emit({
          time: c.epoch(k.time),
          pid,
          comm,
          command,
          container,
          rss,
          anon: log?.anon,
          cgroup: log?.cgroup,
          evidence,
          why,
        })
        return
      }
      const memory = k.rss === undefined ? log?.anon : k.rss
      out.row([c.timeOfDay(k.time), `${k.pid}`, k.comm, memory === undefined ? '<NA>' : bytesText(memory), why])
    }
    const showLogged = (k: Killed, log: Logged) => {
      logged.delete(k.pid)
      show(k, 'log', log.cgroup === undefined ? 'kernel log' : `kernel log, limit of ${log.cgroup}`, log)
    }
    const died = (v: Fields, e: Event) => {
      const { pid = e.pid, vpid, comm = '<NA>', command, container, rss } = v
      const killed: Killed = {
        time: e.time,
        pid,
        comm,
        command,
        container,
        rss: rss === undefined || rss === 0 ? undefined : rss * 1024,
      }
      const log = logged.get(pid)
      if (log !== undefined && e.time - log.time < PATIENCE) return showLogged(killed, log)
      const sender =
        sent.get(pid) ?? sent.get(vpid ?? pid) ?? (isRecent(broadcast?.time, e) ? broadcast?.comm : undefined)
      sent.delete(pid)
      if (sender !== undefined) {
        if (DAEMONS.has(sender)) show(killed, 'daemon', sender)
      } else if (vpid === pid || !isRecent(ended.get(v.containerId ?? ''), e)) waiting.push(killed)
    }
    const kills = (v: Fields, e: Event) => {
      const number = Number(v.to ?? 0)
      const comm = v.comm ?? '<NA>'
      // a group, everybody, one thread, or whom a descriptor means
      if (number <= 0) broadcast = { time: e.time, comm }
      else {
        if (sent.size >= MOST) sent.clear()
        sent.set(number, comm)
      }
    }
    const reads = (data: unknown, time: number) => {
      if (!(data instanceof Uint8Array)) return
      const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('latin1')
      const limit = LIMIT.exec(text)
      if (limit !== null) remember(cgroups, Number(limit[2]), limit[1] as string)
      const line = KILLED.exec(text)
      if (line === null) return
      const pid = Number(line[2])
      const cgroup = line[1] === undefined ? undefined : (cgroups.get(pid) ?? 'a cgroup')
      const log = { time, anon: line[3] === undefined ? undefined : Number(line[3]) * 1024, cgroup }
      const at = waiting.findIndex((k) => k.pid === pid)
      if (at >= 0) showLogged(waiting.splice(at, 1)[0] as Killed, log)
      else remember(logged, pid, log)
    }
    const giveUp = (time: number) => {
      while (waiting[0] !== undefined && waiting[0].time <= time)
        show(waiting.shift() as Killed, 'unsent', 'no sender seen')
    }

    return {
      start: () => out.titles(),
      event(v, e) {
        if (v.type === 'procexit') {
          if (v.vpid === 1 && v.pid !== 1) remember(ended, v.containerId ?? '', e.time)
          if (v.signal === 9) died(v, e)
        } else if (e.def.category === 'io_read') reads(v.data, e.time)
        else if (e.def.category === 'io_write') broadcast = { time: e.time, comm: v.comm ?? '<NA>' }
        else kills(v, e)
      },
      interval: (time) => giveUp(time - PATIENCE),
      end: () => giveUp(Number.POSITIVE_INFINITY),
    }
  },
})

const COLUMNS = [
  ['TIME', 9],
  ['PID', 8],
  ['COMM', 17],
  ['RSS', 10],
  ['WHY', 0],
] as const

/** ns between a kill and what tells of it. */
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
