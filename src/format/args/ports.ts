// Ports by name (-R) in addresses that are already text.
import type { FieldContext } from '../../fields/field.js'
import { serviceName } from '../../fields/services.js'

/** `ip:port` and `ip:port->ip:port` with the names of known ports, when they are wanted. */
export function withPorts(text: string, ctx: FieldContext): string {
  if (!ctx.format.resolvePorts) return text
  return text.replace(/:(\d{1,5})(?=->|$)/g, (_, port: string) => `:${serviceName(Number(port))}`)
}
