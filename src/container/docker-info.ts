// Converts docker's and podman's descriptions of a container (their "inspect", and docker's files on disk) to a ContainerInfo.
import { type ContainerInfo, type Mount, type Probe, unnamed } from '../model/container.js'
import { imageId, imageParts } from './image.js'
import { probes } from './probes.js'
import { flag, list, object, type Raw, seconds, text, texts } from './raw.js'

/** Converts the response to /containers/ID/json; undefined if it is not one. `kind`: the runtime that responded. */
export function inspected(answer: unknown, kind: string): ContainerInfo | undefined {
  const c = object(answer)
  return described(c, object(c.HostConfig), list(c.Mounts).map(mount), kind)
}

/** Converts one entry of the response to /containers/json, which contains less; undefined if it is not one. */
export function listed(entry: unknown, kind: string): ContainerInfo | undefined {
  const c = object(entry)
  const id = text(c.Id)
  const names = list(c.Names).map((name) => text(name).replace(/^\//, ''))
  if (id === '') return undefined
  return {
    ...unnamed(id, kind),
    // names with a slash are links, which contain the names of both containers
    name: names.find((name) => !name.includes('/')) ?? '',
    ...imageParts(text(c.Image)),
    imageId: imageId(text(c.ImageID)),
    labels: texts(c.Labels),
  }
}

/** Name and image in the attributes of an event about a container; undefined if they lack the name. */
export function announced(id: string, attributes: unknown, kind: string): ContainerInfo | undefined {
  const { name, image } = object(attributes)
  return text(name) === '' ? undefined : { ...unnamed(id, kind), name: text(name), ...imageParts(text(image)) }
}

/** Converts docker's own files: config.v2.json and hostconfig.json of a container. */
export function dockerFiles(config: unknown, host: unknown): ContainerInfo | undefined {
  const c = object(config)
  const mounts = Object.values(object(c.MountPoints)).map(mount)
  return described({ ...c, Id: c.ID }, object(host), mounts, 'docker')
}

function described(c: Raw, host: Raw, mounts: readonly Mount[], kind: string): ContainerInfo | undefined {
  const id = text(c.Id)
  const config = object(c.Config)
  if (id === '') return undefined
  const labels = texts(config.Labels)
  const mode = text(host.NetworkMode)
  return {
    ...unnamed(id, kind),
    name: text(c.Name).replace(/^\//, ''),
    partial: false,
    ...imageParts(text(config.Image) || text(c.ImageName)),
    imageId: imageId(text(c.Image)),
    user: text(config.User),
    ip: address(object(c.NetworkSettings)),
    created: seconds(c.Created),
    privileged: flag(host.Privileged),
    hostPid: text(host.PidMode) === 'host',
    hostNetwork: mode === 'host',
    hostIpc: text(host.IpcMode) === 'host',
    sandbox: labels['io.kubernetes.docker.type'] === 'podsandbox',
    sandboxId: labels['io.kubernetes.sandbox.id'] ?? '',
    labels,
    mounts,
    env: list(config.Env).map(text),
    ...probes(labels['annotation.kubectl.kubernetes.io/last-applied-configuration'], labels),
    healthcheck: healthcheck(object(config.Healthcheck)),
  }
}

function mount(value: unknown): Mount {
  const m = object(value)
  return {
    source: text(m.Source),
    dest: text(m.Destination),
    mode: text(m.Mode) || text(m.Relabel),
    writable: m.RW === true,
    propagation: text(m.Propagation),
  }
}

function address(settings: Raw): string {
  const own = text(settings.IPAddress)
  if (own !== '') return own
  for (const network of Object.values(object(settings.Networks))) {
    const ip = text(object(network).IPAddress)
    if (ip !== '') return ip
  }
  return ''
}

function healthcheck(check: Raw): Probe | undefined {
  const [how, ...rest] = list(check.Test).map(text)
  if (how === 'CMD-SHELL') return { exe: '/bin/sh', args: ['-c', rest.join(' ')] }
  return how === 'CMD' && rest[0] !== undefined ? { exe: rest[0], args: rest.slice(1) } : undefined
}
