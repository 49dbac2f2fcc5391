// The formats used when none is given.

const GREEN = '\\e[01;32m'
const CYAN = '\\e[01;36m'
const BLUE = '\\e[01;34m'
const PLAIN = '\\e[00m'

const HEAD = '*%evt.num %evt.outputtime %evt.cpu'
const TAIL = '%evt.dir %evt.type %evt.info'

/** The default line: green process, cyan thread, blue event on terminals. */
export function defaultLine(color: boolean): string {
  if (!color) return `${HEAD} %proc.name (%thread.tid) ${TAIL}`
  return `${HEAD} ${GREEN}%proc.name${PLAIN} (${CYAN}%thread.tid${PLAIN}) %evt.dir ${BLUE}%evt.type${PLAIN} %evt.info`
}

const withPlace = (place: string) => `${HEAD} ${place} %proc.name (%thread.tid:%thread.vtid) ${TAIL}`

/** The line of -pc: with the container of the event. */
export const CONTAINER_LINE = withPlace('%container.name (%container.id)')
/** The line of -pk: with the pod of the event. */
export const POD_LINE = withPlace('%k8s.pod.name (%container.id)')

/** One of these lines, with the host of the event. */
export function withHost(line: string): string {
  return line.replace(HEAD, `${HEAD} %host.name`)
}
