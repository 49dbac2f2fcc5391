// The lines that are printed when no format is given.

const GREEN = '\\e[01;32m'
const CYAN = '\\e[01;36m'
const BLUE = '\\e[01;34m'
const PLAIN = '\\e[00m'

const HEAD = '*%evt.num %evt.outputtime %evt.cpu'
const TAIL = '%evt.dir %evt.type %evt.info'

/** The default format; coloured for terminals. */
export function defaultFormat(colour: boolean): string {
  if (!colour) return `${HEAD} %proc.name (%thread.tid) ${TAIL}`
  return `${HEAD} ${GREEN}%proc.name${PLAIN} (${CYAN}%thread.tid${PLAIN}) %evt.dir ${BLUE}%evt.type${PLAIN} %evt.info`
}

const CONTAINER: Readonly<Record<string, string>> = {
  c: '%container.name (%container.id)',
  container: '%container.name (%container.id)',
  k: '%k8s.pod.name (%container.id)',
  kubernetes: '%k8s.pod.name (%container.id)',
}

/**
 * The format that the value of -p stands for: `c` and `k` (also written out) show containers and pods, everything else is
 * a format itself.
 */
export function namedFormat(p: string, colour: boolean): string {
  const who = CONTAINER[p]
  if (who === undefined) return p
  if (!colour) return `${HEAD} ${who} %proc.name (%thread.tid:%thread.vtid) ${TAIL}`
  return `${HEAD} ${GREEN}${who}${PLAIN} %proc.name (${CYAN}%thread.tid:%thread.vtid${PLAIN}) %evt.dir ${BLUE}%evt.type${PLAIN} %evt.info`
}
