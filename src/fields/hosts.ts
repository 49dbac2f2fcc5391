// Names of addresses, from this machine's hosts file: a lookup over the network would hold up every event.
import { readFileSync } from 'node:fs'

let names: Map<string, string> | undefined

function load(): Map<string, string> {
  const found = new Map<string, string>()
  let text = ''
  try {
    text = readFileSync('/etc/hosts', 'utf8')
  } catch {
    // no hosts file: no address has a name
  }
  for (const line of text.split('\n')) {
    const [address, name] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (address !== undefined && name !== undefined && !found.has(address)) found.set(address, name)
  }
  return found
}

/** Name of an address, undefined when the hosts file has none. */
export function hostName(address: string): string | undefined {
  names ??= load()
  return names.get(address)
}
