// The messages of containerd's and CRI's gRPC interfaces, reduced to what is used: names, numbers and types.
// Other fields of a message are skipped when it is decoded.

/** A field: its number and type; [] marks a repeated field, {} a map from text to text. */
type Fields = Readonly<Record<string, readonly [id: number, type: string]>>

const MAP = '{}'

function message(fields: Fields): object {
  const converted: Record<string, object> = {}
  for (const [name, [id, type]] of Object.entries(fields))
    converted[name] =
      type === MAP
        ? { keyType: 'string', type: 'string', id }
        : type.endsWith('[]')
          ? { rule: 'repeated', type: type.slice(0, -2), id }
          : { type, id }
  return { fields: converted }
}

/** A service: request and response of each method; * before the response marks a stream. */
function service(methods: Readonly<Record<string, readonly [request: string, response: string]>>): object {
  const converted: Record<string, object> = {}
  for (const [name, [requestType, response]] of Object.entries(methods)) {
    const stream = response.startsWith('*')
    converted[name] = { requestType, responseType: stream ? response.slice(1) : response, responseStream: stream }
  }
  return { methods: converted }
}

const ANY = message({ type_url: [1, 'string'], value: [2, 'bytes'] })

const CONTAINERD = {
  namespaces: {
    Namespaces: service({ List: ['ListNamespacesRequest', 'ListNamespacesResponse'] }),
    ListNamespacesRequest: message({}),
    ListNamespacesResponse: message({ namespaces: [1, 'Namespace[]'] }),
    Namespace: message({ name: [1, 'string'] }),
  },
  containers: {
    Containers: service({
      Get: ['GetContainerRequest', 'GetContainerResponse'],
      List: ['ListContainersRequest', 'ListContainersResponse'],
    }),
    GetContainerRequest: message({ id: [1, 'string'] }),
    GetContainerResponse: message({ container: [1, 'Container'] }),
    ListContainersRequest: message({ filters: [1, 'string[]'] }),
    ListContainersResponse: message({ containers: [1, 'Container[]'] }),
    Container: message({
      id: [1, 'string'],
      labels: [2, MAP],
      image: [3, 'string'],
      spec: [5, 'Any'],
      created_at: [8, 'Timestamp'],
    }),
    Timestamp: message({ seconds: [1, 'int64'], nanos: [2, 'int32'] }),
    Any: ANY,
  },
  images: {
    Images: service({ Get: ['GetImageRequest', 'GetImageResponse'] }),
    GetImageRequest: message({ name: [1, 'string'] }),
    GetImageResponse: message({ image: [1, 'Image'] }),
    Image: message({ name: [1, 'string'], target: [3, 'Descriptor'] }),
    Descriptor: message({ media_type: [1, 'string'], digest: [2, 'string'], size: [3, 'int64'] }),
  },
  content: {
    Content: service({ Read: ['ReadContentRequest', '*ReadContentResponse'] }),
    ReadContentRequest: message({ digest: [1, 'string'], offset: [2, 'int64'], size: [3, 'int64'] }),
    ReadContentResponse: message({ offset: [1, 'int64'], data: [2, 'bytes'] }),
  },
  events: {
    Events: service({ Subscribe: ['SubscribeRequest', '*Envelope'] }),
    SubscribeRequest: message({ filters: [1, 'string[]'] }),
    Envelope: message({ namespace: [2, 'string'], topic: [3, 'string'], event: [4, 'Any'] }),
    Any: ANY,
  },
}

