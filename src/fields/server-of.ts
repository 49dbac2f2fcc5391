// The server of a connection in a few characters, as fields about protocols name it.
import type { Fd } from '../model/fd.js'
import { serverIp, serverPort } from '../state/socket-sides.js'

/** Its address, with the port where that is not the protocol's own; undefined where the sides are not known. */
export function serverOf(fd: Fd, standardPort: number): string | undefined {
  const ip = serverIp(fd)
  const port = serverPort(fd)
  if (ip === undefined || port === undefined || port === standardPort) return ip
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`
}
