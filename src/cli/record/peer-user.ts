// The user at the other end of a unix socket, as the kernel knows it.
import type { Socket } from 'node:net'
import { native } from '../../source/native.js'

/**
 * The user who connected, on the side that listens; the user who began to listen, on the side that connected: a listener that
 * has given up its privileges since is still known by the user that it was. -1 where the kernel does not say.
 */
export function peerUser(socket: Socket): number {
  const { fd } = (socket as unknown as { _handle: { fd: number } | null })._handle ?? { fd: -1 }
  return native().peerUser(fd)
}
