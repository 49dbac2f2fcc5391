// Parses names of images.

interface ImageParts {
  readonly image: string
  readonly imageRepository: string
  readonly imageTag: string
  readonly imageDigest: string
}

const NOTHING: ImageParts = { image: '', imageRepository: '', imageTag: '', imageDigest: '' }

/**
 * Splits "registry:port/name:tag@digest". Without a tag and digest the tag is latest, as in runtimes. An id alone
 * ("sha256:...") is not a name.
 */
export function imageParts(image: string): ImageParts {
  if (image === '' || /^(sha256:)?[0-9a-f]{64}$/.test(image)) return NOTHING
  const at = image.indexOf('@')
  const name = at < 0 ? image : image.slice(0, at)
  const digest = at < 0 ? '' : image.slice(at + 1)
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1)
  return {
    image,
    imageRepository: colon < 0 ? name : name.slice(0, colon),
    imageTag: colon < 0 ? (at < 0 ? 'latest' : '') : name.slice(colon + 1),
    imageDigest: digest,
  }
}

/** The digest from "repository@digest" entries: that of the repository, else the first. */
export function digestOf(entries: readonly string[], repository: string): string {
  const entry = entries.find((e) => e.startsWith(`${repository}@`)) ?? entries.find((e) => e.includes('@'))
  return entry === undefined ? '' : entry.slice(entry.indexOf('@') + 1)
}

/** The digest of an image without a digest from a registry: that of its configuration, which is its id. */
export const configDigest = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : '')

/** The id without the prefix that names its hash. */
export const imageId = (id: string): string => id.replace(/^sha256:/, '')
