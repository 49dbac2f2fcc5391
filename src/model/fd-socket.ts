// What only sockets have, separate from the rest of a descriptor: most descriptors are files, and opens are too frequent to
// clear all this.

/** The role of a socket in its connection. */
export const enum Role {
  Unknown,
  Client,
  Server,
}

/** See FdInfo for the fields. */
class Socket {
  family: number | undefined = undefined
  sockType: number | undefined = undefined
  proto: number | undefined = undefined
  tcpState: number | undefined = undefined
  localIp: string | undefined = undefined
  localPort: number | undefined = undefined
  remoteIp: string | undefined = undefined
  remotePort: number | undefined = undefined
  source: string | undefined = undefined
  dest: string | undefined = undefined
  path: string | undefined = undefined
  role: Role = Role.Unknown
  connected = false
  connectError = 0
  tuple: Uint8Array | undefined = undefined
  peerName: PeerName | undefined = undefined
}

/** The name of a remote address when a socket was connected to it; undefined: it had none. */
interface PeerName {
  readonly address: string
  readonly name: string | undefined
}

/** The socket members of a descriptor; allocated when one of them is first written. */
export class SocketPart {
  protected socket: Socket | undefined = undefined

  private get own(): Socket {
    this.socket ??= new Socket()
    return this.socket
  }

  /** A copy of the values for another descriptor. */
  protected socketCopy(): Socket | undefined {
    return this.socket && Object.assign(new Socket(), this.socket)
  }

  get family(): number | undefined {
    return this.socket?.family
  }
  set family(value: number | undefined) {
    this.own.family = value
  }
  get sockType(): number | undefined {
    return this.socket?.sockType
  }
  set sockType(value: number | undefined) {
    this.own.sockType = value
  }
  get proto(): number | undefined {
    return this.socket?.proto
  }
  set proto(value: number | undefined) {
    this.own.proto = value
  }
  get tcpState(): number | undefined {
    return this.socket?.tcpState
  }
  set tcpState(value: number | undefined) {
    this.own.tcpState = value
  }
  get localIp(): string | undefined {
    return this.socket?.localIp
  }
  set localIp(value: string | undefined) {
    this.own.localIp = value
  }
  get localPort(): number | undefined {
    return this.socket?.localPort
  }
  set localPort(value: number | undefined) {
    this.own.localPort = value
  }
  get remoteIp(): string | undefined {
    return this.socket?.remoteIp
  }
  set remoteIp(value: string | undefined) {
    this.own.remoteIp = value
  }
  get remotePort(): number | undefined {
    return this.socket?.remotePort
  }
  set remotePort(value: number | undefined) {
    this.own.remotePort = value
  }
  get source(): string | undefined {
    return this.socket?.source
  }
  set source(value: string | undefined) {
    this.own.source = value
  }
  get dest(): string | undefined {
    return this.socket?.dest
  }
  set dest(value: string | undefined) {
    this.own.dest = value
  }
  get path(): string | undefined {
    return this.socket?.path
  }
  set path(value: string | undefined) {
    this.own.path = value
  }
  get role(): Role {
    return this.socket?.role ?? Role.Unknown
  }
  set role(value: Role) {
    this.own.role = value
  }
  get connected(): boolean {
    return this.socket?.connected ?? false
  }
  set connected(value: boolean) {
    this.own.connected = value
  }
  /** error of the last attempt to connect, as a positive number; 0: none is known */
  get connectError(): number {
    return this.socket?.connectError ?? 0
  }
  set connectError(value: number) {
    this.own.connectError = value
  }
  /** socket address bytes last seen in a transfer, to recognise the same ones cheaply */
  get tuple(): Uint8Array | undefined {
    return this.socket?.tuple
  }
  set tuple(value: Uint8Array | undefined) {
    this.own.tuple = value
  }
  /** set by state/address-names.ts; valid while the remote address is the same */
  get peerName(): PeerName | undefined {
    return this.socket?.peerName
  }
  set peerName(value: PeerName | undefined) {
    this.own.peerName = value
  }
}
