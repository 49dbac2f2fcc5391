// Names of ports: from this machine's services file, and a built-in list of common ones. Used for -R and in filters.
import { readFileSync } from 'node:fs'
import type { Style } from './args/write.js'

const COMMON: Readonly<Record<string, number>> = {
  'ftp-data': 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  time: 37,
  domain: 53,
  dns: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  www: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  imap2: 143,
  imap: 143,
  snmp: 161,
  'snmp-trap': 162,
  bgp: 179,
  ldap: 389,
  https: 443,
  'microsoft-ds': 445,
  submissions: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  'domain-s': 853,
  rsync: 873,
  imaps: 993,
  pop3s: 995,
  socks: 1080,
  openvpn: 1194,
  'ms-sql-s': 1433,
  nfs: 2049,
  mysql: 3306,
  rdp: 3389,
  svn: 3690,
  postgresql: 5432,
  amqp: 5672,
  x11: 6000,
  redis: 6379,
  'http-alt': 8080,
  git: 9418,
  memcached: 11211,
  mongodb: 27017,
}

const LONGEST_LIST = 1 << 20
let local: Map<string, number> | undefined

function localServices(): Map<string, number> {
  const services = new Map<string, number>()
  let text = ''
  try {
    text = readFileSync('/etc/services', 'latin1').slice(0, LONGEST_LIST)
  } catch {
    return services
  }
  for (const line of text.split('\n')) {
    const m = /^([^\s#]+)\s+(\d+)\/\w+([^#]*)/.exec(line)
    if (m === null) continue
    const port = Number(m[2])
    for (const name of [m[1] as string, ...(m[3] as string).trim().split(/\s+/)])
      if (name !== '' && !services.has(name)) services.set(name, port)
  }
  return services
}

/** The port of a service; undefined if unknown. */
export function servicePort(name: string): number | undefined {
  local ??= localServices()
  return local.get(name) ?? (Object.hasOwn(COMMON, name) ? COMMON[name] : undefined)
}

let names: Map<number, string> | undefined

/** The first name of a port; the number as text if it has none. */
export function serviceName(port: number): string {
  if (names === undefined) {
    local ??= localServices()
    names = new Map()
    for (const [name, at] of [...local, ...Object.entries(COMMON)]) if (!names.has(at)) names.set(at, name)
  }
  return names.get(port) ?? String(port)
}

/** `ip:port` and `ip:port->ip:port`, with names of known ports if requested. */
export function withPorts(text: string, { format }: Style): string {
  if (!format.resolvePorts) return text
  return text.replace(/:(\d{1,5})(?=->|$)/g, (_, port: string) => `:${serviceName(Number(port))}`)
}
