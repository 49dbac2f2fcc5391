// Names of ports, from this machine's list of services.
import { readFileSync } from 'node:fs'

let names: Map<number, string> | undefined

function load(): Map<number, string> {
  const found = new Map<number, string>()
  let text = ''
  try {
    text = readFileSync('/etc/services', 'utf8')
  } catch {
    // a machine without the list: ports keep their numbers
  }
  for (const line of text.split('\n')) {
    const m = /^([\w.+-]+)\s+(\d+)\/(?:tcp|udp)\b/.exec(line)
    if (m === null) continue
    const port = Number(m[2])
    if (!found.has(port)) found.set(port, m[1] as string)
  }
  return found
}

/** Name of the service at a port, its number as text when it has none. */
export function serviceName(port: number): string {
  names ??= load()
  return names.get(port) ?? String(port)
}
