// Which fields a record of OTLP has when nobody names any, and what OpenTelemetry calls those that it has names for.

const FIELDS = [
  ...['evt.num', 'evt.cpu', 'evt.type', 'evt.dir', 'evt.res', 'evt.latency', 'evt.args'],
  ...['proc.name', 'proc.pid', 'thread.tid', 'fd.num', 'fd.name'],
  ...['container.id', 'container.name', 'k8s.ns.name', 'k8s.pod.name'],
]

/** The format of -p for fields that -p does not name itself; undefined: it does. */
export function otlpLine(format: string | undefined): string | undefined {
  const usual = ['c', 'container', 'k', 'kubernetes', 'p']
  if (format !== undefined && !usual.includes(format)) return undefined
  return `*${FIELDS.map((f) => `%${f}`).join(' ')}`
}

/** Names of attributes by field; others have the name of the field. */
export const ATTRIBUTES: Readonly<Record<string, string>> = {
  'proc.name': 'process.executable.name',
  'proc.exepath': 'process.executable.path',
  'proc.cmdline': 'process.command_line',
  'proc.pid': 'process.pid',
  'proc.ppid': 'process.parent_pid',
  'user.name': 'process.user.name',
  'user.uid': 'process.user.id',
  'thread.tid': 'thread.id',
  'k8s.ns.name': 'k8s.namespace.name',
}
