// The columns of formats with typed columns (Parquet, Arrow) and their fields. A column's name is the field's with underscores, which
// SQL accepts without quotes, or the name after the field. Its type follows from the field (schema.ts).

/**
 * What a value depends on, by which it is looked up: the single event (numbers only); type, result and kind of descriptor of the
 * event ('call'); the thread; the descriptor, and for names of addresses its process; all arguments.
 */
export type Per = 'event' | 'call' | 'thread' | 'descriptor' | 'arguments'

const DECLARED: Readonly<Record<Per, readonly string[]>> = {
  event: [
    ...['evt.num', 'evt.rawtime evt_time', 'evt.latency evt_latency_ns', 'evt.cpu', 'evt.rawres', 'evt.buflen'],
    ...['thread.tid', 'fd.num'],
  ],
  call: ['evt.type', 'evt.dir', 'evt.category', 'evt.res', 'evt.failed', 'evt.io_dir', 'evt.is_wait'],
  thread: [
    ...['host.name', 'thread.vtid', 'proc.pid', 'proc.vpid', 'proc.ppid', 'proc.name', 'proc.pname', 'proc.exe'],
    ...['proc.exepath', 'proc.cmdline', 'proc.cwd', 'proc.sid', 'proc.tty', 'user.uid', 'user.name', 'user.loginuid'],
    ...['group.gid', 'group.name', 'container.id', 'container.name', 'container.type', 'container.image'],
    ...['container.image.digest', 'k8s.ns.name', 'k8s.pod.name', 'k8s.pod.uid', 'k8s.deployment.name'],
  ],
  descriptor: [
    ...['fd.type', 'fd.name', 'fd.directory', 'fd.filename', 'fd.l4proto', 'fd.is_server', 'fd.cip', 'fd.cport'],
    ...[
      'fd.sip',
      'fd.sport',
      'fd.lip',
      'fd.lport',
      'fd.rip',
      'fd.rport',
      'fd.dns.name',
      'fd.sdns.name',
      'fd.cdns.name',
    ],
  ],
  arguments: ['evt.args', 'evt.args evt_args_json'],
}

/** The name of a column, and the field that it shows. */
export interface NamedColumn {
  readonly name: string
  readonly field: string
  readonly per: Per
}

/** All columns, in file order. */
export const NAMED_COLUMNS: readonly NamedColumn[] = Object.entries(DECLARED).flatMap(([per, fields]) =>
  fields.map((words) => {
    const [field = '', name = field.replaceAll('.', '_')] = words.split(' ')
    return { name, field, per: per as Per }
  }),
)

/** The fields of all columns. */
export const COLUMN_FIELDS: readonly string[] = [...new Set(NAMED_COLUMNS.map((c) => c.field))]
