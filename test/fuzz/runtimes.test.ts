// Container runtimes that lie, send garbage or hang: only their own names are lost.
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { afterAll, describe, expect, test } from 'vitest'
import { dockerFiles, inspected } from '../../src/container/docker-info.js'
import { imageParts } from '../../src/container/image.js'
import { Names, type NamesOptions } from '../../src/container/names.js'
import { fromSpec } from '../../src/container/oci.js'
import { probes } from '../../src/container/probes.js'
import type { Places } from '../../src/container/sockets.js'
import { type ContainerInfo, unnamed } from '../../src/model/container.js'
import { scratchDir } from '../helpers/live.js'
import fc from '../helpers/properties.js'

const HONEST = 'a'.repeat(64)
const QUERIED = 'b'.repeat(64)
const OTHER = 'c'.repeat(64)

const dir = scratchDir('liars')
const open = new Set<{ close(): void }>()
afterAll(() => {
  for (const s of open) s.close()
})
let sockets = 0
const socketPath = () => join(dir, `${sockets++}.sock`)

/** A server of any protocol; connections end with it. */
async function listening(server: Server): Promise<string> {
  const path = socketPath()
  const connections = new Set<Socket>()
  server.on('connection', (c) => {
    connections.add(c)
    c.on('error', () => undefined)
    c.on('close', () => connections.delete(c))
  })
  await new Promise<void>((done) => server.listen(path, done))
  open.add({
    close: () => {
      server.close()
      for (const c of connections) c.destroy()
    },
  })
  return path
}

type Answer = (path: string, to: ServerResponse) => void

/** A docker daemon that identifies itself and then responds with this. */
const docker = (answer: Answer): Promise<string> => daemon({ 'api-version': '1.40' }, answer)

/** A daemon whose response to a ping has these headers. */
function daemon(headers: Readonly<Record<string, string>>, answer: Answer): Promise<string> {
  return listening(
    createHttp((request: IncomingMessage, to) => {
      to.on('error', () => undefined)
      if (request.url === '/_ping') to.writeHead(200, headers).end('OK')
      else answer(request.url ?? '', to)
    }),
  )
}

/** Writes as fast as it is read, forever. */
function babble(to: NodeJS.WritableStream, part: string | Buffer): void {
  const more = () => {
    while (to.writable && to.write(part)) if (!to.writable) return
  }
  to.on('drain', more)
  more()
}

const inspection = (id: string, name: string): string =>
  JSON.stringify({ Id: id, Name: `/${name}`, Config: { Image: 'i:1' } })
const NESTED = '['.repeat(1 << 20)
const ofContainer = (path: string): string | undefined => /^\/containers\/(.*)\/json$/.exec(path)?.[1]

const honest: Answer = (path, to) => {
  const id = ofContainer(path)
  if (path.startsWith('/events')) to.write('\n')
  else if (path.startsWith('/containers/json')) to.end(JSON.stringify([{ Id: HONEST }]))
  else if (id === HONEST) to.end(inspection(HONEST, 'honest'))
  else to.writeHead(404).end('{}')
}

/** Docker daemons, each wrong in its own way. */
const DOCKERS: Readonly<Record<string, Answer>> = {
  'never answers': () => undefined,
  'closes the connection': (_, to) => to.destroy(),
  'fails always': (_, to) => to.writeHead(500).end('<html>'),
  'sends no JSON': (_, to) => to.end(Buffer.from([0, 255, 254, 10, 123])),
  'sends half of an answer': (_, to) => {
    to.writeHead(200, { 'content-length': '1000' }).write('{"Id":')
    setTimeout(() => to.destroy(), 50)
  },
  'sends JSON without end': (_, to) => babble(to, `"${'x'.repeat(60_000)}",`),
  'nests without end': (_, to) => to.end(NESTED),
  drips: (_, to) => {
    const timer = setInterval(() => to.write(' '), 100)
    to.on('close', () => clearInterval(timer))
  },
  'answers about another container': (path, to) => {
    if (path.startsWith('/containers/json')) to.end(JSON.stringify([{ Id: OTHER }]))
    else if ((ofContainer(path) ?? HONEST) === HONEST) to.writeHead(404).end()
    else to.end(inspection(HONEST, 'liar'))
  },
  'has wrong types everywhere': (path, to) =>
    to.end(
      path.startsWith('/containers/json')
        ? '[1,null,{"Id":{}},{"Id":"x"},[]]'
        : `{"Id":"${QUERIED}","Name":7,"Config":[],"HostConfig":"x","Mounts":{"a":1},"NetworkSettings":[null]}`,
    ),
  'has one of a gigantic size': (path, to) => to.end(inspection(ofContainer(path) ?? OTHER, 'n'.repeat(4 << 20))),
  'floods with events': (path, to) => {
    if (path.startsWith('/events'))
      babble(to, `${JSON.stringify({ Action: 'start', Actor: { ID: OTHER } })}\n`.repeat(500))
    else to.writeHead(404).end()
  },
  'floods with ids': (path, to) => {
    let n = 0
    if (!path.startsWith('/events')) to.writeHead(404).end()
    else
      to.end(
        Array.from({ length: 9_000 }, () => JSON.stringify({ Action: 'start', id: `${n++}`.padStart(64, '0') })).join(
          '\n',
        ),
      )
  },
}