const CRI = {
  RuntimeService: service({
    Version: ['VersionRequest', 'VersionResponse'],
    ListContainers: ['ListContainersRequest', 'ListContainersResponse'],
    ContainerStatus: ['ContainerStatusRequest', 'ContainerStatusResponse'],
    ListPodSandbox: ['ListPodSandboxRequest', 'ListPodSandboxResponse'],
    PodSandboxStatus: ['PodSandboxStatusRequest', 'PodSandboxStatusResponse'],
  }),
  ImageService: service({ ImageStatus: ['ImageStatusRequest', 'ImageStatusResponse'] }),
  ImageStatusRequest: message({ image: [1, 'ImageSpec'] }),
  ImageStatusResponse: message({ image: [1, 'Image'] }),
  Image: message({ id: [1, 'string'], repo_digests: [3, 'string[]'] }),
  VersionRequest: message({ version: [1, 'string'] }),
  VersionResponse: message({ version: [1, 'string'], runtime_name: [2, 'string'] }),
  ContainerFilter: message({ id: [1, 'string'] }),
  ListContainersRequest: message({ filter: [1, 'ContainerFilter'] }),
  ListContainersResponse: message({ containers: [1, 'Container[]'] }),
  Container: message({ id: [1, 'string'], pod_sandbox_id: [2, 'string'] }),
  ListPodSandboxRequest: message({ filter: [1, 'ContainerFilter'] }),
  ListPodSandboxResponse: message({ items: [1, 'PodSandbox[]'] }),
  PodSandbox: message({ id: [1, 'string'] }),
  ContainerStatusRequest: message({ container_id: [1, 'string'], verbose: [2, 'bool'] }),
  ContainerStatusResponse: message({ status: [1, 'ContainerStatus'], info: [2, MAP] }),
  ContainerStatus: message({
    id: [1, 'string'],
    metadata: [2, 'Metadata'],
    created_at: [4, 'int64'],
    started_at: [5, 'int64'],
    image: [8, 'ImageSpec'],
    image_ref: [9, 'string'],
    labels: [12, MAP],
    annotations: [13, MAP],
    mounts: [14, 'Mount[]'],
    image_id: [17, 'string'],
  }),
  Metadata: message({ name: [1, 'string'] }),
  ImageSpec: message({ image: [1, 'string'], user_specified_image: [18, 'string'] }),
  Mount: message({
    container_path: [1, 'string'],
    host_path: [2, 'string'],
    readonly: [3, 'bool'],
    propagation: [5, 'int32'],
  }),
  PodSandboxStatusRequest: message({ pod_sandbox_id: [1, 'string'], verbose: [2, 'bool'] }),
  PodSandboxStatusResponse: message({ status: [1, 'PodSandboxStatus'], info: [2, MAP] }),
  PodSandboxStatus: message({
    id: [1, 'string'],
    metadata: [2, 'PodMetadata'],
    created_at: [4, 'int64'],
    network: [5, 'Network'],
    linux: [6, 'Linux'],
    labels: [7, MAP],
    annotations: [8, MAP],
  }),
  PodMetadata: message({ name: [1, 'string'], uid: [2, 'string'], namespace: [3, 'string'] }),
  Network: message({ ip: [1, 'string'] }),
  Linux: message({ namespaces: [1, 'Namespace'] }),
  Namespace: message({ options: [2, 'NamespaceOption'] }),
  NamespaceOption: message({ network: [1, 'int32'], pid: [2, 'int32'], ipc: [3, 'int32'] }),
}

/** Puts messages into a package with that dotted name. */
function inPackage(name: string, nested: object): object {
  return name.split('.').reduceRight<object>((inner, part) => ({ nested: { [part]: inner } }), { nested })
}

/** Descriptors by the name of the package, for proto-loader's fromJSON. */
export const PACKAGES = {
  'containerd.services.namespaces.v1': inPackage('containerd.services.namespaces.v1', CONTAINERD.namespaces),
  'containerd.services.containers.v1': inPackage('containerd.services.containers.v1', CONTAINERD.containers),
  'containerd.services.images.v1': inPackage('containerd.services.images.v1', CONTAINERD.images),
  'containerd.services.content.v1': inPackage('containerd.services.content.v1', CONTAINERD.content),
  'containerd.services.events.v1': inPackage('containerd.services.events.v1', CONTAINERD.events),
  'runtime.v1': inPackage('runtime.v1', CRI),
} as const

export type PackageName = keyof typeof PACKAGES
