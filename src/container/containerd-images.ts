// Data about an image from containerd, by the image's name: its digest in registries, and its id, which is the digest of its
// configuration and is contained in its manifest.
import type { Grpc } from './grpc.js'
import { imageId } from './image.js'
import { json, list, object, type Raw, text } from './raw.js'

/** Limits: bytes of a manifest, and messages of the stream that delivers it. */
const LARGEST = 1 << 20
const MOST_PARTS = 64
/** Number of images whose id is cached. */
const MOST_KNOWN = 1_024
const DIGEST = /^sha256:[0-9a-f]{64}$/
/** Limit of nesting: an index of manifests may refer to another one. */
const DEEPEST = 3
/** Names of processor architectures in images. */
const ARCH: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

interface ImageFacts {
  readonly imageId: string
  readonly imageDigest: string
}

export class ContainerdImages {
  /** ids by the digest of the image, to which each digest maps permanently */
  private readonly ids = new Map<string, string>()

  /** Rejects if containerd does not know the image, or does not respond within `ms` to each request. */
  async facts(grpc: Grpc, namespace: string, name: string, ms: number): Promise<ImageFacts> {
    const answer = await grpc.call('containerd.services.images.v1', 'Images', 'Get', { name }, ms, namespace)
    const digest = text(object(object(answer.image).target).digest)
    if (!DIGEST.test(digest)) throw new Error('the image has no digest')
    let id = this.ids.get(digest)
    if (id === undefined) {
      id = await idOf(grpc, namespace, digest, ms).catch(() => '')
      if (this.ids.size >= MOST_KNOWN) this.ids.clear()
      // a manifest that could not be read may be readable later
      if (id !== '') this.ids.set(digest, id)
    }
    return { imageId: id, imageDigest: digest }
  }
}

async function idOf(grpc: Grpc, namespace: string, digest: string, ms: number): Promise<string> {
  let at = digest
  for (let deep = 0; deep < DEEPEST && DIGEST.test(at); deep++) {
    const manifest = object(await readJson(grpc, namespace, at, ms))
    const config = text(object(manifest.config).digest)
    if (DIGEST.test(config)) return imageId(config)
    at = forThisMachine(list(manifest.manifests).map(object))
  }
  return ''
}

/** The digest of the manifest for this machine's processor, from an index. */
function forThisMachine(manifests: readonly Raw[]): string {
  const arch = ARCH[process.arch]
  const fits = manifests.find((m) => text(object(m.platform).architecture) === arch) ?? manifests[0]
  return text(fits?.digest)
}

async function readJson(grpc: Grpc, namespace: string, digest: string, ms: number): Promise<unknown> {
  const request = { digest, offset: 0, size: LARGEST }
  const parts = await grpc.collect(
    'containerd.services.content.v1',
    'Content',
    'Read',
    request,
    ms,
    namespace,
    MOST_PARTS,
  )
  const bytes = parts.map(({ data }) => (data instanceof Uint8Array ? data : new Uint8Array()))
  if (bytes.reduce((sum, b) => sum + b.length, 0) > LARGEST) return undefined
  return json(Buffer.concat(bytes).toString())
}