const places = (more: Partial<Places>): Places => ({
  docker: [],
  users: [],
  given: [],
  containerd: [],
  cri: [],
  folders: { docker: [], storage: [], containerd: [] },
  host: '',
  proc: '/proc',
  ...more,
})

async function asking<T>(
  where: Partial<Places>,
  then: (names: Names, said: string[]) => Promise<T>,
  options: NamesOptions = {},
): Promise<T> {
  const messages: string[] = []
  const names = new Names(places(where), (sentence) => messages.push(sentence), options)
  try {
    await names.start()
    return await then(names, messages)
  } finally {
    names.close()
  }
}

/** The known data next to a lying daemon: the honest name is known, only the daemon's own container was accepted, all within limits. */
async function unharmed(names: Names): Promise<void> {
  expect(await names.want(HONEST)).toBe(true)
  await names.want(QUERIED)
  for (const [id, info] of names.known) {
    expect(info.id).toBe(id)
    for (const key of ['name', 'image', 'ip', 'fullId', 'user'] as const) expect(typeof info[key]).toBe('string')
  }
  expect(names.known.get(HONEST.slice(0, 12))?.name).toBe('honest')
  expect(JSON.stringify([...names.known.values()]).length).toBeLessThan(300_000)
}

describe('docker or podman', () => {
  test.concurrent.each(Object.entries(DOCKERS))('that %s', async (_, answer) => {
    const [good, bad] = await Promise.all([docker(honest), docker(answer)])
    await asking({ docker: [{ socketPath: bad }, { socketPath: good }] }, unharmed)
  })

  test.concurrent.each([
    ['a socket that accepts and never answers', createServer(() => undefined), /no answer in time/],
    ['a socket that sends what is no HTTP', createServer((c) => babble(c, Buffer.alloc(65_536, 7))), /Parse Error/],
    ['a web server', createHttp((_, to) => to.end('<html>')), /another protocol/],
  ] as const)('that is %s is reported', async (_, server, sentence) => {
    const [good, bad] = await Promise.all([docker(honest), listening(server)])
    await asking({ docker: [{ socketPath: bad }, { socketPath: good }] }, async (names, said) => {
      await unharmed(names)
      expect(said).toEqual([expect.stringMatching(sentence)])
    })
  })

  test('whose version never arrives is queried nevertheless, and recognised', async () => {
    const podman = { 'api-version': '1.41', 'libpod-api-version': '5.4.2' }
    const slow = await daemon(podman, (path, to) => {
      if (path !== '/version') honest(path, to)
    })
    await asking({ docker: [{ socketPath: slow }] }, async (names, said) => {
      expect(await names.want(HONEST)).toBe(true)
      expect(names.known.get(HONEST.slice(0, 12))).toMatchObject({ name: 'honest', type: 'podman' })
      expect(said).toEqual([])
    })
  })

  test('behind a proxy that passes no ping is recognised by its version', async () => {
    const proxied = await listening(
      createHttp((request, to) => {
        if (request.url === '/_ping') to.writeHead(403).end()
        else if (request.url === '/version') to.end('{"Version":"28.2","ApiVersion":"1.50"}')
        else honest(request.url ?? '', to)
      }),
    )
    await asking({ docker: [{ socketPath: proxied }] }, async (names) => {
      expect(await names.want(HONEST)).toBe(true)
      expect(names.known.get(HONEST.slice(0, 12))?.type).toBe('docker')
    })
  })

  test('that responds too late at first is given more time', async () => {
    let pings = 0
    const tired = await listening(
      createHttp((request, to) => {
        if (request.url !== '/_ping') return honest(request.url ?? '', to)
        setTimeout(() => to.writeHead(200, { 'api-version': '1.40' }).end('OK'), pings++ === 0 ? 4_000 : 2_000)
      }),
    )
    await asking({ docker: [{ socketPath: tired }] }, async (names, said) => {
      expect(said).toEqual([expect.stringMatching(/no answer in time/)])
      while (!names.has(HONEST)) {
        await names.want(HONEST)
        await new Promise((done) => setTimeout(done, 100))
      }
    })
  })

  test('that responded and then does not for a while is queried again: a container that starts meanwhile has its name', async () => {
    let busy = false
    const later = 'd'.repeat(64)
    const tired = await listening(
      createHttp((request, to) => {
        to.on('error', () => undefined)
        if (busy) return
        if (request.url === '/_ping') to.writeHead(200, { 'api-version': '1.40' }).end('OK')
        else if (ofContainer(request.url ?? '') === later) to.end(inspection(later, 'begun'))
        else honest(request.url ?? '', to)
      }),
    )
    const check = async (names: Names, said: string[]) => {
      expect(await names.want(HONEST)).toBe(true)
      busy = true
      void names.want(QUERIED)
      while (said.length === 0) await new Promise((done) => setTimeout(done, 50))
      expect(said).toEqual([expect.stringMatching(/no answer in time/)])
      const named = names.want(later)
      busy = false
      expect(await named).toBe(true)
      expect(names.known.get(later.slice(0, 12))?.name).toBe('begun')
    }
    // whether it is queried again counts, not how soon
    await asking({ docker: [{ socketPath: tired }] }, check, { patience: 20_000 })
  })

  test('that has ended is not waited for', async () => {
    const server = createHttp((request, to) => {
      if (request.url === '/_ping') to.writeHead(200, { 'api-version': '1.40' }).end('OK')
      else honest(request.url ?? '', to)
    })
    const path = await listening(server)
    const check = async (names: Names) => {
      expect(await names.want(HONEST)).toBe(true)
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
      expect(await names.want(QUERIED)).toBe(false)
    }
    // longer than the test may take
    await asking({ docker: [{ socketPath: path }] }, check, { patience: 600_000 })
  })

  test('of a user is not the first source for a container of others if only a name is needed', async () => {
    const [good, own] = await Promise.all([
      docker((path, to) => {
        if (ofContainer(path) === HONEST) setTimeout(() => honest(path, to), 100)
        else if (path.startsWith('/containers/json')) to.end('[]')
        else honest(path, to)
      }),
      docker((path, to) => {
        if (path.startsWith('/containers/json')) to.end('[]')
        else if (ofContainer(path) === undefined) honest(path, to)
        else to.end(inspection(HONEST, 'liar'))
      }),
    ])
    const where = { docker: [{ socketPath: good }], users: [{ runtime: 'docker', socketPath: own }] } as const
    const check = async (names: Names) => {
      expect(await names.want(HONEST)).toBe(true)
      expect(names.known.get(HONEST.slice(0, 12))?.name).toBe('honest')
    }
    await asking(where, check, { nameSuffices: true })
  })

  test('names a container in its events, in case it is removed before it can be looked up', async () => {
    const Actor = { ID: QUERIED, Attributes: { name: 'brief', image: 'i:1' } }
    const path = await docker((path, to) => {
      if (path.startsWith('/events')) to.write(`${JSON.stringify({ Action: 'create', Actor })}\n`)
      else if (path.startsWith('/containers/json')) to.end('[]')
      else to.writeHead(404).end('{}')
    })
    await asking({ docker: [{ socketPath: path }] }, async (names) => {
      expect(await names.want(QUERIED)).toBe(true)
      expect(names.known.get(QUERIED.slice(0, 12))).toMatchObject({
        name: 'brief',
        image: 'i:1',
        partial: true,
        type: 'docker',
      })
    })
  })

  test('that was away is asked for the events since then: they name a container that came and went', async () => {
    const Actor = { ID: QUERIED, Attributes: { name: 'brief' } }
    const asked: number[] = []
    const server = createHttp((request, to) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://docker')
      if (pathname === '/_ping') return to.writeHead(200, { 'api-version': '1.40' }).end('OK')
      if (pathname !== '/events') return honest(pathname, to)
      asked.push(Number(searchParams.get('since')))
      // the first connection ends before anything happens
      if (asked.length === 1) return to.end('\n')
      return to.write(`${JSON.stringify({ Action: 'create', Actor })}\n`)
    })
    const begin = Math.floor(Date.now() / 1000)
    await asking({ docker: [{ socketPath: await listening(server) }] }, async (names) => {
      while (!names.has(QUERIED)) await new Promise((done) => setTimeout(done, 20))
      expect(names.known.get(QUERIED.slice(0, 12))?.name).toBe('brief')
      const [first = 0, second = 0] = asked
      expect(first).toBeGreaterThanOrEqual(begin)
      expect(second).toBeGreaterThanOrEqual(first)
      expect(second).toBeLessThanOrEqual(Date.now() / 1000)
    })
  })

  test('whose list contains a container is asked about it, and until it answers more is expected', async () => {
    const before: unknown[] = []
    const path = await docker((url, to) => {
      if (url.startsWith('/containers/json'))
        return to.end(JSON.stringify([{ Id: HONEST, Names: ['/honest'], Image: 'i:1' }]))
      if (ofContainer(url) === HONEST) before.push(names.known.get(HONEST.slice(0, 12)))
      return honest(url, to)
    })
    const names = new Names(places({ docker: [{ socketPath: path }] }), () => undefined)
    await names.start()
    expect(await names.want(HONEST)).toBe(true)
    expect(before[0]).toMatchObject({ name: 'honest', image: 'i:1', partial: true })
    expect(names.known.get(HONEST.slice(0, 12))).toMatchObject({ name: 'honest', image: 'i:1', partial: false })
    names.close()
  })

  test('of a user has no influence on containers of others', async () => {
    const [good, own] = await Promise.all([
      docker(honest),
      docker((path, to) => {
        const id = ofContainer(path)
        if (path.startsWith('/events')) to.write('\n')
        else if (path.startsWith('/containers/json')) to.end(JSON.stringify([{ Id: HONEST }, { Id: QUERIED }]))
        else if (id === undefined) to.writeHead(404).end()
        else to.end(inspection(id, 'liar'))
      }),
    ])
    await asking({ docker: [{ socketPath: good }], users: [{ runtime: 'docker', socketPath: own }] }, async (names) => {
      await unharmed(names)
      expect(names.known.get(QUERIED.slice(0, 12))?.name).toBe('liar')
    })
  })
})

