// Stands in for a kubelet: creates a pod and its container through a CRI service, as a kubelet requests them.
import { dirname } from 'node:path'
import { Client, credentials } from '@grpc/grpc-js'
import { WEB_IMAGE } from './runtimes.js'

const POD = { name: 'web-0', namespace: 'shop', uid: '1b4e28ba-2fa1-11d2-883f-0016d3cca427' } as const

/** A message by field number: text, a small number, a message, or several of these for a repeated field. */
type Message = { readonly [field: number]: Value | readonly Value[] | undefined }
type Value = string | number | Message

function varint(n: number): number[] {
  return n < 128 ? [n] : [(n & 127) | 128, ...varint(Math.floor(n / 128))]
}

function encode(message: Message): Buffer {
  const parts = Object.entries(message).flatMap(([field, values]) =>
    (Array.isArray(values) ? values : [values]).map((value: Value) => {
      if (typeof value === 'number') return Buffer.from([...varint(Number(field) << 3), ...varint(value)])
      const bytes = typeof value === 'string' ? Buffer.from(value) : encode(value)
      return Buffer.concat([Buffer.from([...varint((Number(field) << 3) | 2), ...varint(bytes.length)]), bytes])
    }),
  )
  return Buffer.concat(parts)
}

const map = (entries: Readonly<Record<string, string>>): Message[] =>
  Object.entries(entries).map(([key, value]) => ({ 1: key, 2: value }))

/** The text of the first field of a response; every response that is used has its id there. */
function firstText(bytes: Buffer): string {
  return bytes.length < 2 ? '' : bytes.subarray(2, 2 + (bytes[1] as number)).toString()
}

export interface Pod {
  readonly sandbox: string
  readonly container: string
  /** Creates and starts another container of the pod; returns its id. */
  add(name: string, command: readonly string[]): Promise<string>
  /** Stops and removes the pod. */
  remove(): Promise<void>
}

/** Runs pod shop/web-0 with the container `web`, in the host's network, privileged. */
export async function startPod(socket: string, port: number): Promise<Pod> {
  // a client for each call: the daemon may have been restarted by then
  const call = (method: string, request: Message): Promise<string> => {
    const client = new Client(`unix://${socket}`, credentials.createInsecure())
    const answered = new Promise<string>((done, fail) => {
      client.makeUnaryRequest(
        `/runtime.v1.RuntimeService/${method}`,
        (b: Buffer) => b,
        (b: Buffer) => b,
        encode(request),
        (error, answer) => (error ? fail(error) : done(firstText(answer ?? Buffer.alloc(0)))),
      )
    })
    return answered.finally(() => client.close())
  }
  const own = {
    'io.kubernetes.pod.name': POD.name,
    'io.kubernetes.pod.namespace': POD.namespace,
    'io.kubernetes.pod.uid': POD.uid,
  }
  const namespaces: Message = { 1: 2 /* the host's network */, 2: 1 /* pids of its own */ }
  const config: Message = {
    1: { 1: POD.name, 2: POD.uid, 3: POD.namespace },
    3: `${dirname(socket)}/logs`,
    6: map({ app: 'web', tier: 'front', ...own }),
    8: { 1: `/kubepods/besteffort/pod${POD.uid}`, 2: { 1: namespaces, 6: 1 } },
  }
  const sandbox = await call('RunPodSandbox', { 1: config })
  const add = async (name: string, command: readonly string[]): Promise<string> => {
    const container = await call('CreateContainer', {
      1: sandbox,
      2: {
        1: { 1: name },
        2: { 1: WEB_IMAGE },
        3: command,
        7: { 1: '/data', 2: '/tmp', 3: 1 },
        9: map({ ...own, 'io.kubernetes.container.name': name }),
        10: map({ 'io.kubernetes.container.restartCount': '0' }),
        11: `${name}.log`,
        15: { 2: { 2: 1, 3: namespaces } },
      },
      3: config,
    })
    await call('StartContainer', { 1: container })
    return container
  }
  const container = await add('web', ['/bin/httpd', '-f', '-p', `127.0.0.1:${port}`, '-h', '/www'])
  return {
    sandbox,
    container,
    add,
    async remove() {
      await call('StopPodSandbox', { 1: sandbox })
      await call('RemovePodSandbox', { 1: sandbox })
    },
  }
}
