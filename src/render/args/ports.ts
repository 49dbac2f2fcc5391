// Port names (-R) in addresses that are already text.
import { serviceName } from '../services.js'
import type { Style } from './write.js'

/** `ip:port` and `ip:port->ip:port`, with names of known ports if requested. */
export function withPorts(text: string, { format }: Style): string {
  if (!format.resolvePorts) return text
  return text.replace(/:(\d{1,5})(?=->|$)/g, (_, port: string) => `:${serviceName(Number(port))}`)
}