/** A gRPC server on which every method responds with these bytes. */
async function rubbish(methods: readonly string[], bytes: () => Buffer): Promise<string> {
  const server = new grpc.Server()
  const path = socketPath()
  const raw = (b: Buffer) => b
  for (const method of methods) {
    const slash = method.indexOf('/')
    const streams = method.endsWith('Subscribe')
    const definition = {
      path: `/${method}`,
      requestStream: false,
      responseStream: streams,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    }
    server.addService(
      { [method.slice(slash + 1)]: definition } as grpc.ServiceDefinition,
      {
        [method.slice(slash + 1)]: streams
          ? (call: grpc.ServerWritableStream<Buffer, Buffer>) => {
              call.on('error', () => undefined)
              babble(call as unknown as NodeJS.WritableStream, bytes())
            }
          : (_: unknown, done: grpc.sendUnaryData<Buffer>) => done(null, bytes()),
      } as grpc.UntypedServiceImplementation,
    )
  }
  await new Promise<void>((done, fail) =>
    server.bindAsync(`unix://${path}`, grpc.ServerCredentials.createInsecure(), (e) => (e ? fail(e) : done())),
  )
  open.add({ close: () => server.forceShutdown() })
  return path
}

const METHODS = [
  'containerd.services.namespaces.v1.Namespaces/List',
  'containerd.services.containers.v1.Containers/List',
  'containerd.services.containers.v1.Containers/Get',
  'containerd.services.events.v1.Events/Subscribe',
  ...['Version', 'ListContainers', 'ContainerStatus', 'ListPodSandbox', 'PodSandboxStatus'].map(
    (m) => `runtime.v1.RuntimeService/${m}`,
  ),
]

