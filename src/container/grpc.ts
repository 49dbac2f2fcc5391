// Calls over gRPC to a local socket: responses as plain data, with limits of time and size. The library is loaded for the
// first socket.
import type { Client, ClientReadableStream } from '@grpc/grpc-js'
import { PACKAGES, type PackageName } from './protos.js'
import { object, type Raw } from './raw.js'
import { Allowance } from './runtime.js'

const LARGEST = 8 << 20
/** Messages of a stream: the initial allowance, and the rate per second. */
const FLOW = 2_000

/** Decoding options: 64-bit numbers as text, names unchanged, absent fields with defaults. */
const SHAPE = { keepCase: true, longs: String, enums: Number, defaults: true, objects: true } as const

type Method = (
  request: object,
  metadata: object,
  options: object,
  done: (e: Error | null, answer: unknown) => void,
) => void
type Collecting = (request: object, metadata: object, options: object) => ClientReadableStream<unknown>
type Streaming = (request: object, metadata: object) => ClientReadableStream<unknown>

/** The services of one socket. */
export class Grpc {
  private readonly clients = new Map<string, Client>()

  private constructor(
    private readonly address: string,
    private readonly grpc: typeof import('@grpc/grpc-js'),
    private readonly loader: typeof import('@grpc/proto-loader'),
  ) {}

  static async open(socketPath: string): Promise<Grpc> {
    const [grpc, loader] = await Promise.all([import('@grpc/grpc-js'), import('@grpc/proto-loader')])
    return new Grpc(`unix://${socketPath}`, grpc, loader)
  }

  /** The response of a method; rejects if there is none within `ms`. `namespace` is containerd's. */
  call(
    pkg: PackageName,
    service: string,
    method: string,
    request: object,
    ms: number,
    namespace?: string,
  ): Promise<Raw> {
    const client = this.client(pkg, service)
    return new Promise((done, fail) => {
      const call = (client as unknown as Record<string, Method>)[method] as Method
      const options = { deadline: Date.now() + ms }
      call.call(client, request, this.metadata(namespace), options, (e, answer) => (e ? fail(e) : done(object(answer))))
    })
  }

  /** All messages of a finite stream; rejects if there are more than `most`, or it has not ended within `ms`. */
  collect(
    pkg: PackageName,
    service: string,
    method: string,
    request: object,
    ms: number,
    namespace: string,
    most: number,
  ): Promise<Raw[]> {
    const client = this.client(pkg, service)
    return new Promise((done, fail) => {
      const call = (client as unknown as Record<string, Collecting>)[method] as Collecting
      const stream = call.call(client, request, this.metadata(namespace), { deadline: Date.now() + ms })
      const all: Raw[] = []
      stream.on('data', (m) => {
        all.push(object(m))
        if (all.length > most) stream.cancel()
      })
      stream.on('error', fail)
      stream.on('end', () => done(all))
    })
  }

  /** Calls `item` with each message of an endless stream, and `end` once when it ends; returns a function that ends it. */
  follow(pkg: PackageName, service: string, method: string, item: (m: Raw) => void, end: () => void): () => void {
    const client = this.client(pkg, service)
    const call = (client as unknown as Record<string, Streaming>)[method] as Streaming
    const stream = call.call(client, {}, this.metadata(undefined))
    let over = false
    const stop = () => {
      if (over) return
      over = true
      stream.cancel()
      end()
    }
    const allowance = new Allowance(FLOW)
    stream.on('data', (m) => {
      if (!over && allowance.take(1)) item(object(m))
      else stop()
    })
    stream.on('error', stop)
    stream.on('end', stop)
    return stop
  }

  close(): void {
    for (const client of this.clients.values()) client.close()
    this.clients.clear()
  }

  private metadata(namespace: string | undefined): object {
    const metadata = new this.grpc.Metadata()
    if (namespace !== undefined) metadata.set('containerd-namespace', namespace)
    return metadata
  }

  private client(pkg: PackageName, service: string): Client {
    const key = `${pkg}.${service}`
    const known = this.clients.get(key)
    if (known !== undefined) return known
    const definition = this.loader.fromJSON(PACKAGES[pkg] as Parameters<typeof this.loader.fromJSON>[0], SHAPE)
    const make = this.grpc.makeClientConstructor(
      definition[key] as Parameters<typeof this.grpc.makeClientConstructor>[0],
      service,
    )
    const client = new make(this.address, this.grpc.credentials.createInsecure(), {
      'grpc.max_receive_message_length': LARGEST,
      'grpc.initial_reconnect_backoff_ms': 200,
      'grpc.max_reconnect_backoff_ms': 2000,
      'grpc.default_authority': 'localhost',
    })
    this.clients.set(key, client as unknown as Client)
    return client as unknown as Client
  }
}
