// The default fields of OTLP records, and OpenTelemetry's names of fields.

const FIELDS = [
  ...['evt.num', 'evt.cpu', 'evt.type', 'evt.dir', 'evt.res', 'evt.latency', 'evt.args'],
  ...['proc.name', 'proc.pid', 'thread.tid', 'fd.num', 'fd.name'],
  ...['container.id', 'container.name', 'k8s.ns.name', 'k8s.pod.name'],
]

/** The default fields as an output format; undefined: -p names the fields. */
export function otlpLine(format: string | undefined): string | undefined {
  const usual = ['c', 'container', 'k', 'kubernetes', 'p']
  if (format !== undefined && !usual.includes(format)) return undefined
  return `*${FIELDS.map((f) => `%${f}`).join(' ')}`
}

/** Attribute names by field; other attributes have the field's name. */
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
