// Changes a folder in the layout of OCI images.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Descriptor {
  digest: string
  size: number
}

interface Annotated {
  annotations?: Record<string, string>
}

/** Removes annotations without a value from the manifests: podman writes those of a base image, which an image from nothing has not. */
export function withoutEmptyAnnotations(dir: string): void {
  const indexFile = join(dir, 'index.json')
  const index = JSON.parse(readFileSync(indexFile, 'utf8')) as { manifests: Descriptor[] }
  const blob = (digest: string) => join(dir, 'blobs', digest.replace(':', '/'))
  for (const descriptor of index.manifests) {
    const manifest = JSON.parse(readFileSync(blob(descriptor.digest), 'utf8')) as Annotated
    const present = Object.entries(manifest.annotations ?? {}).filter(([, value]) => value !== '')
    delete manifest.annotations
    if (present.length > 0) manifest.annotations = Object.fromEntries(present)
    const text = JSON.stringify(manifest)
    rmSync(blob(descriptor.digest))
    descriptor.digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
    descriptor.size = Buffer.byteLength(text)
    writeFileSync(blob(descriptor.digest), text)
  }
  writeFileSync(indexFile, JSON.stringify(index))
}
