// Reads an OCI runtime specification (config.json): mounts, environment, namespaces, and what CRI runtimes
// store about the pod in its annotations.
import { type ContainerInfo, type Mount, unnamed } from '../model/container.js'
import { imageId, imageParts } from './image.js'
import { list, object, type Raw, text, texts } from './raw.js'

/** The container of that id as described by its specification. */
export function fromSpec(id: string, type: string, value: unknown): ContainerInfo {
  const spec = object(value)
  const linux = object(spec.linux)
  const notes = texts(spec.annotations)
  const own = list(linux.namespaces).map(object)
  // a namespace that is joined by path may be the host's
  const shares = (kind: string): boolean | undefined => {
    const found = own.find((n) => text(n.type) === kind)
    return found === undefined ? own.length > 0 : text(found.path) === '' ? false : undefined
  }
  const cgroup = text(linux.cgroupsPath)
  const process = object(spec.process)
  const noted = fromNotes(notes)
  return {
    ...unnamed(id, type),
    ...noted,
    // the image, which only CRI runtimes note here, follows from another source
    partial: (noted.image ?? '') === '',
    privileged: privileged(process, linux),
    hostPid: shares('pid'),
    hostNetwork: shares('network'),
    hostIpc: shares('ipc'),
    mounts: list(spec.mounts).map(object).filter(isBind).map(mount),
    env: list(process.env).map(text),
    cgroup: /^[0-9a-f]{64}$/.test(id) || !cgroup.startsWith('/') ? '' : cgroup,
  }
}

/** Privileged containers have all capabilities and no masked paths in /proc. */
function privileged(process: Raw, linux: Raw): boolean {
  const caps = list(object(process.capabilities).bounding).map(text)
  return caps.includes('CAP_SYS_ADMIN') && caps.includes('CAP_SYS_MODULE') && list(linux.maskedPaths).length === 0
}

const isBind = (m: Raw): boolean =>
  text(m.type) === 'bind' ||
  list(m.options)
    .map(text)
    .some((o) => /^r?bind$/.test(o))

function mount(m: Raw): Mount {
  const options = list(m.options).map(text)
  const propagation = options.find((o) => /^r?(private|shared|slave)$/.test(o)) ?? ''
  return {
    source: text(m.source),
    dest: text(m.destination),
    mode: '',
    writable: !options.includes('ro'),
    propagation,
  }
}

/** containerd's CRI plugin and CRI-O use different keys for the same data. */
function fromNotes(notes: Readonly<Record<string, string>>): Partial<ContainerInfo> {
  const kube = (key: string) => notes[`io.kubernetes.cri.${key}`] ?? ''
  const crio = (key: string) => notes[`io.kubernetes.cri-o.${key}`] ?? ''
  const pod = {
    'io.kubernetes.pod.name': kube('sandbox-name') || (notes['io.kubernetes.pod.name'] ?? ''),
    'io.kubernetes.pod.namespace': kube('sandbox-namespace') || (notes['io.kubernetes.pod.namespace'] ?? ''),
    'io.kubernetes.pod.uid': kube('sandbox-uid') || (notes['io.kubernetes.pod.uid'] ?? ''),
  }
  if (pod['io.kubernetes.pod.name'] === '') return {}
  const sandbox = kube('container-type') === 'sandbox' || crio('ContainerType') === 'sandbox'
  const name = kube('container-name') || (notes['io.kubernetes.container.name'] ?? '')
  return {
    name: sandbox ? pod['io.kubernetes.pod.name'] : name,
    ...imageParts(kube('image-name') || crio('ImageName')),
    imageId: imageId(crio('ImageRef')),
    sandbox,
    sandboxId: kube('sandbox-id') || crio('SandboxID'),
    labels: pod,
  }
}
