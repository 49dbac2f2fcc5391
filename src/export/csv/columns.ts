// The default columns of a CSV of events.

const HEAD = ['evt.num', 'evt.outputtime', 'evt.rawtime', 'evt.cpu']
const TAIL = [
  ...['proc.name', 'proc.pid', 'thread.tid', 'evt.dir', 'evt.type', 'evt.res', 'evt.latency'],
  ...['fd.num', 'fd.name', 'evt.args'],
]
/** Additional columns with -pc and -pk. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  c: ['container.id', 'container.name'],
  container: ['container.id', 'container.name'],
  k: ['container.id', 'k8s.ns.name', 'k8s.pod.name'],
  kubernetes: ['container.id', 'k8s.ns.name', 'k8s.pod.name'],
}

/** The default columns as an output format; undefined: -p names the columns. hosts: the input has several hosts. */
export function csvLine(format: string | undefined, hosts: boolean): string | undefined {
  const place = format === undefined ? [] : PLACES[format]
  if (place === undefined) return undefined
  return `*${[...HEAD, ...(hosts ? ['host.name'] : []), ...place, ...TAIL].map((f) => `%${f}`).join(' ')}`
}