/** Field 1 is this text, whatever the message. */
const withId = (id: string) => Buffer.concat([Buffer.from([10, id.length]), Buffer.from(id)])

describe('containerd or another CRI runtime', () => {
  let state = 1
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 8
  }
  const answers: Readonly<Record<string, () => Buffer>> = {
    'sends nothing': () => Buffer.alloc(0),
    'sends random bytes': () => Buffer.from(Array.from({ length: random() % 200 }, () => random() & 255)),
    'sends lengths beyond the end': () => Buffer.from([10, 255, 255, 255, 255, 7, 1]),
    'sends an id in every place': () => withId(OTHER),
    'sends an id within an id': () => withId(withId(OTHER).toString('latin1')),
    'sends too much': () => Buffer.alloc(9 << 20, 10),
  }
  test.concurrent.each(Object.entries(answers))('that %s', async (_, bytes) => {
    const [good, bad] = await Promise.all([docker(honest), rubbish(METHODS, bytes)])
    await asking({ docker: [{ socketPath: good }], containerd: [bad], cri: [bad] }, async (names) => {
      await unharmed(names)
      expect(names.known.has(QUERIED.slice(0, 12))).toBe(false)
    })
  })

  test.concurrent.each([
    ['accepts and never answers', createServer(() => undefined), /^no answer in time$/],
    // at a second attempt the library may be between two connections and have no reason to report
    [
      'speaks something else',
      createServer((c) => babble(c, Buffer.alloc(65_536, 7))),
      /^(Protocol error|connections to it are closed)$/,
    ],
  ] as const)('whose socket %s is reported', async (_, server, why) => {
    const [good, bad] = await Promise.all([docker(honest), listening(server)])
    await asking({ docker: [{ socketPath: good }], containerd: [bad], cri: [bad] }, async (names, said) => {
      await unharmed(names)
      const begin = `${bad} did not return its containers: `
      expect(said.length).toBeGreaterThan(0)
      for (const sentence of said) {
        expect(sentence.startsWith(begin)).toBe(true)
        expect(sentence.slice(begin.length)).toMatch(why)
      }
    })
  })
})

