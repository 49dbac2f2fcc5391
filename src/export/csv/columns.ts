// Which columns a CSV of events has when nobody names any.

const HEAD = ['evt.num', 'evt.outputtime', 'evt.rawtime', 'evt.cpu']
const TAIL = [
  ...['proc.name', 'proc.pid', 'thread.tid', 'evt.dir', 'evt.type', 'evt.res', 'evt.latency'],
  ...['fd.num', 'fd.name', 'evt.args'],
]
/** What -pc and -pk have beside. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  c: ['container.id', 'container.name'],
  container: ['container.id', 'container.name'],
  k: ['container.id', 'k8s.ns.name', 'k8s.pod.name'],
  kubernetes: ['container.id', 'k8s.ns.name', 'k8s.pod.name'],
}

/** The format of -p for columns that -p does not name itself; undefined: it does. hosts: what is read is of several. */
export function csvLine(format: string | undefined, hosts: boolean): string | undefined {
  const place = format === undefined ? [] : PLACES[format]
  if (place === undefined) return undefined
  return `*${[...HEAD, ...(hosts ? ['host.name'] : []), ...place, ...TAIL].map((f) => `%${f}`).join(' ')}`
}
