// The user at the other end of a unix socket, as the kernel reports it.
import type { Socket } from 'node:net'
import { native } from '../../source/native.js'

/**
 * On the listening side, the user who connected; on the connecting side, the user who started to listen, even if the listener has
 * dropped its privileges since. -1 if the kernel does not report it.
 */
export function peerUser(socket: Socket): number {
  const { fd } = (socket as unknown as { _handle: { fd: number } | null })._handle ?? { fd: -1 }
  return native().peerUser(fd)
}