describe('data of runtimes', () => {
  const anything = fc.anything({ maxDepth: 6, withNullPrototype: true })
  /** The right keys with arbitrary values. */
  const shaped = (keys: readonly string[]) =>
    fc.record(Object.fromEntries(keys.map((k) => [k, anything])), { requiredKeys: [] })
  const keys = [
    'Id',
    'ID',
    'Name',
    'Config',
    'HostConfig',
    'Mounts',
    'MountPoints',
    'NetworkSettings',
    'Created',
    'Image',
  ]
  const spec = ['process', 'linux', 'mounts', 'annotations', 'root', 'hostname']

  function sound(info: ContainerInfo | undefined): void {
    if (info === undefined) return
    for (const [key, like] of Object.entries(unnamed('', ''))) {
      if (like === undefined) continue
      const value = info[key as keyof ContainerInfo]
      expect(typeof value).toBe(typeof like)
      expect(Array.isArray(value)).toBe(Array.isArray(like))
    }
  }

  test('may be anything and are checked', () => {
    fc.assert(
      fc.property(shaped(keys), shaped(keys), shaped(spec), fc.string(), (a, b, c, s) => {
        sound(inspected(a, 'docker'))
        sound(inspected({ ...a, Id: QUERIED }, 'docker'))
        sound(dockerFiles({ ...a, ID: QUERIED }, b))
        sound(fromSpec(QUERIED, 'containerd', c))
        probes(s, {})
        const { imageTag, imageRepository } = imageParts(s)
        expect(s).toContain(imageRepository)
        expect(imageTag === 'latest' || s.includes(imageTag)).toBe(true)
      }),
    )
  })
})
